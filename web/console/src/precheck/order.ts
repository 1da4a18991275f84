/** Puts what a pre-check was told into the order that came of it, so that nothing is asked again. */

import { api, ask } from '@/api/client'
import type { Answer } from '@/api/client'
import type { OrderView, Precheck, Principal } from '@/api/types'
import { subjectDraft, websiteDraft } from '@/order/draft'
import { ifMatch } from '@/order/order'
import { forget } from './remembered'
import type { Remembered } from './remembered'

type Draft = Pick<OrderView, 'subject' | 'websites'>

/**
 * The subject's answers with those of the pre-check where none stand yet;
 * undefined when nothing is new. The kind of organiser counts where it was told
 * for the certificate that the account has.
 */
export function subjectWith({ subject }: Pick<Draft, 'subject'>, { asked }: Pick<Precheck, 'asked'>) {
  const region = subject.region || asked.region
  const nature = asked.certificate_type === subject.certificate_type ? asked.nature : subject.nature
  if (region === subject.region && nature === subject.nature) return undefined
  return { ...subjectDraft({ subject }).subject, region, nature }
}

/** The same for the website. */
export function websiteWith({ websites: [site] }: Pick<Draft, 'websites'>, { asked, id }: Pick<Precheck, 'asked' | 'id'>, own: Remembered | undefined) {
  if (!site) return undefined
  const name = site.name || asked.website_name || (own?.id === id ? own.website_name : '')
  const service_content = site.service_content || asked.service_content || 0
  if (name === site.name && service_content === site.service_content) return undefined
  const { languages, pre_approvals, same_as_subject, principal, remark } = websiteDraft(site).websites[0]
  return { id: site.id, body: { name, service_content, languages, pre_approvals, same_as_subject, principal: principal as Principal, remark } }
}

/** Saves both; what was remembered is forgotten once it is in the order. Repeating it is harmless. */
export async function fill(order: OrderView, report: Precheck, own: Remembered | undefined): Promise<Answer<OrderView>> {
  let answer: Answer<OrderView> = { ok: true, data: order }
  const subject = subjectWith(order, report)
  if (subject) answer = await ask(api.PUT('/api/v1/orders/{id}/subject', { params: { path: { id: order.id }, header: ifMatch(order) }, body: subject }))
  const site = answer.ok && websiteWith(answer.data, report, own)
  if (answer.ok && site) {
    const params = { path: { id: order.id, website: site.id }, header: ifMatch(answer.data) }
    answer = await ask(api.PUT('/api/v1/orders/{id}/websites/{website}', { params, body: site.body }))
  }
  if (answer.ok) forget()
  return answer
}
