import { inject } from 'vue'
import type { InjectionKey } from 'vue'

/** One choice of a list that is too long to come with the form; regions have theirs inside. */
export interface Choice {
  value: string
  label: string
  children?: Choice[]
}

/** Reads such a list by the path that the form names, such as /reference/regions. */
export type LoadChoices = (from: string) => Promise<Choice[]>

export const loadChoicesKey: InjectionKey<LoadChoices> = Symbol('load choices')

export const useLoadChoices = (): LoadChoices =>
  inject(loadChoicesKey, () => () => Promise.reject(new Error('nobody provides loadChoicesKey')), true)

/** The choices from the outermost to the one with the value; empty when it is not among them. */
export function trail(choices: readonly Choice[], value: string): Choice[] {
  for (const choice of choices) {
    if (choice.value === value) return [choice]
    const inner = trail(choice.children ?? [], value)
    if (inner.length > 0) return [choice, ...inner]
  }
  return []
}
