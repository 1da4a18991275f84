/** What rules are looked for by, as it stands in the URL. */

import type { LocationQuery } from 'vue-router'
import { severities } from './sections'
import type { Severity } from './types'

export interface RuleFilter {
  /** A province's code, "national", or "" for all rules. */
  province: string
  /** Kind of organiser; "" for any. */
  nature: string
  type: string
  severity: Severity | ''
  q: string
  /** An edition; "" for the one in force. */
  version: string
}

const one = (query: LocationQuery, name: string, form: RegExp): string => {
  const value = query[name]
  return typeof value === 'string' && form.test(value) ? value : ''
}

/** Reads the filter; what cannot be one is as if it were not there. */
export function readFilter(query: LocationQuery): RuleFilter {
  return {
    province: one(query, 'province', /^(\d{6}|national)$/),
    nature: one(query, 'nature', /^\d{1,3}$/),
    type: one(query, 'type', /^[a-z_]{1,30}$/),
    severity: severities.find((severity) => severity === query.severity) ?? '',
    q: one(query, 'q', /^.{1,100}$/u),
    version: one(query, 'version', /^.{1,100}$/u),
  }
}

/** Whether nothing is looked for, so that a choice of provinces helps most. */
export const isEmpty = (filter: RuleFilter): boolean => !(filter.province || filter.nature || filter.type || filter.severity || filter.q)

/** The query of the page; what is not looked for stays out of it. */
export function toQuery(filter: Partial<RuleFilter>): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
}

/** The same for the API. */
export function toApi({ province, nature, type, severity, q, version }: RuleFilter) {
  return {
    province: province === 'national' ? undefined : province || undefined,
    scope: province === 'national' ? ('national' as const) : undefined,
    nature: nature ? Number(nature) : undefined,
    type: type || undefined,
    severity: severity || undefined,
    q: q || undefined,
    version: version || undefined,
  }
}
