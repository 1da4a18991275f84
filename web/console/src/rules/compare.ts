/** What the page of comparisons is asked for, as it stands in the URL. */

import type { LocationQuery } from 'vue-router'

export type Mode = 'provinces' | 'editions'

export interface Asked {
  mode: Mode
  /** Codes of provinces, or versions of editions; "" where none is chosen yet. */
  a: string
  b: string
  nature: string
  type: string
}

const text = (query: LocationQuery, name: string, form: RegExp): string => {
  const value = query[name]
  return typeof value === 'string' && form.test(value) ? value : ''
}

/** Provinces are `a` and `b`, editions `from` and `to`; editions count where both stand. */
export function readAsked(query: LocationQuery): Asked {
  const [from, to] = [text(query, 'from', /^.{1,100}$/), text(query, 'to', /^.{1,100}$/)]
  const editions = from !== '' || to !== '' || query.mode === 'editions'
  const code = /^\d{6}$/
  return {
    mode: editions ? 'editions' : 'provinces',
    a: editions ? from : text(query, 'a', code),
    b: editions ? to : text(query, 'b', code),
    nature: text(query, 'nature', /^\d{1,3}$/),
    type: text(query, 'type', /^[a-z_]{1,30}$/),
  }
}

export function askedQuery({ mode, a, b, nature, type }: Asked): Record<string, string> {
  const sides = mode === 'editions' ? { from: a, to: b, mode: a || b ? '' : mode } : { a, b }
  return Object.fromEntries(Object.entries({ ...sides, nature, type }).filter(([, value]) => value !== ''))
}

/** Why there is nothing to compare yet; undefined when there is. */
export function lacks({ a, b }: Asked): 'both' | 'other' | 'same' | undefined {
  if (!a && !b) return 'both'
  if (!a || !b) return 'other'
  return a === b ? 'same' : undefined
}

/** The same for the API. */
export function askedApi({ mode, a, b, nature, type }: Asked) {
  return {
    ...(mode === 'editions' ? { version_a: a, version_b: b } : { province_a: a, province_b: b }),
    nature: nature ? Number(nature) : undefined,
    type: type || undefined,
  }
}
