import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/**
 * A filter that lives in the URL, so that a list can be linked and the browser's
 * way back leads to it. The fallback is not written out.
 */
export function useQueryFilter<T extends string>(name: string, fallback: T, allowed?: readonly T[]) {
  const route = useRoute()
  const router = useRouter()
  return computed<T>({
    get: () => {
      const given = route.query[name]
      if (typeof given !== 'string') return fallback
      return !allowed || allowed.includes(given as T) ? (given as T) : fallback
    },
    set: (value) => void router.push({ query: { ...route.query, [name]: value === fallback ? undefined : value } }),
  })
}
