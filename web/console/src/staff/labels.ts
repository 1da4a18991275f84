/** How the desk calls the places of an order that findings point to. */

import type { StaffOrder } from '@/api/staff-types'
import { t } from '@/i18n'
import type { CaseSection } from './case'

const materials = [
  'subject_certificate',
  'principal_front',
  'principal_back',
  'website_principal_front',
  'website_principal_back',
  'pre_approval',
  'other',
] as const

/** The name of a kind of material, with the website that it belongs to. */
export function materialName(kind: string, order: Pick<StaffOrder, 'websites'>, website?: string): string {
  const known = materials.find((one) => one === kind)
  const name = known ? t(`review.material.${known}`) : kind
  const place = website ? order.websites.findIndex(({ id }) => id === website) : -1
  return place < 0 ? name : t('review.of_website', { name, place: place + 1 })
}

/** The words for the place of a finding: the field's label with its section, or the material. */
export function placeName(pointer: string, sections: readonly CaseSection[], order: Pick<StaffOrder, 'websites' | 'needs'>): string {
  for (const section of sections) {
    const found = section.fields.find((one) => one.pointer === pointer)
    if (!found) continue
    return section.website === undefined ? `${section.title}: ${found.field.label}` : t('review.of_website', { name: found.field.label, place: section.website + 1 })
  }
  const need = order.needs.find((one) => one.pointer === pointer)
  if (need) return materialName(need.kind, order, need.website)
  const [, place] = /^\/websites\/(\d+)/.exec(pointer) ?? []
  if (place !== undefined) return t('review.website', { place: Number(place) + 1 })
  if (pointer.startsWith('/materials/')) return materialName(pointer.split('/')[2] ?? '', order)
  return pointer === '' ? t('review.whole') : pointer
}
