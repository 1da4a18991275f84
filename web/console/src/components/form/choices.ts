import { inject } from 'vue'
import type { InjectionKey } from 'vue'
import { api, must } from '@/api/client'

/** One choice of a list that is too long to come with the form. */
export interface Choice {
  value: string
  label: string
  /** Whether a list hangs below it, so that it is no answer by itself. */
  more: boolean
}

/** Reads the choices below one, of the outermost list for an empty parent. */
export type LoadChoices = (from: string, parent: string) => Promise<Choice[]>

export const loadChoicesKey: InjectionKey<LoadChoices> = Symbol('load choices')

export const useLoadChoices = (): LoadChoices => inject(loadChoicesKey, () => loadRegions, true)

const known = new Map<string, Promise<Choice[]>>()

/** Regions change with an edition of the standard only, so each list is read once a visit. */
async function loadRegions(_from: string, parent: string): Promise<Choice[]> {
  const before = known.get(parent)
  if (before) return before
  const asked = must(api.GET('/api/v1/reference/regions', { params: { query: { parent } } })).then(({ items }) =>
    (items ?? []).map(({ code, name, has_children }) => ({ value: code, label: name, more: has_children })),
  )
  known.set(parent, asked)
  asked.catch(() => known.delete(parent))
  return asked
}

/** The choice that a code lies in: itself, or the one above it by the digits that a level fixes. */
export function holderOf(choices: readonly Choice[], code: string, level: number): Choice | undefined {
  const digits = 2 * (level + 1)
  return choices.find(({ value }) => value === code) ?? choices.find(({ value, more }) => more && value.slice(0, digits) === code.slice(0, digits))
}
