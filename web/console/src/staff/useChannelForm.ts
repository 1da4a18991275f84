import { computed, reactive, ref, shallowRef } from 'vue'
import { api, ask } from '@/api/client'
import type { ChannelSettingsView, ChannelTest } from '@/api/staff-types'
import { problemText, t } from '@/i18n'
import { ifMatch } from '@/order/order'
import { channelValues, fieldNames, pointerOf, typedChannel } from '@/staff/channel'
import type { FieldName } from '@/staff/channel'
import { placeFaults } from '@shared/form'
import type { Problem } from '@shared/problem'

/** The id in the address of a channel that is not there yet. */
export const newChannel = 'new'

/** A channel's settings as they are typed: saved under the version that was read, tested before they are saved, and removed. */
export function useChannelForm(view: ChannelSettingsView) {
  const isNew = view.id === ''
  const form = reactive(typedChannel(view.id, view.settings))
  const saved = shallowRef(view)
  const problem = shallowRef<Problem>()
  const trial = shallowRef<ChannelTest>()
  const busy = ref<'' | 'save' | 'test' | 'remove'>('')
  const said = ref('')
  const attempt = ref(0)

  const stale = computed(() => problem.value?.status === 412)
  const placed = computed(() => {
    // The values that are tested lie one level deeper than those that are saved.
    const errors = (problem.value?.errors ?? []).map((one) => ({ ...one, pointer: one.pointer.replace(/^\/values(?=\/)/, '') }))
    return placeFaults(errors, fieldNames.map(pointerOf))
  })
  const fault = (name: FieldName): string | undefined => placed.value.byField.get(pointerOf(name))
  const entries = computed(() => {
    const list = placed.value.list.map(({ pointer, message }) => ({ id: pointer.split('/').at(-1) ?? '', message }))
    if (problem.value && list.length === 0 && !stale.value) list.push({ id: '', message: problemText(problem.value) })
    return list
  })

  function refuse(refusal: Problem) {
    problem.value = refusal
    attempt.value++
  }
  function begin(what: 'save' | 'test' | 'remove') {
    busy.value = what
    problem.value = undefined
    said.value = ''
  }

  /** Saves; gives the channel's id when it is done. */
  async function save(): Promise<string | undefined> {
    if (busy.value) return undefined
    begin('save')
    const body = channelValues(form)
    const answer = await ask(
      isNew
        ? api.POST('/api/v1/authority/channels', { body: { id: form.text.id.trim(), ...body } })
        : api.PUT('/api/v1/authority/channels/{channel}/settings', { params: { path: { channel: view.id }, header: ifMatch(saved.value) }, body }),
    )
    busy.value = ''
    if (!answer.ok) return void refuse(answer.problem)
    saved.value = answer.data
    Object.assign(form, typedChannel(answer.data.id, answer.data.settings))
    said.value = t('channel.saved', { name: answer.data.settings.name })
    return answer.data.id
  }

  /** Tests what is typed; of the file's channel, what is in the file. */
  async function test(): Promise<void> {
    if (busy.value) return
    begin('test')
    trial.value = undefined
    const answer = await ask(
      api.POST('/api/v1/authority/channels/{channel}/test', {
        params: { path: { channel: view.id || newChannel } },
        body: view.from_file ? {} : { values: channelValues(form) },
      }),
    )
    busy.value = ''
    if (answer.ok) trial.value = answer.data
    else refuse(answer.problem)
  }

  /** Removes a channel that was never used; tells whether it is gone. */
  async function remove(): Promise<boolean> {
    begin('remove')
    const answer = await ask(api.DELETE('/api/v1/authority/channels/{channel}', { params: { path: { channel: view.id }, header: ifMatch(saved.value) } }))
    busy.value = ''
    if (!answer.ok) refuse(answer.problem)
    return answer.ok
  }

  return { form, saved, trial, busy, said, attempt, stale, entries, fault, save, test, remove }
}
