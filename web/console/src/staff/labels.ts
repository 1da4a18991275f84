/** How the desk calls the places of an order that findings point to. */

import type { StaffOrder } from '@/api/staff-types'
import { t } from '@/i18n'
import type { MessageKey } from '@/i18n'
import type { CaseSection } from './case'

/** A material by the server's words for its kind, with the website that it belongs to. */
export function materialName({ label, website }: { label: string; website?: string }, order: Pick<StaffOrder, 'websites'>): string {
  const place = website ? order.websites.findIndex(({ id }) => id === website) : -1
  return place < 0 ? label : t('review.of_website', { name: label, place: place + 1 })
}

/** Places that are no field of a section. */
const named: Record<string, MessageKey | undefined> = {
  '/websites': 'review.websites',
  '/filing/licence_no': 'filings.subject_number',
  '/filing/password': 'subject.filing.password',
}

/** The words for the place of a finding: the field's label with its section, or the material. `label` helps where the form has no such field. */
export function placeName(pointer: string, sections: readonly CaseSection[], order: Pick<StaffOrder, 'websites' | 'needs' | 'materials'>, label?: string): string {
  for (const section of sections) {
    const found = section.fields.find((one) => one.pointer === pointer)
    if (!found) continue
    return section.website === undefined ? `${section.title}: ${found.field.label}` : t('review.of_website', { name: found.field.label, place: section.website + 1 })
  }
  const need = order.needs.find((one) => one.pointer === pointer)
  if (need) return materialName(need, order)
  const [, index] = /^\/websites\/(\d+)/.exec(pointer) ?? []
  if (index !== undefined) {
    const place = Number(index) + 1
    return label ? t('review.of_website', { name: label, place }) : t('review.website', { place })
  }
  const known = named[pointer]
  if (known) return t(known)
  const kind = /^\/materials\/(\w+)/.exec(pointer)?.[1]
  return label ?? order.materials.find((one) => one.kind === kind)?.label ?? (pointer || t('review.whole'))
}
