import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { WatchSource } from 'vue'
import type { Resource } from '@/components/useResource'
import { problemOf, ProblemError } from '@shared/problem'
import type { Problem } from '@shared/problem'

/** A part of a list as the API gives it; a list without rows may come as null. */
interface Part<T> {
  items: T[] | null
  next?: string
}

/**
 * A list that comes in parts. `more` adds the next part; when `sources` change,
 * or on `reload`, it begins anew. An older answer never mixes with a newer one.
 */
export function useCursorList<T>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<Part<T>>, sources?: WatchSource | WatchSource[]) {
  const data = shallowRef<T[]>()
  const problem = shallowRef<Problem>()
  const next = ref<string>()
  const loading = ref(false)
  let current: AbortController | undefined

  async function fetchPart(cursor?: string) {
    current?.abort()
    const own = (current = new AbortController())
    loading.value = true
    try {
      const part = await load(cursor, own.signal)
      if (own.signal.aborted) return
      data.value = cursor ? [...(data.value ?? []), ...(part.items ?? [])] : (part.items ?? [])
      next.value = part.next || undefined
      problem.value = undefined
    } catch (cause) {
      if (own.signal.aborted) return
      if (!cursor) data.value = undefined
      problem.value = cause instanceof ProblemError ? cause.problem : problemOf(null, 500)
      if (!(cause instanceof ProblemError)) console.error(cause)
    } finally {
      if (!own.signal.aborted) loading.value = false
    }
  }

  const reload = () => fetchPart()
  const more = () => fetchPart(next.value)
  if (sources) watch(sources, reload)
  onScopeDispose(() => current?.abort())
  void reload()

  const resource: Resource<T[]> = { data, problem, loading, reload }
  return { resource, data, problem, next, loading, reload, more }
}
