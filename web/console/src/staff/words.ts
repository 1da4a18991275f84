/** Words of the desk that stand for values of the API. */

import { api, must } from '@/api/client'
import type { CallOutcome } from '@/api/staff-types'
import type { State, Tables } from '@/api/types'
import { t } from '@/i18n'

/** Every state, what waits for the desk first, what has ended last. */
export const states: readonly State[] = [
  'provider_review',
  'returned_to_provider',
  'submit_failed',
  'ready',
  'submitting',
  'sms_pending',
  'authority_review',
  'changes_requested',
  'authority_rejected',
  'draft',
  'filed',
  'provider_rejected',
  'withdrawn',
  'expired',
]

/** Those in which the desk must act. */
export const deskStates = states.slice(0, 3)

export const readTables = (signal?: AbortSignal): Promise<Tables> => must(api.GET('/api/v1/reference/tables', { signal }))

/** The name of a province by the two digits that its codes begin with. */
export const provinceName = (tables: Tables | undefined, code: string): string =>
  tables?.provinces.find((one) => one.code.slice(0, 2) === code.slice(0, 2))?.name ?? code

const channels = ['web', 'mobile', 'api'] as const
export function channelName(channel: string): string {
  const known = channels.find((one) => one === channel)
  return known ? t(`staff.channel.${known}`) : channel
}

const roles = ['reviewer', 'operator', 'admin'] as const
export const staffRoles = roles
export function roleName(role: string): string {
  const known = roles.find((one) => one === role)
  return known ? t(`staff.role.${known}`) : role
}

const parties = ['applicant', 'provider', 'authority', 'system', 'nobody'] as const
export function partyName(party: string): string {
  const known = parties.find((one) => one === party)
  return known ? t(`review.party.${known}`) : roleName(party)
}

export const callOutcomes: readonly CallOutcome[] = ['reached', 'no_answer', 'busy', 'wrong_number']
export function outcomeName(outcome: string): string {
  const known = callOutcomes.find((one) => one === outcome)
  return known ? t(`review.outcome.${known}`) : outcome
}
