/** The words of the API that the applicant's pages speak of, by short names. */

export interface Page<T> {
  items: T[]
  next?: string
}

export interface Site {
  provider: { name: string; support_phone: string; support_hours: string; outbound_numbers: string[] }
  channels: { channel: string; open: boolean; notice?: string; link?: string }[]
  demo: boolean
  consents: { text: string; edition: number; title: string; body: string }[]
  upload: { min_bytes: number; max_bytes: number }
}

export interface RegionItem {
  code: string
  name: string
  level: number
  has_children: boolean
}

export interface Tables {
  natures: { value: number; label: string }[]
  certificate_types: { value: number; label: string; natures: number[]; principal: boolean }[]
  provinces: { code: string; name: string; licence: string }[]
}

export interface Reason {
  code: string
  message: string
}

export interface Server {
  id: string
  name: string
  region: string
  public_ip: string
  billing: string
  bought_months: number
  expires_at?: string
  eligible: boolean
  reasons: Reason[]
  /** The steps of the cheapest way out. */
  fixes: Reason[]
  uses: number
  max_uses: number
  codes: number
}

export interface Code {
  id: string
  code: string
  server?: string
  server_name?: string
  public_ip: string
  state: 'unused' | 'in_use' | 'used' | 'deleted'
  usable: boolean
  reasons: Reason[]
  note: string
  created_at: string
  order?: string
  version: number
}

export interface Resources {
  servers: Server[]
  codes: Code[]
  eligible: boolean
  /** What to do when nothing can be chosen, the cheapest first. */
  advice: Reason[]
}

export interface PickedResource {
  kind: 'server' | 'code'
  server?: string
  code?: string
}

export interface NewOrder {
  domain_check: string
  resource: PickedResource
}

export interface DomainCheck {
  id: string
  label: string
  state: 'passed' | 'failed' | 'unknown' | 'not_applicable'
  severity: string
  blocking: boolean
  message: string
  remedy?: string
  evidence?: Record<string, string>
  retry_at?: string
}

export interface DomainResult {
  id: string
  domain: string
  unicode: string
  home_url: string
  at: string
  fileable: boolean
  checks: DomainCheck[]
  filed_licence_no?: string
  subdomain_cut: boolean
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

export type Party = 'applicant' | 'provider' | 'authority' | 'system' | 'nobody'

export interface Deadline {
  kind: string
  due_at: string
  party: Party
}

export interface OrderSummary {
  id: string
  type: string
  state: State
  waiting_on: Party
  version: number
  channel: string
  name: string
  nature: number
  province: string
  domains: string[]
  round: number
  created_at: string
  updated_at: string
  state_since: string
  submitted_at?: string
  deadlines: Deadline[]
  calls_missed: number
  allowed_actions: string[]
}

export interface Principal {
  name?: string
  certificate_type?: number
  certificate_number?: string
  certificate_until?: string
  mobile?: string
  office_phone?: string
  emergency_phone?: string
  email?: string
  remark?: string
}

export interface SubjectAnswers {
  region: string
  nature: number
  certificate_type: number
  certificate_number: string
  name: string
  certificate_address: string
  investor?: string
  address: string
  principal: Principal
  remark?: string
}

export interface WebsiteAnswers {
  name: string
  resource?: PickedResource
  service_content: number
  languages: number[]
  pre_approvals: { type: number; number: string }[]
  same_as_subject: boolean
  principal: Principal
  remark?: string
}

export interface Website extends Omit<WebsiteAnswers, 'resource'> {
  id: string
  domain: string
  home_url: string
  resource: PickedResource & { ip: string; label: string }
  outcome?: string
  licence_no?: string
}

export interface Material {
  id: string
  kind: string
  website?: string
  media_type: string
  size: number
  width: number
  height: number
  file_name: string
  at: string
}

export interface Need {
  kind: string
  website?: string
  pointer: string
  required: boolean
  most: number
  reason: string
  given: string[]
}

export interface Task {
  step: string
  state: 'done' | 'in_progress' | 'not_started' | 'problem' | 'blocked'
  open: number
  why?: string
}

export interface Finding {
  id?: string
  pointer: string
  severity: 'error' | 'warning' | 'info'
  source: 'rule' | 'review'
  rule?: string
  code?: string
  message: string
  advice?: string
  mended: boolean
  retry_at?: string
}

export interface OrderView extends OrderSummary {
  type_reason: string
  subject: SubjectAnswers
  filing: { licence_no: string; check: '' | 'matches' | 'mismatches' | 'unknown' }
  websites: Website[]
  materials: Material[]
  needs: Need[]
  tasks: Task[]
  findings: Finding[]
  calls: { at: string; round: number; whom: string; outcome: string }[]
  consents: { text: string; edition: number; at: string }[]
  sms: { whom: string; state: 'waiting' | 'done' | 'timeout'; until: string }[]
  subject_licence_no?: string
  authority_opinion?: string
  limits: { websites: number; upload_min_bytes: number; upload_max_bytes: number }
}

export interface DraftConsent {
  text: string
  edition: number
}

export interface EventView {
  at: string
  event: string
  text: string
  by: Party
}

export interface FilingItem {
  id: string
  licence_no: string
  name: string
  nature: number
  province: string
  websites: { id: string; licence_no: string; name: string; domain: string; home_url: string; filed_at: string; public_ip: string }[]
}

export interface Notice {
  id: string
  kind: string
  order?: string
  at: string
  title: string
  text: string
  read: boolean
}

export interface Message {
  id: string
  medium: string
  recipient: string
  subject?: string
  body: string
  at: string
}
