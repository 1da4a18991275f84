/** Words for what the authority started by itself. */

import type { AuthorityEvent } from '@/api/staff-types'
import type { Look } from '@/components/order/StateTag.vue'
import { t } from '@/i18n'
import type { MessageKey, Messages } from '@/i18n'

export const eventKinds = [
  'check_task',
  'unfiled_website',
  'notice',
  'audit',
  'cancelled',
  'illegal_access',
  'blacklist',
  'filed_data',
  'sync_difference',
  'ip_result',
  'ip_audit',
  'domain_result',
  'base_codes',
  'unknown',
] as const
export type EventKind = (typeof eventKinds)[number]

export const eventStates = ['open', 'answered', 'closed', 'all'] as const
export type EventState = (typeof eventStates)[number]

const looks = { open: 'yours', answered: 'waiting', closed: 'done' } as const
export const eventLook = ({ state }: Pick<AuthorityEvent, 'state'>): Look => looks[state]

const isKind = (kind: string): kind is EventKind => (eventKinds as readonly string[]).includes(kind)
/** A kind of a newer server is shown by its name. */
export const kindName = (kind: string): string => (isKind(kind) ? t(`events.kind.${kind}`) : kind)
export const nextStep = (kind: string): string => (isKind(kind) ? t(`events.next.${kind}`) : '')

/** What an event is about, in one line. */
export const aboutOf = ({ domain, licence_no }: Pick<AuthorityEvent, 'domain' | 'licence_no'>): string => [domain, licence_no].filter(Boolean).join(' · ')

export const isOverdue = ({ state, due_at }: Pick<AuthorityEvent, 'state' | 'due_at'>, now: Date): boolean =>
  state === 'open' && due_at !== undefined && new Date(due_at) < now

type FieldName = keyof Messages['events']['field']

/** The words for one part of a path; numbers count from 1, what is not known stays as it is. */
function partName(part: string): string {
  if (/^\d+$/.test(part)) return String(Number(part) + 1)
  const key = `events.field.${part as FieldName}` as const
  const words = t(key as MessageKey)
  return words === key ? part : words
}

/** The words for the way to a value, such as `Website.Domains.0.Name`: 网站 › 域名 1 › 名称. */
export function fieldName(path: string): string {
  const words: string[] = []
  for (const part of path.split('.')) {
    const name = partName(part)
    const last = words.length - 1
    if (/^\d+$/.test(part) && last >= 0) words[last] = `${words[last] ?? ''} ${name}`
    else words.push(name)
  }
  // The first part only says what kind of document it is.
  return (words.length > 1 ? words.slice(1) : words).join(' › ')
}
