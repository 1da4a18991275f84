/** Short names for the shapes of the API that only the desk speaks of. */

import type { components } from './schema'
import type { State } from './types'

type Schemas = components['schemas']

export type AccountItem = Schemas['AccountSummary']
export type AuthorityCall = Schemas['AuthorityCallView']
export type AuthorityChannel = Schemas['AuthorityChannelView']
export type AuthorityEvent = Schemas['AuthorityEventSummary']
export type AuthorityEventDetail = Schemas['AuthorityEventView']
export type ChannelSwitch = Schemas['ChannelSwitch']
export type ConsentText = Schemas['ConsentTextView']
export type Counts = Partial<Record<State, number>>
export type Delivery = Schemas['DeliveryView']
export type DeliveryState = Delivery['state']
export type Download = Schemas['DownloadFileView']
export type DownloadDetail = Schemas['DownloadDetail']
export type DownloadImport = Schemas['DownloadImportView']
export type FileInside = Schemas['FileInsideView']
export type FileResult = Schemas['FileResultView']
export type ImportResult = Schemas['ImportView']
export type InventoryServer = Schemas['ServerView']
export type Outcome = Schemas['OutcomeView']
export type QueueItem = Schemas['OrderSummary']
export type ServerAnswers = Schemas['ServerInput']
export type ServerChange = Schemas['PutServerOutBody']
export type StaffOrder = Schemas['OrderView']
export type Upload = Schemas['UploadFileView']
export type UploadDetail = Schemas['UploadDetail']

export type CallOutcome = 'reached' | 'no_answer' | 'busy' | 'wrong_number'
export type StaffRole = 'reviewer' | 'operator' | 'admin'

/** A reviewer's finding before it is sent. */
export interface DraftFinding {
  pointer: string
  reason: string
  advice?: string
  /** The rule that it rests on; the applicant is shown its words and source. */
  rule?: string
}

export type ChannelSettings = Schemas['ChannelSettings']
export type ChannelSettingsView = Schemas['ChannelSettingsView']
export type ChannelTest = Schemas['ChannelTestView']
export type ChannelTestStep = Schemas['ChannelTestStep']
export type ChannelValues = Schemas['ChannelValues']
export type Window = Schemas['Window']
