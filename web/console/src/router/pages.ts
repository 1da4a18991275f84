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
  /** Comes before signing in, so that nobody is asked who reads it. */
  visitors?: boolean
  /** What one must be allowed to do to see it; see `permissions` of /api/v1/me. */
  needs?: string
  /** The words in the staff navigation; pages without stay out of it. */
  nav?: MessageKey
}

export const pages: Page[] = [
  { path: '/', area: 'applicant' },
  { path: '/sign-in', area: 'applicant', open: true, visitors: true },
  { path: '/sign-up', area: 'applicant', open: true, visitors: true },
  { path: '/reset-password', area: 'applicant', open: true, visitors: true },
  { path: '/precheck', area: 'applicant', open: true },
  { path: '/precheck/:id', area: 'applicant', open: true },
  { path: '/account', area: 'applicant' },
  { path: '/start', area: 'applicant' },
  { path: '/orders/:id', area: 'applicant' },
  { path: '/orders/:id/subject', area: 'applicant' },
  { path: '/orders/:id/websites', area: 'applicant' },
  { path: '/orders/:id/websites/:website', area: 'applicant' },
  { path: '/orders/:id/materials', area: 'applicant' },
  { path: '/orders/:id/confirm', area: 'applicant' },
  { path: '/codes', area: 'applicant' },
  { path: '/filings', area: 'applicant' },
  { path: '/notices', area: 'applicant' },
  { path: '/inbox', area: 'applicant', open: true },
  { path: '/rules', area: 'applicant', open: true },
  // A rule may have any id but this one; the fixed path comes first.
  { path: '/rules/compare', area: 'applicant', open: true },
  { path: '/rules/:id', area: 'applicant', open: true },

  { path: '/staff', area: 'staff', nav: 'staff.title' },
  { path: '/staff/queue', area: 'staff', needs: 'case.read_any', nav: 'staff.queue.title' },
  { path: '/staff/orders/:id', area: 'staff', needs: 'case.read_any' },
  { path: '/staff/servers', area: 'staff', needs: 'inventory.manage', nav: 'staff.servers.title' },
  { path: '/staff/channels', area: 'staff', needs: 'channel.manage', nav: 'staff.channels.title' },
  { path: '/staff/rules', area: 'staff', needs: 'rule.manage', nav: 'rulebook.title' },
  { path: '/staff/reference', area: 'staff', needs: 'reference.manage', nav: 'reference.title' },
  { path: '/staff/authority', area: 'staff', needs: 'authority.read', nav: 'staff.authority.title' },
  { path: '/staff/authority/channels/:id', area: 'staff', needs: 'authority.manage' },
  { path: '/staff/authority/files/:channel/:side/:id', area: 'staff', needs: 'authority.read' },
  { path: '/staff/authority/events', area: 'staff', needs: 'authority.read', nav: 'events.title' },
  { path: '/staff/authority/events/:id', area: 'staff', needs: 'authority.read' },
  { path: '/staff/notices', area: 'staff', needs: 'notice.read', nav: 'staff.notices.title' },
  { path: '/staff/accounts', area: 'staff', needs: 'account.read', nav: 'staff.accounts.title' },
  { path: '/staff/consents', area: 'staff', needs: 'setting.manage', nav: 'staff.consents.title' },
]

/** The view file of a page, below src/views, without its ending. */
export function stem({ path, area }: Pick<Page, 'path' | 'area'>): string {
  const inner = (area === 'staff' ? path.replace(/^\/staff/, '') : path).slice(1)
  return `${area}/${(inner || 'home').replaceAll(/:(\w+)/g, '[$1]')}`
}
