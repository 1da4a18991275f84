/** Short names for the shapes of the API that speak of rules. */

import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Rule = Schemas['RuleView']
export type RuleList = Schemas['RuleList']
export type RuleDetail = Schemas['RuleDetail']
export type RuleExample = Schemas['ExampleView']
export type RuleChoices = Schemas['RuleChoices']
export type Province = Schemas['RuleProvince']
export type Edition = Schemas['EditionView']
export type Comparison = Schemas['RuleComparison']
export type RulePair = Schemas['RulePairs']
export type RulesFolder = Schemas['RulesFolder']
export type RuleChange = Schemas['RuleChangeView']
export type Replay = Schemas['ReplayView']
export type Replayed = Schemas['ReplayedView']

export type Severity = Rule['severity']
export type Group = Rule['group']
