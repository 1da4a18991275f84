/**
 * What a client can see by itself: an answer that is missing, too short, too
 * long or not among the options. Everything else is judged by the server.
 */

import { answerOf } from './description'
import type { Field } from './description'
import type { FieldView } from './view'
import { at } from './pointer'

export type FaultCode = 'required' | 'too_short' | 'too_long' | 'not_an_option'

export interface Fault {
  pointer: string
  code: FaultCode
  /** The limit that was passed, in characters; 0 where there is none. */
  limit: number
}

/** No answer: nothing, blanks, an empty list or a box that is not ticked. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}

/** No table has the id 0: it is a choice that was not made. */
const isUnchosen = ({ kind }: Field, value: unknown): boolean => kind === 'select' && value === 0

export function checkField({ field, pointer, required }: FieldView, draft: object): Fault | undefined {
  if (field.fixed || field.kind === 'readonly') return undefined
  const value = at(draft, pointer)
  if (isEmpty(value) || isUnchosen(field, value)) return required ? { pointer, code: 'required', limit: 0 } : undefined
  if (typeof value === 'string') {
    const length = [...value.trim()].length
    if (field.min_length !== undefined && length < field.min_length) {
      return { pointer, code: 'too_short', limit: field.min_length }
    }
    if (field.max_length !== undefined && length > field.max_length) {
      return { pointer, code: 'too_long', limit: field.max_length }
    }
  }
  if (field.options && field.kind !== 'pre_approvals') {
    const chosen: unknown[] = Array.isArray(value) ? value : [value]
    const known = new Set<unknown>(field.options.map(answerOf))
    if (chosen.some((one) => !known.has(one))) return { pointer, code: 'not_an_option', limit: 0 }
  }
  return undefined
}

export const check = (fields: readonly FieldView[], draft: object): Fault[] =>
  fields.map((view) => checkField(view, draft)).filter((fault) => fault !== undefined)
