/**
 * What the rules and reviewers say, put at the fields that people see, in the
 * tone that fits: nobody is scolded for a field that is still empty, or for a
 * word that is only half typed.
 */

import { isEmpty } from './check'
import { at, overlaps } from './pointer'
import type { FieldView } from './view'

/** The part of a finding that decides where and how it is shown. */
export interface Said {
  pointer: string
  severity: 'error' | 'warning' | 'info'
  /** `review`: a person said it in the last round. */
  source: 'rule' | 'review'
  /** `form`: the questions themselves, which the client checks too. */
  rule?: string
  mended?: boolean
}

/** `ask`: what is still to be done or is being typed, told without blame. */
export type Tone = 'error' | 'warning' | 'ask' | 'info'

export interface Note<F extends Said = Said> {
  finding: F
  tone: Tone
}

export interface NoteState {
  /** Whether a person has left the field, or its answer was there before. */
  met: (pointer: string) => boolean
  /** Whether somebody tried to go on: then everything is told plainly. */
  tried: boolean
  /** Fields at which the client itself finds fault: what the form says of them too is not said twice. */
  faulty: (pointer: string) => boolean
}

export interface PlacedNotes<F extends Said> {
  /** By pointer of a field to be seen, the gravest first. */
  byField: Map<string, Note<F>[]>
  /** Of nothing to be seen on the page. */
  rest: F[]
}

const grave: Record<Tone, number> = { error: 0, warning: 1, ask: 2, info: 3 }

/** The tone of a finding at a field; undefined where it is better left unsaid for now. */
function toneOf(finding: Said, pointer: string, empty: boolean, state: NoteState): Tone | undefined {
  const { source, severity, rule, mended } = finding
  if (source === 'review') return mended ? undefined : 'error'
  if (rule === 'form' && state.faulty(pointer)) return undefined
  if (severity === 'info' || state.tried) return severity
  if (!empty && state.met(pointer)) return severity
  return rule === 'form' ? undefined : 'ask'
}

export function placeNotes<F extends Said>(findings: readonly F[], fields: readonly FieldView[], draft: object, state: NoteState): PlacedNotes<F> {
  const byField = new Map<string, Note<F>[]>()
  const rest: F[] = []
  for (const finding of findings) {
    const view = fields.find(({ pointer }) => pointer === finding.pointer) ?? fields.find(({ pointer }) => finding.pointer !== '' && overlaps(pointer, finding.pointer))
    if (!view) {
      rest.push(finding)
      continue
    }
    const { pointer, field } = view
    const value = at(draft, pointer)
    const tone = toneOf(finding, pointer, isEmpty(value) || (field.kind === 'select' && value === 0), state)
    if (tone) byField.set(pointer, [...(byField.get(pointer) ?? []), { finding, tone }])
  }
  for (const notes of byField.values()) notes.sort((a, b) => grave[a.tone] - grave[b.tone])
  return { byField, rest }
}
