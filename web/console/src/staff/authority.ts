/** What an operator does about a channel to the authority and its files. */

import { computed, ref, shallowRef } from 'vue'
import { api, ask } from '@/api/client'
import { t } from '@/i18n'
import type { Problem } from '@shared/problem'

export type ActName = 'pause' | 'resume' | 'retry' | 'poll' | 'resync' | 'give_up' | 'retry_file' | 'discard_file'

/** An act that is to be confirmed: on a channel, or on a file of it. */
export interface Act {
  name: ActName
  channel: string
  /** Names what it is about, for people. */
  what: string
  file?: string
}

/** Acts that give something up or stop something. */
const dangerous: readonly ActName[] = ['pause', 'resync', 'give_up', 'discard_file']

function send({ name, channel, file = '' }: Act, reason: string) {
  const ofChannel = { params: { path: { channel } }, body: { reason } }
  const ofFile = { params: { path: { channel, file } }, body: { reason } }
  switch (name) {
    case 'pause':
      return api.POST('/api/v1/authority/channels/{channel}/pause', ofChannel)
    case 'resume':
      return api.POST('/api/v1/authority/channels/{channel}/resume', ofChannel)
    case 'retry':
      return api.POST('/api/v1/authority/channels/{channel}/retry', ofChannel)
    case 'poll':
      return api.POST('/api/v1/authority/channels/{channel}/poll', ofChannel)
    case 'resync':
      return api.POST('/api/v1/authority/channels/{channel}/resync', ofChannel)
    case 'give_up':
      return api.POST('/api/v1/authority/channels/{channel}/uploads/{file}/give-up', ofFile)
    case 'retry_file':
      return api.POST('/api/v1/authority/channels/{channel}/downloads/{file}/retry', ofFile)
    case 'discard_file':
      return api.POST('/api/v1/authority/channels/{channel}/downloads/{file}/discard', ofFile)
  }
}

/** One dialog for all acts of a page: `begin` asks, `confirm` does it for a reason, `done` loads the page again. */
export function useActs(done: () => unknown) {
  const asked = shallowRef<Act>()
  const open = ref(false)
  const busy = ref(false)
  const said = ref('')
  const problem = shallowRef<Problem>()

  function begin(act: Act) {
    asked.value = act
    problem.value = undefined
    open.value = true
  }
  async function confirm(reason: string) {
    const act = asked.value
    if (!act) return
    busy.value = true
    const answer = await ask<unknown>(send(act, reason))
    busy.value = false
    problem.value = answer.ok ? undefined : answer.problem
    if (!answer.ok) return
    said.value = t(`authority.do.${act.name}_done`, { channel: act.what, file: act.what })
    open.value = false
    await done()
  }
  const words = computed(() => {
    const { name, what } = asked.value ?? { name: 'pause', what: '' }
    return {
      title: t(`authority.do.${name}_title`, { channel: what, file: what }),
      lead: t(`authority.do.${name}_lead`),
      confirm: t(`authority.do.${name}`),
      danger: dangerous.includes(name),
    }
  })
  return { begin, confirm, open, busy, said, problem, words }
}

/** Bytes in the unit that reads best. */
export function bytes(count: number): string {
  if (count < 1024) return t('authority.bytes', { count })
  return count < 1_048_576 ? `${(count / 1024).toFixed(count < 10_240 ? 1 : 0)} KiB` : `${(count / 1_048_576).toFixed(1)} MiB`
}

/** Milliseconds as people read them. */
export const took = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)

/** Lets the browser keep what a ticket is for as a file, without holding it. */
export function keepAsFile(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}
