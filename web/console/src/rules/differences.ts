/** What two views of one matter have otherwise, in words. */

import { t } from '@/i18n'
import { judgedBy, severityName } from './words'
import type { Rule } from './types'

/** A part of a rule that differs; a side is empty where it says nothing. */
export interface Difference {
  part: Part
  a: string
  b: string
}

const labels = (list: Rule['natures']): string => (list ?? []).map(({ label }) => label).join(t('rules.between'))

function contents(rule: Rule): string {
  if (rule.contents) return labels(rule.contents)
  return rule.contents_not ? t('rules.all_but', { list: labels(rule.contents_not) }) : t('rules.all')
}

const valid = ({ valid_from: from, valid_to: to }: Rule): string => (from || to ? t('rules.valid_span', { from: from ?? '', to: to ?? '' }) : t('rules.always'))
const source = ({ source: text, as_of: at }: Rule): string => (at ? t('rules.source_of', { source: text, at }) : text)

const parts = {
  text: (rule: Rule) => rule.text,
  severity: (rule: Rule) => severityName(rule),
  params: (rule: Rule) => Object.values(rule.params ?? {}).join(t('rules.between_params')),
  field: (rule: Rule) => rule.field_label || rule.field,
  orders: (rule: Rule) => rule.orders || t('rules.all_orders'),
  who: (rule: Rule) => rule.who || t('rules.all'),
  certificates: (rule: Rule) => labels(rule.certificate_types) || t('rules.all'),
  contents,
  material: (rule: Rule) => rule.material_label ?? '',
  suggestion: (rule: Rule) => rule.suggestion ?? '',
  judged_by: (rule: Rule) => judgedBy(rule),
  expr: (rule: Rule) => rule.expr ?? '',
  off: (rule: Rule) => rule.off ?? '',
  changed: (rule: Rule) => rule.changed ?? '',
  source,
  where: (rule: Rule) => rule.where || t('rules.everywhere'),
  valid,
  replaces: (rule: Rule) => (rule.replaces ?? []).join(t('rules.between')),
  replaced_by: (rule: Rule) => (rule.replaced_by ?? []).join(t('rules.between')),
} satisfies Record<string, (rule: Rule) => string>

export type Part = keyof typeof parts

/** The names that the API has for parts, where they are not ours. */
const named: Record<string, Part> = {
  types: 'orders', natures: 'who', certificate_types: 'certificates', contents_not: 'contents', provinces: 'where',
  as_of: 'source', valid_from: 'valid', valid_to: 'valid', suggest: 'suggestion', message: 'text',
}

/** The parts of a list of names of the API; what people cannot see (examples, codes) is left out. */
export function partsOf(what: readonly string[]): Part[] {
  const found = what.map((name) => named[name] ?? name).filter((name): name is Part => name in parts)
  return [...new Set(found)]
}

/** What differs between two sides, where it differs in words too. */
export function differences(what: readonly string[], a: Rule, b: Rule): Difference[] {
  const list = partsOf(what).map((part) => ({ part, a: parts[part](a), b: parts[part](b) }))
  const shown = list.filter((one) => one.a !== one.b)
  // The text of a rule has its parameters in it, as a rule.
  return shown.some(({ part }) => part === 'text') ? shown.filter(({ part }) => part !== 'params') : shown
}

/** The lists among the parameters of two rules that changed, as what came and what went. */
export function wordsChanged(a: Rule, b: Rule): { gone: string[]; added: string[] } {
  const gone: string[] = []
  const added: string[] = []
  for (const [name, was] of Object.entries(a.params ?? {})) {
    const now = b.params?.[name]
    if (now === undefined || now === was || !(was + now).includes('、')) continue
    const [before, after] = [was.split('、'), now.split('、')]
    gone.push(...before.filter((word) => !after.includes(word)))
    added.push(...after.filter((word) => !before.includes(word)))
  }
  return { gone, added }
}
