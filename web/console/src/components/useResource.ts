import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Ref, ShallowRef, WatchSource } from 'vue'
import { problemOf, ProblemError } from '@shared/problem'
import type { Problem } from '@shared/problem'

export interface Resource<T> {
  /** What was loaded last; stays while it is loaded again. */
  data: ShallowRef<T | undefined>
  problem: ShallowRef<Problem | undefined>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/**
 * Loads something for a page, again whenever `sources` change; an older answer
 * never overwrites a newer one.
 *
 *     const order = useResource((signal) => must(api.GET('/api/v1/orders/{id}', { …, signal })), () => props.id)
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, sources?: WatchSource | WatchSource[]): Resource<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const loading = ref(false)
  let current: AbortController | undefined

  async function reload() {
    current?.abort()
    const own = (current = new AbortController())
    loading.value = true
    try {
      const loaded = await load(own.signal)
      if (own.signal.aborted) return
      data.value = loaded
      problem.value = undefined
    } catch (cause) {
      if (own.signal.aborted) return
      data.value = undefined
      problem.value = cause instanceof ProblemError ? cause.problem : problemOf(null, 500)
      if (!(cause instanceof ProblemError)) console.error(cause)
    } finally {
      if (!own.signal.aborted) loading.value = false
    }
  }

  if (sources) watch(sources, reload)
  onScopeDispose(() => current?.abort())
  void reload()
  return { data, problem, loading, reload }
}
