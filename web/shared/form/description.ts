/**
 * What the server says about a form (GET /api/v1/forms/{type}): steps, their
 * sections and fields, with words already in the language of the request.
 * Clients draw what stands here and know no rule of their own.
 */

export type FieldKind =
  | 'text'
  | 'textarea'
  | 'select'
  | 'multiselect'
  /** One of a few answers that are told by a code, not by a number of a table. */
  | 'choice'
  | 'region'
  | 'date'
  | 'checkbox'
  | 'mobile'
  | 'phone'
  | 'email'
  /** A certificate number. */
  | 'identifier'
  | 'domain'
  | 'readonly'
  /** A list of { type, number }. */
  | 'pre_approvals'
  /** One of the account's servers, or an authorization code. */
  | 'resource'

export type Scalar = string | number | boolean | null

/** A condition on another answer. A `*` in its path means the website the field itself belongs to. */
export interface Condition {
  path: string
  /** True when the answer is this. */
  equals?: Scalar
  /** True when the answer is a list that holds this. */
  includes?: Scalar
}

export interface Option {
  value: string | number
  /** The answer, where the value of a table is none. */
  code?: string
  label: string
}

/** What is answered by taking an option. */
export const answerOf = ({ value, code }: Option): string | number => code ?? value

export interface Field {
  /** RFC 6901 pointer into the draft; a `*` element stands for each website in turn. */
  path: string
  kind: FieldKind
  label: string
  hint?: string
  required?: boolean
  required_when?: Condition
  visible_when?: Condition
  /** In characters as people count them (code points). */
  min_length?: number
  max_length?: number
  options?: Option[]
  /** Where the options come from when they are too many to send along, below /api/v1. */
  options_from?: string
  example?: string
  /** Filled in by the system and not to be changed. */
  fixed?: boolean
}

/** The words for an answer among the options; undefined when it is none of them. */
export const wordsFor = ({ options }: Pick<Field, 'options'>, answer: unknown): string | undefined => options?.find((option) => answerOf(option) === answer)?.label

export interface Section {
  id: string
  title: string
  help?: string
  fields: Field[]
}

export interface Step {
  id: string
  title: string
  sections: Section[]
}

export interface FormDescription {
  type: string
  nature: number
  steps: Step[]
  limits: { websites: number; upload_min_bytes?: number; upload_max_bytes?: number }
}
