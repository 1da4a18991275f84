import { onMounted, onScopeDispose, ref } from 'vue'
import { recall, remember } from './remembered'

const stored = 'beian.shortcuts'
/** Whether single keys act; people who dictate or slip can switch them off. */
export const shortcutsOn = ref(recall(stored) !== 'off')

export function switchShortcuts(on: boolean): void {
  shortcutsOn.value = on
  remember(stored, on ? null : 'off')
}

const typing = 'input, textarea, select, [contenteditable], [role="combobox"], [role="separator"], dialog'

/** Lets single keys act on a page while it is open, never while one types or a dialog is open; `?` always does. */
export function useShortcuts(keys: Record<string, () => void>): void {
  function press(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (event.target instanceof Element && event.target.closest(typing)) return
    if (document.querySelector('dialog[open]')) return
    if (!shortcutsOn.value && event.key !== '?') return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', press))
  onScopeDispose(() => document.removeEventListener('keydown', press))
}
