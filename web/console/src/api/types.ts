/** Short names for the shapes of the API that applicants' pages speak of. */

import type { components } from './schema'

type Schemas = components['schemas']

export type Checked = Schemas['CheckedAnswers']
export type Code = Schemas['CodeView']
export type Detected = Schemas['DetectedView']
export type DomainCheck = Schemas['DomainCheckResultView']
export type DomainResult = Schemas['DomainCheckView']
export type Exit = Schemas['ExitView']
export type Finding = Schemas['FindingView']
export type Material = Schemas['MaterialView']
export type Need = Schemas['NeedView']
export type Notice = Schemas['NoticeView']
export type OrderSummary = Schemas['OrderSummary']
export type OrderView = Schemas['OrderView']
export type PickedResource = Schemas['PickedResource']
export type Precheck = Schemas['PrecheckView']
export type PrecheckFinding = Schemas['PrecheckFinding']
export type PrecheckPaper = Schemas['PrecheckPaper']
export type Principal = Schemas['PrincipalInput']
export type Resources = Schemas['ChoicesView']
export type Rule = Schemas['RuleView']
export type RuleReference = Schemas['RuleReference']
export type RuleChanges = Schemas['RuleChangesView']
export type SmsCheck = Schemas['SMSView']
export type Site = Schemas['SiteView']
export type SubjectAnswers = Schemas['SubjectInput']
export type Task = Schemas['TaskView']
export type Tables = Schemas['GetTablesOutBody']
export type EventView = Schemas['EventView']
export type Unsaved = NonNullable<Schemas['CheckAnswersInBody']>
export type Website = Schemas['Website']
export type WebsiteAnswers = Schemas['WebsiteInput']

export interface Page<T> {
  items: T[]
  next?: string
}

export type State =
  | 'draft'
  | 'provider_review'
  | 'changes_requested'
  | 'provider_rejected'
  | 'ready'
  | 'submitting'
  | 'submit_failed'
  | 'sms_pending'
  | 'authority_review'
  | 'returned_to_provider'
  | 'authority_rejected'
  | 'filed'
  | 'withdrawn'
  | 'expired'
