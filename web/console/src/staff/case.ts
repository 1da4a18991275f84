/** What the case page works out from an order, without a page. */

import type { StaffOrder } from '@/api/staff-types'
import type { Finding, Website } from '@/api/types'
import { at, stepView, wordsFor } from '@shared/form'
import type { Field, FormDescription } from '@shared/form'

export interface CaseField {
  pointer: string
  field: Field
  value: unknown
}
export interface CaseSection {
  id: string
  title: string
  /** The place of the website that it belongs to. */
  website?: number
  fields: CaseField[]
}

/** Every section of the form with the answers in it; those of websites once for each. */
export function caseSections(form: FormDescription, order: StaffOrder): CaseSection[] {
  const read = (pointer: string) => at(order, pointer)
  return form.steps.flatMap((step) => {
    const repeated = step.sections.some(({ fields }) => fields.some(({ path }) => path.includes('/*')))
    const places: (number | undefined)[] = repeated ? order.websites.map((_, place) => place) : [undefined]
    return places.flatMap((website) =>
      stepView(step, order, website).map(({ section, fields }) => ({
        id: website === undefined ? section.id : `${section.id}-${website}`,
        title: section.title,
        website,
        fields: fields.map(({ field, pointer }) => ({ field, pointer, value: read(pointer) })),
      })),
    )
  })
}

/** An answer that names something in a list, in the words of the list. */
export function optionText(field: Field, value: unknown): string {
  const name = (one: unknown) => wordsFor(field, one) ?? (one ? String(one) : '')
  return Array.isArray(value) ? value.map(name).filter(Boolean).join(', ') : name(value)
}

/** What is said at a field: there, or below it when no field of its own is. */
export const findingsAt = (findings: readonly Finding[], pointer: string): Finding[] => findings.filter((one) => one.pointer === pointer)

/** What is said about something that no shown place stands for. */
export function findingsElsewhere(findings: readonly Finding[], shown: Iterable<string>): Finding[] {
  const places = new Set(shown)
  return findings.filter(({ pointer }) => !places.has(pointer))
}

/** What the rules say stands against approval. */
export const blocking = ({ findings }: Pick<StaffOrder, 'findings'>): Finding[] =>
  findings.filter(({ source, severity }) => source === 'rule' && severity === 'error')

/** Whether a principal was reached since the order was last submitted. */
export const wasReached = ({ calls, round }: Pick<StaffOrder, 'calls' | 'round'>): boolean =>
  calls.some((call) => call.round === round && call.outcome === 'reached')

export interface Person {
  pointer: string
  name: string
  mobile: string
  emergency: string
  website?: Website
}

/** Whom a reviewer may call: the subject's principal, and those of websites that have their own. */
export function people(order: StaffOrder): Person[] {
  const { principal, name } = order.subject
  const own = order.websites.flatMap((website, place) =>
    website.same_as_subject || !website.principal
      ? []
      : [{ pointer: `/websites/${place}/principal`, name: website.principal.name ?? '', mobile: website.principal.mobile ?? '', emergency: website.principal.emergency_phone ?? '', website }],
  )
  return [
    { pointer: '/subject/principal', name: principal.name || name, mobile: principal.mobile ?? '', emergency: principal.emergency_phone ?? '' },
    ...own.filter(({ mobile }) => mobile !== ''),
  ]
}

/** When the next call falls due; none while nobody was missed. */
export const callDue = ({ deadlines }: Pick<StaffOrder, 'deadlines'>): string | undefined =>
  deadlines.find(({ kind }) => kind === 'call')?.due_at

/** The deadline that shows first: what the desk must do before, else the earliest. */
export function mainDeadline({ deadlines }: Pick<StaffOrder, 'deadlines'>) {
  const sorted = [...deadlines].filter(({ kind }) => kind !== 'call' && !kind.endsWith('_soon') && !kind.includes('_reminder'))
  return sorted.sort((a, b) => a.due_at.localeCompare(b.due_at))[0]
}

/** The words at hand for what is wrong with a field, by the kind of the field. */
export type Template =
  | 'differs_from_document'
  | 'incomplete'
  | 'unclear'
  | 'wrong_document'
  | 'edges_missing'
  | 'expired'
  | 'name_too_broad'
  | 'name_unrelated'
  | 'content_differs'
  | 'approval_missing'
  | 'phone_not_own'
  | 'phone_wrong'
  | 'address_incomplete'

export function templatesFor(pointer: string): Template[] {
  if (pointer.startsWith('/materials/')) return ['unclear', 'edges_missing', 'wrong_document', 'differs_from_document', 'expired']
  if (/\/(mobile|office_phone|emergency_phone)$/.test(pointer)) return ['phone_not_own', 'phone_wrong']
  if (/^\/websites\/\d+\/name$/.test(pointer)) return ['name_too_broad', 'name_unrelated', 'approval_missing']
  if (/\/(service_content|pre_approvals)$/.test(pointer)) return ['content_differs', 'approval_missing']
  if (pointer.endsWith('address')) return ['address_incomplete', 'differs_from_document']
  if (pointer.endsWith('certificate_until')) return ['expired', 'differs_from_document']
  return ['differs_from_document', 'incomplete']
}
