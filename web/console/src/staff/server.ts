/** A server as it is typed in: all text, as fields have it. */

import type { InventoryServer, ServerAnswers } from '@/api/staff-types'
import { normalise } from '@shared/form'

export interface TypedServer extends Record<string, string> {
  external_id: string
  account: string
  name: string
  region: string
  mainland: string
  public_ip: string
  billing: string
  bought_months: string
  expires_at: string
}

export const emptyServer: Readonly<TypedServer> = {
  external_id: '',
  account: '',
  name: '',
  region: '',
  mainland: 'yes',
  public_ip: '',
  billing: 'prepaid',
  bought_months: '',
  expires_at: '',
}

export function typedServer(server: InventoryServer): TypedServer {
  return {
    external_id: server.external_id,
    account: server.account ?? '',
    name: server.name,
    region: server.region,
    mainland: server.mainland ? 'yes' : 'no',
    public_ip: server.public_ip ?? '',
    billing: server.billing,
    bought_months: String(server.bought_months),
    expires_at: server.expires_at ? localMinute(new Date(server.expires_at)) : '',
  }
}

/** What is sent; digits may be full-width, and a day without a time is meant to its end. */
export function serverAnswers(typed: TypedServer): ServerAnswers {
  const months = Number(normalise('identifier', typed.bought_months))
  const answers: ServerAnswers = {
    external_id: typed.external_id.trim(),
    account: typed.account.trim(),
    name: typed.name.trim(),
    region: typed.region.trim(),
    mainland: typed.mainland === 'yes',
    billing: typed.billing === 'prepaid' ? 'prepaid' : 'pay_as_you_go',
    bought_months: Number.isInteger(months) ? months : -1,
  }
  const ip = typed.public_ip.trim()
  if (ip) answers.public_ip = ip
  const at = new Date(typed.expires_at.length === 10 ? `${typed.expires_at}T23:59:59` : typed.expires_at)
  if (typed.expires_at && !Number.isNaN(at.getTime())) answers.expires_at = at.toISOString()
  return answers
}

const two = (n: number) => String(n).padStart(2, '0')
/** As the browser's own field for day and minute has it. */
const localMinute = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
