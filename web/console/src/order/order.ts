/** What the applicant's pages share about an order: how to name its version, and where a finding is mended. */

import { api, must } from '@/api/client'
import type { Exit, Finding, OrderView } from '@/api/types'
import { fieldId } from '@shared/form'
import type { FormDescription } from '@shared/form'

/** The header by which a change says which version it was made on. */
export const ifMatch = ({ version }: { version: number }) => ({ 'If-Match': `"v${version}"` })

export const readOrder = (id: string, signal?: AbortSignal): Promise<OrderView> =>
  must(api.GET('/api/v1/orders/{id}', { params: { path: { id } }, signal }))

/** The questions of adding a website for a kind of organiser, in the language of the page. */
export const readForm = async (nature: number, signal?: AbortSignal): Promise<FormDescription> =>
  // The document tells kinds of fields as text; the engine knows which there are.
  (await must(api.GET('/api/v1/forms/{type}', { params: { path: { type: 'add_website' }, query: { nature } }, signal }))) as FormDescription

/**
 * A key that makes a repeated request count once. It is kept while one act is
 * tried again, and made anew for the next act.
 */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Who acted, as applicants know them: every role of staff is the provider. */
export function partyOf(by: string): 'applicant' | 'provider' | 'authority' | 'system' {
  return by === 'applicant' || by === 'authority' || by === 'system' ? by : 'provider'
}

export const editable = ({ allowed_actions }: Pick<OrderView, 'allowed_actions'>): boolean => allowed_actions.includes('edit')

/** Whether nothing more can happen to it. */
export const ended = ({ waiting_on }: Pick<OrderView, 'waiting_on'>): boolean => waiting_on === 'nobody'

/** The page and field where what a pointer names is answered; the order's own page for anything else. */
export function placeOf(order: Pick<OrderView, 'id' | 'websites'>, pointer: string): string {
  const base = `/orders/${order.id}`
  if (/^\/(subject|filing)\b/.test(pointer)) return `${base}/subject#${fieldId(pointer)}`
  if (pointer.startsWith('/materials/')) return `${base}/materials#${fieldId(pointer)}`
  if (pointer.startsWith('/consents')) return `${base}/confirm#consents`
  const [, index, field] = /^\/websites\/(\d+)(?:\/(.*))?$/.exec(pointer) ?? []
  const site = index === undefined ? undefined : order.websites[Number(index)]
  if (site) return `${base}/websites/${site.id}${field ? '#' + fieldId(`/websites/0/${field}`) : ''}`
  return pointer.startsWith('/websites') ? `${base}/websites` : base
}

/** What still stops the order from going on below one of the pointers, and what people said that is not mended. */
export const openFindings = (order: Pick<OrderView, 'findings'>, ...below: string[]): Finding[] =>
  order.findings.filter(
    ({ pointer, severity, source, mended }) =>
      !mended && (severity === 'error' || source === 'review') && below.some((one) => pointer === one || pointer.startsWith(one + '/')),
  )

/** What the filing type stops: the subject, or single domains, each with its ways out. */
export function stopsOf({ findings, detected }: Pick<OrderView, 'findings' | 'detected'>): { message: string; exits: Exit[] }[] {
  const told = findings.flatMap(({ message, exits }) => (exits?.length ? [{ message, exits }] : []))
  return told.length === 0 && detected.stops ? [{ message: detected.reason, exits: detected.exits }] : told
}

/** A person's remark in one line: what is wrong, and how to mend it. */
export const findingText = ({ message, advice }: Pick<Finding, 'message' | 'advice'>): string => (advice ? `${message} · ${advice}` : message)
