/** Words for parts of an order that the server names by a code. */

import type { Need, OrderView } from '@/api/types'
import { t } from '@/i18n'

export function materialTitle(need: Pick<Need, 'kind' | 'website'>, { websites }: Pick<OrderView, 'websites'>): string {
  const title = t(`materials.kind.${need.kind as 'other'}`)
  const site = websites.find(({ id }) => id === need.website)
  return site ? `${title} (${site.domain})` : title
}
