import { onScopeDispose } from 'vue'

/**
 * Holds changes of a page back while a button of the pointer is down: what
 * appears when a field is left would move the control away under the click that
 * left it, and the click would be lost.
 */
export function useStill(): (act: () => void) => void {
  let down = false
  let waiting: (() => void)[] = []

  const press = () => (down = true)
  const release = () => {
    if (!down) return
    // The click comes after the release.
    setTimeout(() => {
      down = false
      const acts = waiting
      waiting = []
      acts.forEach((act) => act())
    })
  }
  window.addEventListener('pointerdown', press, true)
  window.addEventListener('pointerup', release, true)
  window.addEventListener('pointercancel', release, true)
  onScopeDispose(() => {
    waiting = []
    window.removeEventListener('pointerdown', press, true)
    window.removeEventListener('pointerup', release, true)
    window.removeEventListener('pointercancel', release, true)
  })
  return (act) => (down ? void waiting.push(act) : act())
}
