/** What happens when a session ends while a page is open: a dialog on top of it, nothing lost. */

import { ref, shallowRef } from 'vue'

/** Whether the dialog is to be seen. */
export const expired = ref(false)

const waiting = shallowRef<{ promise: Promise<boolean>; settle: (again: boolean) => void }>()

/** Asks to sign in again; all requests that ask wait for one dialog. True when it was done. */
export function signInAgain(): Promise<boolean> {
  if (!waiting.value) {
    const { promise, resolve } = deferred()
    waiting.value = { promise, settle: resolve }
    expired.value = true
  }
  return waiting.value.promise
}

/** Ends the wait: signed in again, or not. */
export function settleExpired(again: boolean): void {
  expired.value = false
  waiting.value?.settle(again)
  waiting.value = undefined
}

function deferred() {
  let resolve: (value: boolean) => void = () => {}
  const promise = new Promise<boolean>((done) => (resolve = done))
  return { promise, resolve }
}
