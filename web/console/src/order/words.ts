/** Words for parts of an order that the server names by a code. */

import type { OrderView } from '@/api/types'
import { t } from '@/i18n'

/** A material by the server's words for its kind, with the website that it belongs to. */
export function materialTitle({ label, website }: { label: string; website?: string }, { websites }: Pick<OrderView, 'websites'>): string {
  const site = websites.find(({ id }) => id === website)
  return site ? t('materials.of_website', { title: label, domain: site.domain }) : label
}

const types = ['first_filing', 'add_website', 'add_access', 'change', 'cancel_subject', 'cancel_website', 'cancel_access'] as const
/** A filing type; at a dead end there is none. */
export function typeName(type: string | undefined): string {
  const known = types.find((one) => one === type)
  return known ? t(`order.type.${known}`) : (type ?? t('order.stop.none'))
}
