/** How the answers of an order are drafted on a page and saved: what is sent where, and how a reply is read. */

import { api, ask } from '@/api/client'
import type { Answer } from '@/api/client'
import type { OrderView, Principal, SubjectAnswers, Website, WebsiteAnswers } from '@/api/types'
import type { Saved, SaveReply, Transport } from '@shared/form'
import { passing, ProblemError } from '@shared/problem'
import type { Problem } from '@shared/problem'
import { readOrder } from './order'

/** Every answer has a value, so that an empty field is the same as one that was never given. */
const principalDraft = ({ role, ...from }: Omit<Principal, 'role'> & { role?: string }): Required<Principal> => ({
  role: role === 'legal_representative' || role === 'authorised' ? role : '',
  name: '',
  certificate_type: 0,
  certificate_number: '',
  certificate_until: '',
  mobile: '',
  office_phone: '',
  emergency_phone: '',
  email: '',
  remark: '',
  ...from,
})

export interface SubjectDraft {
  subject: SubjectAnswers
}

export const subjectDraft = ({ subject }: Pick<OrderView, 'subject'>): SubjectDraft => ({
  subject: { ...subject, investor: subject.investor ?? '', remark: subject.remark ?? '', principal: principalDraft(subject.principal) },
})

/** One website, as the only one of its draft: on its own page it is /websites/0. */
export interface WebsiteDraft {
  websites: [Omit<Website, 'principal'> & { principal: Required<Principal> }]
}

export const websiteDraft = (website: Website): WebsiteDraft => ({
  websites: [{ ...website, remark: website.remark ?? '', principal: principalDraft(website.principal) }],
})

/** What is answered about a website, without where it runs. */
export function websiteAnswers({ websites: [site] }: WebsiteDraft): WebsiteAnswers {
  const { name, service_content, languages, pre_approvals, same_as_subject, principal, remark } = site
  return { name, service_content, languages, pre_approvals, same_as_subject, principal, remark }
}

/** Puts the pointers of a refusal, which name the request's body, where the fields of the draft are. */
export const within = (base: string, problem: Problem): Problem => ({
  ...problem,
  errors: problem.errors.map((one) => ({ ...one, pointer: one.pointer.startsWith(base) || one.pointer === '' ? one.pointer : base + one.pointer })),
})

function replyOf<T>(answer: Answer<OrderView>, base: string, read: (order: OrderView) => Saved<T>): SaveReply<T> {
  if (answer.ok) return { kind: 'saved', ...read(answer.data) }
  if (answer.problem.status === 412) return { kind: 'stale' }
  if (passing(answer.problem)) throw new ProblemError(answer.problem)
  return { kind: 'refused', problem: within(base, answer.problem) }
}

/** Saves the answers about the subject; `seen` is told of each newer state of the order. */
export function subjectTransport(id: string, seen: (order: OrderView) => void): Transport<SubjectDraft> {
  const read = (order: OrderView): Saved<SubjectDraft> => {
    seen(order)
    return { version: String(order.version), values: subjectDraft(order) }
  }
  return {
    async save(_, { subject }, version) {
      const params = { path: { id }, header: { 'If-Match': `"v${version}"` } }
      return replyOf(await ask(api.PUT('/api/v1/orders/{id}/subject', { params, body: subject })), '/subject', read)
    },
    load: async () => read(await readOrder(id)),
  }
}

/** Saves the answers about one website. The resource goes along only when another was chosen. */
export function websiteTransport(id: string, website: string, seen: (order: OrderView) => void): Transport<WebsiteDraft> {
  const read = (order: OrderView): Saved<WebsiteDraft> => {
    seen(order)
    const found = order.websites.find((one) => one.id === website)
    // Removed in another tab: nothing to save into any more.
    if (!found) throw new Error('the website is gone')
    return { version: String(order.version), values: websiteDraft(found) }
  }
  return {
    async save(changes, values, version) {
      const other = changes.some(({ pointer }) => pointer.startsWith('/websites/0/resource'))
      const { kind, server, code } = values.websites[0].resource
      const body = {
        ...websiteAnswers(values),
        ...(other && { resource: kind === 'server' ? { kind: 'server' as const, server } : { kind: 'code' as const, code } }),
      }
      const params = { path: { id, website }, header: { 'If-Match': `"v${version}"` } }
      return replyOf(await ask(api.PUT('/api/v1/orders/{id}/websites/{website}', { params, body })), '/websites/0', read)
    },
    load: async () => read(await readOrder(id)),
  }
}
