/** The form as it stands for the answers given: what is to be seen and what must be answered. */

import type { Condition, Field, FormDescription, Section, Step } from './description'
import { at, bind, isRepeated } from './pointer'

/** A field that is to be seen, bound to its place in the draft. */
export interface FieldView {
  field: Field
  pointer: string
  required: boolean
}

export interface SectionView {
  section: Section
  fields: FieldView[]
}

export function holds(condition: Condition, draft: object, website?: number): boolean {
  const answer = at(draft, bind(condition.path, website))
  if ('includes' in condition) return Array.isArray(answer) && answer.includes(condition.includes)
  return (answer ?? null) === (condition.equals ?? null)
}

export const isVisible = (field: Field, draft: object, website?: number): boolean =>
  !field.visible_when || holds(field.visible_when, draft, website)

export const isRequired = (field: Field, draft: object, website?: number): boolean =>
  field.required === true || (field.required_when !== undefined && holds(field.required_when, draft, website))

/** Sections of a step with something to see; website picks the one that repeated fields belong to. */
export function stepView(step: Step, draft: object, website?: number): SectionView[] {
  return step.sections
    .map((section) => ({
      section,
      fields: section.fields
        .filter((field) => isVisible(field, draft, website))
        .map((field) => ({
          field,
          pointer: bind(field.path, website),
          required: isRequired(field, draft, website),
        })),
    }))
    .filter(({ fields }) => fields.length > 0)
}

/** Whether the step is filled in once for each website. */
export const isPerWebsite = (step: Step): boolean =>
  step.sections.some((section) => section.fields.some((field) => isRepeated(field.path)))

/** Every field to be seen of the whole form, websites one after the other. */
export function allFields(form: FormDescription, draft: object): FieldView[] {
  const websites = at(draft, '/websites')
  const count = Array.isArray(websites) ? websites.length : 0
  return form.steps.flatMap((step) =>
    isPerWebsite(step)
      ? Array.from({ length: count }, (_, i) => stepView(step, draft, i)).flat().flatMap(({ fields }) => fields)
      : stepView(step, draft).flatMap(({ fields }) => fields),
  )
}

export function mayAddWebsite(form: FormDescription, draft: object): boolean {
  const websites = at(draft, '/websites')
  return (Array.isArray(websites) ? websites.length : 0) < form.limits.websites
}
