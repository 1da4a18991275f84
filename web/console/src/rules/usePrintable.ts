import { onBeforeUnmount, onMounted } from 'vue'

/** Unfolds what is folded while the page is printed, for paper has no clicks. */
export function usePrintable(): void {
  let unfolded: HTMLDetailsElement[] = []
  const before = () => {
    unfolded = [...document.querySelectorAll<HTMLDetailsElement>('#main details:not([open], [data-screen])')]
    for (const one of unfolded) one.open = true
  }
  const after = () => {
    for (const one of unfolded) one.open = false
  }
  onMounted(() => {
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('beforeprint', before)
    window.removeEventListener('afterprint', after)
  })
}
