import { onScopeDispose, readonly, ref } from 'vue'
import type { Ref } from 'vue'

/** Whether there is room for a column beside the page's own; the same width as in the styles. */
export function useWide(): Readonly<Ref<boolean>> {
  const query = window.matchMedia('(min-width: 901px)')
  const wide = ref(query.matches)
  const follow = () => (wide.value = query.matches)
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return readonly(wide)
}
