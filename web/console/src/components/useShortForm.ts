import { computed, reactive, ref, shallowRef } from 'vue'
import type { Answer } from '@/api/client'
import { problemText, t } from '@/i18n'
import type { MessageKey } from '@/i18n'
import { placeFaults } from '@shared/form'
import type { Problem } from '@shared/problem'

interface Settings<V, R> {
  /** The words for a field that is empty; fields not named may be. */
  missing: Partial<Record<keyof V & string, MessageKey>>
  send: (values: V) => Promise<Answer<R>>
  /** Better words for a refusal of the whole than the general ones. */
  refused?: (problem: Problem) => string | undefined
  done: (reply: R) => unknown
}

/**
 * A form of one page that is sent at once: what is missing is said without
 * asking the server, what the server refuses is put at its field, and what was
 * typed stays. A field's name is also its pointer and the id of its control.
 */
export function useShortForm<V extends Record<string, string>, R>(start: V, settings: Settings<V, R>) {
  const values = reactive({ ...start }) as V
  const names = Object.keys(start) as (keyof V & string)[]
  const missing = shallowRef<string[]>([])
  const problem = shallowRef<Problem>()
  const busy = ref(false)
  /** Counts what was refused, for the summary to take the focus. */
  const attempt = ref(0)

  const placed = computed(() => placeFaults(problem.value?.errors ?? [], names.map((name) => '/' + name)))

  /** The fault of each field, in the language of the page. */
  const faults = computed(() => {
    const found: Partial<Record<keyof V & string, string>> = {}
    for (const name of names) {
      const key = settings.missing[name]
      // What was missing is told until something is typed.
      if (key && missing.value.includes(name) && values[name]?.trim() === '') found[name] = t(key)
      else found[name] = placed.value.byField.get('/' + name)
    }
    return found
  })

  /** For the summary on top. */
  const entries = computed(() => {
    const list = names.flatMap((name) => {
      const message: string | undefined = faults.value[name]
      return message ? [{ id: name, message }] : []
    })
    const general = placed.value.list.filter(({ pointer }) => pointer === '').map(({ message }) => ({ id: '', message }))
    if (problem.value && list.length === 0 && general.length === 0) {
      general.push({ id: '', message: settings.refused?.(problem.value) ?? problemText(problem.value) })
    }
    return [...list, ...general]
  })

  /** Says what a side call (a code that could not be sent) was refused for, or that it was not. */
  function refuse(refusal: Problem | undefined): void {
    missing.value = []
    problem.value = refusal
    if (refusal) attempt.value++
  }

  /** Marks a field as missing without sending. */
  function lack(name: keyof V & string): void {
    problem.value = undefined
    missing.value = [name]
    attempt.value++
  }

  async function submit(): Promise<void> {
    if (busy.value) return
    problem.value = undefined
    missing.value = names.filter((name) => settings.missing[name] && values[name]?.trim() === '')
    if (missing.value.length > 0) {
      attempt.value++
      return
    }
    busy.value = true
    try {
      const answer = await settings.send({ ...values })
      if (answer.ok) await settings.done(answer.data)
      else refuse(answer.problem)
    } finally {
      busy.value = false
    }
  }

  return { values, faults, entries, attempt, busy, submit, refuse, lack }
}
