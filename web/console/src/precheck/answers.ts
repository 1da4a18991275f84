/** What a visitor tells a pre-check: as a form holds it, and as the server takes it. */

import type { components } from '@/api/schema'
import type { Precheck } from '@/api/types'
import { normalise } from '@shared/form'
import type { Remembered } from './remembered'

type Input = components['schemas']['PrecheckInput']

/** All as text, for a form; an empty text is no answer. */
export interface Answers extends Record<string, string> {
  domain: string
  nature: string
  region: string
  subject_filed: string
  certificate_type: string
  certificate_number: string
  website_name: string
  service_content: string
  /** server, code or none; what follows is asked of servers. */
  resource: string
  mainland: string
  prepaid: string
  months_bought: string
  days_left: string
}

export const noAnswers = (): Answers => ({
  domain: '',
  nature: '',
  region: '',
  subject_filed: '',
  certificate_type: '',
  certificate_number: '',
  website_name: '',
  service_content: '',
  resource: '',
  mainland: '',
  prepaid: '',
  months_bought: '',
  days_left: '',
})

/** A whole number as typed; undefined for none, a negative for what is no number, which the server refuses at its field. */
function count(typed: string): number | undefined {
  const digits = normalise('identifier', typed)
  if (digits === '') return undefined
  return /^\d{1,5}$/.test(digits) ? Number(digits) : -1
}

const truth = (answer: string) => (answer === '' ? undefined : answer === 'yes')

/** What was not answered is left out. */
export function inputOf(a: Answers): Input {
  const number = a.certificate_number.trim()
  return {
    domain: a.domain.trim(),
    nature: Number(a.nature),
    region: a.region,
    ...(a.subject_filed && { subject_filed: a.subject_filed as 'yes' }),
    ...(a.certificate_type && { certificate_type: Number(a.certificate_type) }),
    ...(number && { certificate_number: number }),
    ...(a.website_name.trim() && { website_name: a.website_name.trim() }),
    ...(a.service_content && { service_content: Number(a.service_content) }),
    ...(a.resource && {
      resource: {
        kind: a.resource as 'server',
        ...(a.resource === 'server' && { mainland: truth(a.mainland), prepaid: truth(a.prepaid), months_bought: count(a.months_bought), days_left: count(a.days_left) }),
      },
    }),
  }
}

const word = (value: boolean | undefined) => (value === undefined ? '' : value ? 'yes' : 'no')
const text = (value: number | undefined) => (value === undefined ? '' : String(value))

/** The answers behind a report, for another try; what it does not keep comes from this browser. */
export function answersOf({ asked, id }: Pick<Precheck, 'asked' | 'id'>, own: Remembered | undefined): Answers {
  const remembered = own?.id === id ? own : undefined
  const resource = asked.resource
  return {
    domain: asked.unicode,
    nature: String(asked.nature),
    region: asked.region.slice(0, 2),
    subject_filed: asked.subject_filed ?? '',
    certificate_type: text(asked.certificate_type),
    certificate_number: remembered?.certificate_number ?? '',
    website_name: asked.website_name ?? remembered?.website_name ?? '',
    service_content: text(asked.service_content),
    resource: resource?.kind ?? '',
    mainland: word(resource?.mainland),
    prepaid: word(resource?.prepaid),
    months_bought: text(resource?.months_bought),
    days_left: text(resource?.days_left),
  }
}
