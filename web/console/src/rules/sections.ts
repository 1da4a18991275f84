/** How a list of rules is laid out for a reader. */

import type { Group, Rule, Severity } from './types'

/** What a rule is about, in the order in which an applicant meets it. */
export const groups: readonly Group[] = ['order', 'subject', 'principal', 'website', 'domain', 'material', 'change']
export const severities: readonly Severity[] = ['error', 'warning', 'info']

export interface RuleGroup {
  group: Group
  rules: Rule[]
}

export interface RuleSection {
  /** Also the id of the heading. */
  id: string
  kind: 'province' | 'own' | 'national'
  /** Name of the province, for those of one. */
  name: string
  count: number
  groups: RuleGroup[]
}

/** By what they are about; groups without rules are left out. */
export function grouped(rules: readonly Rule[]): RuleGroup[] {
  return groups.flatMap((group) => {
    const own = rules.filter((rule) => rule.group === group)
    return own.length > 0 ? [{ group, rules: byField(own) }] : []
  })
}

/** Rules of one field stand together, the first field first; those that stop a submission lead. */
function byField(rules: readonly Rule[]): Rule[] {
  const fields = [...new Set(rules.map(({ field }) => field))]
  const rank = (rule: Rule) => fields.indexOf(rule.field) * severities.length + severities.indexOf(rule.severity)
  return [...rules].sort((a, b) => rank(a) - rank(b))
}

/** A province's own rules first, then those of this platform, then the nation's; provinces in the order of their codes. */
export function sections(rules: readonly Rule[]): RuleSection[] {
  const own = rules.filter((rule) => rule.own)
  const rest = rules.filter((rule) => !rule.own)
  const provinces = [...new Set(rest.filter(({ scope }) => scope !== 'national').map(({ scope }) => scope))].sort()
  const section = (kind: RuleSection['kind'], id: string, list: Rule[], name = ''): RuleSection[] =>
    list.length > 0 ? [{ id, kind, name, count: list.length, groups: grouped(list) }] : []
  const of = (scope: string) => rest.filter((rule) => rule.scope === scope)
  return [
    ...provinces.flatMap((scope) => section('province', `rules-${scope}`, of(scope), of(scope)[0]?.province)),
    ...section('own', 'rules-own', own),
    ...section('national', 'rules-national', of('national')),
  ]
}

/** How many rules there are of each severity. */
export function tally(rules: readonly Rule[]): Record<Severity, number> {
  const out: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  for (const { severity } of rules) out[severity]++
  return out
}
