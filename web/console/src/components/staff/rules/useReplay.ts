import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api, ask } from '@/api/client'
import type { Replay } from '@/rules/types'
import type { Problem } from '@shared/problem'

/**
 * Tries rules on the open orders: those of the folder, or of an edition. It
 * takes as long as it takes; the seconds show that it is at work, and it can
 * be broken off.
 */
export function useReplay() {
  const result = shallowRef<Replay>()
  const problem = shallowRef<Problem>()
  const seconds = ref(0)
  let running: AbortController | undefined
  const busy = shallowRef(false)

  async function run(version = ''): Promise<void> {
    stop()
    const own = (running = new AbortController())
    result.value = undefined
    problem.value = undefined
    seconds.value = 0
    busy.value = true
    const clock = setInterval(() => seconds.value++, 1000)
    try {
      const answer = await ask(api.POST('/api/v1/rules/replay', { body: version ? { version } : {}, signal: own.signal }))
      if (own.signal.aborted) return
      if (answer.ok) result.value = answer.data
      else problem.value = answer.problem
    } catch (cause) {
      if (!own.signal.aborted) throw cause
    } finally {
      clearInterval(clock)
      if (running === own) busy.value = false
    }
  }

  function stop(): void {
    running?.abort()
    busy.value = false
  }
  onScopeDispose(stop)

  return { result, problem, seconds, busy, run, stop, tried: computed(() => result.value?.to) }
}
