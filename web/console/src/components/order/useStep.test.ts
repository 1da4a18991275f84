import { mount, RouterLinkStub } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, h, shallowRef } from 'vue'
import type { Finding, OrderView, Unsaved } from '@/api/types'
import FormStep from '@/components/form/FormStep.vue'
import { setLocale } from '@/i18n'
import { stepView } from '@shared/form'
import type { Step } from '@shared/form'
import { useStep } from './useStep'

vi.mock('vue-router', () => ({ useRoute: () => ({ hash: '' }) }))

const step: Step = {
  id: 'websites',
  title: '网站信息',
  sections: [{ id: 'website', title: '网站', fields: [{ path: '/websites/*/name', kind: 'text', label: '网站名称', required: true }, { path: '/websites/*/remark', kind: 'textarea', label: '网站备注' }] }],
}
interface Draft {
  websites: [{ name: string; remark: string }]
}

/** What the rules of the second website of an order say: its name must not be of a place. */
function rules({ name }: { name: string }): Finding[] {
  if (!name.includes('长沙')) return []
  return [{ pointer: '/websites/1/name', severity: 'error', source: 'rule', rule: 'own.place', message: '名称里有地名', mended: false, label: '网站名称' }]
}
const detected = { type: 'add_website', code: 'c', reason: 'r', offered: true, dead_end: false, stops: false, exits: [] } as const
const orderOf = (site: { name: string; remark: string }): OrderView =>
  ({ id: 'o1', version: 1, websites: [{ id: 'w0' }, { id: 'w1', ...site }], findings: rules(site), detected: { ...detected, exits: [] } }) as unknown as OrderView

const checks: Unsaved[] = []
let down = false

beforeEach(async () => {
  await setLocale('zh-CN', false)
  vi.useFakeTimers()
  checks.length = 0
  down = false
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = (await request.json()) as Unsaved
    checks.push(body)
    if (down) throw new TypeError('no network')
    const [site] = body.websites ?? []
    return Response.json({ version: 1, rules_version: 'v', detected, needs: [], tasks: [], findings: rules({ name: site?.name ?? '' }) })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function open(start = { name: '', remark: '' }) {
  const order = shallowRef(orderOf(start))
  const site = (now: OrderView) => {
    const { name = '', remark = '' } = now.websites[1] ?? {}
    return { name, remark }
  }
  const asked = ({ name, remark }: Draft['websites'][0]) =>
    ({ websites: [{ id: 'w1', name, remark, service_content: 1, languages: [], pre_approvals: [], same_as_subject: true, principal: {} }] }) satisfies Unsaved
  let made: ReturnType<typeof useStep<Draft>> | undefined
  const Page = defineComponent({
    setup() {
      const part = (made = useStep<Draft>(order, {
        start: { version: '1', values: { websites: [{ ...start }] } },
        transport: {
          save: async (_, values) => {
            order.value = orderOf(values.websites[0])
            return { kind: 'saved', version: '2', values }
          },
          load: () => Promise.reject(new Error('not called')),
        },
        fields: (values) => stepView(step, values, 0).flatMap(({ fields }) => fields),
        below: () => ['/websites/1'],
        local: (pointer) => pointer.replace('/websites/1', '/websites/0'),
        asked: (values) => asked(values.websites[0]),
        saved: (now) => asked(site(now)),
      }))
      return () => h(FormStep, { step, draft: part.values, website: 0, faults: part.faults.value, notes: part.notes.value, onChanged: part.changed, onTouched: part.touched })
    },
  })
  const page = mount(Page, { attachTo: document.body, global: { stubs: { RouterLink: RouterLinkStub } } })
  if (!made) throw new Error('not set up')
  return { page, part: made, name: () => page.get('input') }
}

test('what is typed is judged after a pause, calmly until its field is left', async () => {
  const { page, name } = open()
  await name().setValue('长沙小站')
  expect(checks).toEqual([])
  await vi.advanceTimersByTimeAsync(600)
  expect(checks.map(({ websites }) => websites?.[0]?.name)).toEqual(['长沙小站'])
  expect(page.text()).toContain('须知 名称里有地名')
  expect(name().attributes('aria-invalid')).toBeUndefined()
  expect(name().attributes('aria-describedby')).toBe('field-websites-0-name-note-0')
  await name().trigger('blur')
  await vi.advanceTimersByTimeAsync(0)
  expect(page.text()).toContain('须修改 名称里有地名')
  expect(name().attributes('aria-invalid')).toBe('true')
  page.unmount()
})

test('what a save has told is not asked again', async () => {
  const { page, part, name } = open()
  await name().setValue('小站')
  expect(await part.flush()).toBe(true)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(checks).toEqual([])
  await name().setValue('长沙小站')
  await vi.advanceTimersByTimeAsync(600)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(checks, 'one question, then the save').toHaveLength(1)
  expect(page.text()).toContain('名称里有地名')
  page.unmount()
})

test('without an answer, what was said of a changed field is forgotten', async () => {
  const { page, name } = open({ name: '长沙小站', remark: '' })
  expect(page.text()).toContain('须修改 名称里有地名')
  down = true
  await name().setValue('长沙小')
  expect(page.text(), 'until it is known better').toContain('名称里有地名')
  await vi.advanceTimersByTimeAsync(600)
  expect(page.text()).not.toContain('名称里有地名')
  page.unmount()
})

test('going on is stopped by what the rules object to, told in the summary in the order of the page', async () => {
  const { page, part } = open({ name: '长沙小站', remark: '' })
  expect(part.entries.value, 'nothing in the summary before').toEqual([])
  const before = part.attempt.value
  expect(await part.finish()).toBe(false)
  expect(part.attempt.value).toBe(before + 1)
  expect(part.entries.value).toEqual([{ id: 'field-websites-0-name', message: '名称里有地名' }])
  part.values.websites[0].name = '小站'
  part.changed('/websites/0/name')
  expect(await part.finish()).toBe(true)
  page.unmount()
})
