/** Which of the rules that hold for a case a step of it is about. */

import { api, must } from '@/api/client'
import type { Rule } from '@/api/types'

/** `websites` is the list of them, `website` one of them. */
export type RuleStep = 'subject' | 'websites' | 'website' | 'materials'

/** The answers on which it hangs whether a rule is for the case; 0 where none was given. */
export interface RuleAnswers {
  certificateType?: number
  content?: number
}

const about: Record<RuleStep, (rule: Rule) => boolean> = {
  subject: ({ field }) => /^\/(subject|filing|principals)\//.test(field),
  websites: ({ field }) => /^\/websites(\/\*\/(domain|resource))?$/.test(field),
  website: ({ field }) => /^\/websites\/\*\/(?!domain$|resource$)/.test(field),
  materials: ({ material, judged_by }) => material !== undefined || judged_by === 'materials',
}

const grave = { error: 0, warning: 1, info: 2 }

/** False only when the answer is given and the rule is for others. */
const fits = (list: readonly { value: unknown }[] | undefined, answer = 0): boolean => !list || answer === 0 || list.some(({ value }) => value === answer)

export interface StepRules {
  /** Those of the province, the strictest first. */
  province: Rule[]
  /** Those that hold everywhere, and the provider's own. */
  nation: Rule[]
}

export function rulesOfStep(step: RuleStep, rules: readonly Rule[], { certificateType, content }: RuleAnswers = {}): StepRules {
  const found = rules
    .filter((rule) => about[step](rule) && fits(rule.certificate_types, certificateType) && fits(rule.contents, content))
    .filter(({ contents_not: others }) => !others || !content || !others.some(({ value }) => value === content))
    .sort((a, b) => grave[a.severity] - grave[b.severity])
  return { province: found.filter(({ scope }) => scope !== 'national'), nation: found.filter(({ scope }) => scope === 'national') }
}

/** The code of the province that a region lies in; empty for none. */
export const provinceOf = (region: string): string => (region.length < 2 ? '' : region.slice(0, 2) + '0000')

export const readRules = async (province: string, nature: number, type: string, signal?: AbortSignal): Promise<Rule[]> =>
  (await must(api.GET('/api/v1/rules', { params: { query: { province, nature, type } }, signal }))).items ?? []

/** The page of all rules for such a case. */
export const rulesPage = (province: string, nature: number, type: string) => ({ path: '/rules', query: { province, nature: String(nature), type } })
