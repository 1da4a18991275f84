/** Words that stand for values of rules. */

import { t } from '@/i18n'
import type { Rule, Severity } from './types'

/** How strongly a rule binds: a paper is asked for, an answer is judged. */
export function severityName({ severity, material }: Pick<Rule, 'severity' | 'material'>): string {
  if (material) return severity === 'error' ? t('rules.paper.error') : t('rules.paper.warning')
  return t(`rules.severity.${severity}`)
}

/** What follows when it is not kept. */
export function severityMeans({ severity, material }: Pick<Rule, 'severity' | 'material'>): string {
  if (material) return severity === 'error' ? t('rules.paper_means.error') : t('rules.paper_means.warning')
  return t(`rules.severity_means.${severity as Severity}`)
}

const judges = ['form', 'domains', 'resources', 'materials', 'accounts', 'types', 'lifecycle'] as const

/** Which part of the program judges a rule that no example shows; empty for all others. */
export function judgedBy({ judged_by: by }: Pick<Rule, 'judged_by'>): string {
  const known = judges.find((one) => one === by)
  return known ? t(`rules.judged_by.${known}`) : (by ?? '')
}

const kinds = ['program', 'operator', 'reference', 'restore'] as const

/** What brought an edition. */
export function editionKind(kind: string): string {
  const known = kinds.find((one) => one === kind)
  return known ? t(`rules.edition.${known}`) : kind
}
