/**
 * Every page, one row each. The URL is the name of the view file and of the
 * browser test: `/orders/:id/websites` is drawn by
 * `src/views/applicant/orders/[id]/websites.vue` and tried by
 * `e2e/applicant/orders/[id]/websites.spec.ts`; `/staff/queue` by
 * `src/views/staff/queue.vue`. The bare area is its `home.vue`.
 */

import type { MessageKey } from '@/i18n'

export type Area = 'applicant' | 'staff'

export interface Page {
  path: string
  area: Area
  /** Open without a session. */
  open?: boolean
  /** What one must be allowed to do to see it; see `permissions` of /api/v1/me. */
  needs?: string
  /** The words in the staff navigation; pages without stay out of it. */
  nav?: MessageKey
}

export const pages: Page[] = [
  { path: '/', area: 'applicant' },
  { path: '/sign-in', area: 'applicant', open: true },
  { path: '/sign-up', area: 'applicant', open: true },
  { path: '/reset-password', area: 'applicant', open: true },

  { path: '/staff', area: 'staff', nav: 'staff.title' },
]

/** The view file of a page, below src/views, without its ending. */
export function stem({ path, area }: Pick<Page, 'path' | 'area'>): string {
  const inner = (area === 'staff' ? path.replace(/^\/staff/, '') : path).slice(1)
  return `${area}/${(inner || 'home').replaceAll(/:(\w+)/g, '[$1]')}`
}
