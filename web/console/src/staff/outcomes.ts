/** What came of the rules of a case, in the groups in which a reviewer looks at them. */

import type { Outcome } from '@/api/staff-types'

/** `failed`: may stand against the case; `noted`: to be kept in mind; the rest as the server names it. */
export const outcomeGroups = ['failed', 'noted', 'unjudged', 'passed'] as const
export type OutcomeGroup = (typeof outcomeGroups)[number]

export const groupOf = ({ state, severity }: Pick<Outcome, 'state' | 'severity'>): OutcomeGroup => (state === 'failed' && severity === 'info' ? 'noted' : state)

export function countGroups(items: readonly Outcome[]): Record<OutcomeGroup, number> {
  const counts = { failed: 0, noted: 0, unjudged: 0, passed: 0 }
  for (const item of items) counts[groupOf(item)]++
  return counts
}

const grave = { error: 0, warning: 1, info: 2 }

/** Those of a group, or all, that have every word; what needs a look first, in the order of the packs otherwise. */
export function findOutcomes(items: readonly Outcome[], group: OutcomeGroup | 'all', words = ''): Outcome[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return items
    .filter((item) => group === 'all' || groupOf(item) === group)
    .filter(({ label, message, rule, reference }) => {
      const text = [label, message, rule, reference?.text, reference?.province, reference?.source].join('\n').toLowerCase()
      return wanted.every((word) => text.includes(word))
    })
    .sort((a, b) => outcomeGroups.indexOf(groupOf(a)) - outcomeGroups.indexOf(groupOf(b)) || grave[a.severity] - grave[b.severity])
}
