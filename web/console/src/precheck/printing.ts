import { onScopeDispose, readonly, ref } from 'vue'
import type { Ref } from 'vue'

/** Whether the page is drawn for paper now: what is folded then has to be open. */
export function usePrinting(): Readonly<Ref<boolean>> {
  const media = matchMedia('print')
  const printing = ref(media.matches)
  const follow = () => (printing.value = media.matches)
  media.addEventListener('change', follow)
  onScopeDispose(() => media.removeEventListener('change', follow))
  return readonly(printing)
}
