import { flushPromises, mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { defineComponent, h } from 'vue'
import { setLocale } from '@/i18n'
import { stepView } from '@shared/form'
import type { Change, SaveReply, Step } from '@shared/form'
import FormStep from './FormStep.vue'
import { useDraft } from './useDraft'

const step: Step = {
  id: 'subject',
  title: '主体信息',
  sections: [
    {
      id: 'organiser',
      title: '主办单位',
      fields: [
        { path: '/subject/name', kind: 'text', label: '单位名称', required: true, max_length: 4 },
        { path: '/subject/phone', kind: 'mobile', label: '手机号码', hint: '能接通的号码' },
      ],
    },
  ],
}

interface Draft {
  subject: { name: string; phone: string }
}

async function open(reply: (values: Draft) => SaveReply<Draft>) {
  await setLocale('zh-CN', false)
  const sent: Change[][] = []
  let draft: ReturnType<typeof useDraft<Draft>> | undefined
  const Page = defineComponent({
    setup() {
      const own = useDraft<Draft>(
        { version: '1', values: { subject: { name: '', phone: '' } } },
        {
          save: async (changes, values) => (sent.push(changes), reply(values)),
          load: () => Promise.reject(new Error('not called')),
        },
        (values) => stepView(step, values).flatMap(({ fields }) => fields),
      )
      draft = own
      return () => h(FormStep, { step, draft: own.values, faults: own.faults.value, onChanged: own.changed, onTouched: own.touched })
    },
  })
  const page = mount(Page, { attachTo: document.body })
  if (!draft) throw new Error('not set up')
  return { page, draft, sent }
}

const saved = (values: Draft): SaveReply<Draft> => ({ kind: 'saved', version: '2', values })

test('a field is named, described and normalised when it is left', async () => {
  const { page, draft, sent } = await open(saved)
  const phone = page.get('#field-subject-phone')
  expect(page.get('label[for=field-subject-phone]').text()).toContain('手机号码')
  expect(phone.attributes('aria-describedby')).toBe('field-subject-phone-hint')
  await phone.setValue('１３８ 0013 8000')
  await phone.trigger('blur')
  expect(draft.values.subject.phone).toBe('13800138000')
  draft.values.subject.name = '某公司'
  expect(await draft.finish()).toBe(true)
  expect(sent.flat()).toContainEqual({ pointer: '/subject/phone', value: '13800138000' })
  page.unmount()
})

test('an empty field is a fault when one wants to go on, not before', async () => {
  const { page, draft } = await open(saved)
  await page.get('#field-subject-name').trigger('blur')
  expect(draft.list.value).toEqual([])
  expect(await draft.finish()).toBe(false)
  expect(draft.list.value).toEqual([{ pointer: '/subject/name', message: '请填写单位名称' }])
  await flushPromises()
  expect(page.get('#field-subject-name').attributes('aria-invalid')).toBe('true')
  page.unmount()
})

test('what the server refuses stands at its field until it is changed', async () => {
  const { page, draft } = await open(() => ({
    kind: 'refused',
    problem: {
      type: '', title: '', status: 422, detail: '', code: '', retryAfter: 0, exits: [], order: '',
      errors: [{ pointer: '/subject/name', code: 'x', message: '单位名称与证件不一致，请照证件填写' }],
    },
  }))
  await page.get('#field-subject-name').setValue('某公司')
  expect(await draft.finish()).toBe(false)
  await flushPromises()
  expect(page.text()).toContain('单位名称与证件不一致')
  await page.get('#field-subject-name').setValue('某某公司')
  expect(page.text()).not.toContain('单位名称与证件不一致')
  page.unmount()
})
