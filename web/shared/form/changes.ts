/**
 * What differs between two states of a draft, and how two people's (or two
 * tabs') changes come together. Elements that carry an id (websites) are
 * followed by it, so that one removed in another tab does not shift the rest.
 */

import { join, overlaps, parse } from './pointer'

export interface Change {
  /** Pointer whose tokens for elements with an id read `#id`; see {@link indexed}. */
  pointer: string
  /** Undefined removes. */
  value: unknown
}

/** The same field changed on both sides, to different values. */
export interface Conflict {
  pointer: string
  mine: unknown
  theirs: unknown
}

type Doc = Record<string, unknown>

const isDoc = (value: unknown): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isRows = (value: unknown): value is Doc[] => Array.isArray(value) && value.length > 0 && value.every(isDoc)

const rowKey = (row: Doc, index: number): string =>
  typeof row.id === 'string' || typeof row.id === 'number' ? `#${row.id}` : String(index)

const byKey = (rows: readonly Doc[]): Doc => Object.fromEntries(rows.map((row, i) => [rowKey(row, i), row]))

export function copy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T)
}

/** Whether two answers are alike; the sequence of an object's members does not matter. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null, sorted) === JSON.stringify(b ?? null, sorted)

const sorted = (_: string, value: unknown): unknown =>
  isDoc(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value

/** The changes that lead from one state to the other, leaf by leaf. */
export function diff(from: unknown, to: unknown, tokens: readonly string[] = []): Change[] {
  let [a, b] = [from, to]
  if ((isRows(a) || isRows(b)) && Array.isArray(a ?? []) && Array.isArray(b ?? [])) {
    a = byKey((a ?? []) as Doc[])
    b = byKey((b ?? []) as Doc[])
  }
  if (!isDoc(a) || !isDoc(b)) return same(a, b) ? [] : [{ pointer: join(tokens), value: copy(to) }]
  const [before, after] = [a, b]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    diff(before[key], after[key], [...tokens, key]),
  )
}

/** The pointer with places instead of ids, for this state; undefined when an element is gone. */
export function indexed(doc: unknown, pointer: string): string | undefined {
  const out: string[] = []
  let value: unknown = doc
  for (const token of parse(pointer)) {
    let place = token
    if (Array.isArray(value) && token.startsWith('#')) {
      const index = value.findIndex((row) => isDoc(row) && rowKey(row, -1) === token)
      if (index < 0) return undefined
      place = String(index)
    }
    out.push(place)
    value = isDoc(value) || Array.isArray(value) ? (value as Doc)[place] : undefined
  }
  return join(out)
}

/** Makes a change in place. False when the element it belongs to is gone. */
export function apply(doc: Doc, { pointer, value }: Change): boolean {
  const tokens = parse(pointer)
  const last = tokens.pop()
  if (last === undefined) throw new Error('the whole draft cannot be changed')
  let holder: unknown = doc
  for (const [i, token] of tokens.entries()) {
    const place = placeOf(holder, token)
    if (place === undefined) return false
    let next = (holder as Doc)[place]
    if (next === undefined || next === null) {
      next = /^(#|\d+$)/.test(tokens[i + 1] ?? last) ? [] : {}
      ;(holder as Doc)[place] = next
    }
    holder = next
  }
  return set(holder, last, value)
}

function placeOf(holder: unknown, token: string): string | undefined {
  if (!Array.isArray(holder) || !token.startsWith('#')) return token
  const index = holder.findIndex((row) => isDoc(row) && rowKey(row, -1) === token)
  return index < 0 ? undefined : String(index)
}

function set(holder: unknown, token: string, value: unknown): boolean {
  if (!Array.isArray(holder)) {
    if (value === undefined) delete (holder as Doc)[token]
    else (holder as Doc)[token] = copy(value)
    return true
  }
  const place = placeOf(holder, token)
  if (value === undefined) {
    if (place !== undefined) holder.splice(Number(place), 1)
  } else if (place === undefined) holder.push(copy(value))
  else holder[Number(place)] = copy(value)
  return true
}

/** Makes one state equal to the other in place, touching only what differs. */
export function adopt(doc: Doc, to: Doc): void {
  const changes = diff(doc, to)
  // Removals from the end, so that places still hold; then the rest in order.
  for (const change of changes.filter(({ value }) => value === undefined).reverse()) apply(doc, change)
  for (const change of changes.filter(({ value }) => value !== undefined)) apply(doc, change)
}

/**
 * Brings both sides' changes since base together. Where both changed the same
 * field differently, the result keeps mine and the conflict tells the other.
 */
export function merge<T extends object>(base: T, mine: T, theirs: T): { merged: T; conflicts: Conflict[] } {
  const merged = copy(theirs)
  const others = diff(base, theirs)
  const conflicts: Conflict[] = []
  for (const change of diff(base, mine)) {
    const other = others.find((one) => overlaps(one.pointer, change.pointer))
    if (!apply(merged as Doc, change)) {
      conflicts.push({ pointer: change.pointer, mine: change.value, theirs: undefined })
    } else if (other && !same(other.value, change.value)) {
      conflicts.push({ pointer: change.pointer, mine: change.value, theirs: other.value })
    }
  }
  return { merged, conflicts }
}
