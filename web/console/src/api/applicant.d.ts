/**
 * The applicant's side of the API, until the whole document describes it.
 */

import type {} from './schema'
import type {
  Code, DomainResult, DraftConsent, EventView, FilingItem, Message, NewOrder, Notice, OrderSummary, OrderView, Page,
  RegionItem, Resources, Site, SubjectAnswers, Tables, WebsiteAnswers,
} from './types'
import type { FormDescription } from '@shared/form'

interface Refused {
  headers: { [name: string]: unknown }
  content: { 'application/problem+json': unknown }
}
interface Json<T> {
  headers: { [name: string]: unknown }
  content: { 'application/json': T }
}
interface Empty {
  headers: { [name: string]: unknown }
  content?: never
}
interface Params<Path = undefined, Query = undefined, Header = undefined> {
  query?: Query
  header?: Header
  path: Path
  cookie?: never
}
interface Anyway<Query = undefined, Header = undefined> {
  query?: Query
  header?: Header
  path?: never
  cookie?: never
}
interface Get<P, Out> {
  parameters: P
  requestBody?: never
  responses: { 200: Json<Out>; default: Refused }
}
interface Send<P, In, Out> {
  parameters: P
  requestBody: { content: { 'application/json': In } }
  responses: { 200: Json<Out>; default: Refused }
}
interface Act<P, Out> {
  parameters: P
  requestBody?: never
  responses: { 200: Json<Out>; default: Refused }
}
interface Tell<P, In> {
  parameters: P
  requestBody: { content: { 'application/json': In } }
  responses: { 204: Empty; default: Refused }
}
interface Versioned {
  'If-Match': string
}
interface Keyed {
  'Idempotency-Key'?: string
}
type Listed = { cursor?: string; limit?: number }
type One = { id: string }

declare module './schema' {
  interface paths {
    '/api/v1/me/password': { put: Tell<Anyway, { old: string; password: string }> }
    '/api/v1/me/language': { put: Tell<Anyway, { language: string }> }
    '/api/v1/me/real-name': {
      put: Send<Anyway, { kind: string; name: string; certificate_type: number; certificate_number: string }, unknown>
    }
    '/api/v1/site': { get: Get<Anyway, Site> }
    '/api/v1/forms/{type}': { get: Get<Params<{ type: 'add_website' }, { nature?: number }>, FormDescription> }
    '/api/v1/reference/regions': { get: Get<Anyway<{ parent?: string }>, { items: RegionItem[] }> }
    '/api/v1/reference/tables': { get: Get<Anyway, Tables> }
    '/api/v1/resources': { get: Get<Anyway, Resources> }
    '/api/v1/domain-checks': { post: Send<Anyway, { domain: string; refresh?: boolean }, DomainResult> }
    '/api/v1/domain-checks/{id}': { get: Get<Params<One>, DomainResult> }
    '/api/v1/orders': {
      get: Get<Anyway<Listed>, Page<OrderSummary>>
      post: Send<Anyway<undefined, Keyed & { 'X-Beian-Channel'?: 'web' | 'mobile' | 'api' }>, NewOrder, OrderView>
    }
    '/api/v1/orders/{id}': { get: Get<Params<One>, OrderView> }
    '/api/v1/orders/{id}/subject': { put: Send<Params<One, undefined, Versioned>, SubjectAnswers, OrderView> }
    '/api/v1/orders/{id}/filing': { put: Send<Params<One, undefined, Versioned>, { licence_no: string; password?: string }, OrderView> }
    '/api/v1/orders/{id}/websites': { post: Send<Params<One, undefined, Versioned & Keyed>, NewOrder, OrderView> }
    '/api/v1/orders/{id}/websites/{website}': {
      put: Send<Params<One & { website: string }, undefined, Versioned>, WebsiteAnswers, OrderView>
      delete: Act<Params<One & { website: string }, undefined, Versioned>, OrderView>
    }
    '/api/v1/orders/{id}/website-order': { put: Send<Params<One, undefined, Versioned>, { websites: string[] }, OrderView> }
    '/api/v1/orders/{id}/materials/{material}': { delete: Act<Params<One & { material: string }>, OrderView> }
    '/api/v1/orders/{id}/submission': { post: Send<Params<One, undefined, Versioned & Keyed>, { consents: DraftConsent[] }, OrderView> }
    '/api/v1/orders/{id}/withdrawal': { post: Act<Params<One, undefined, Versioned>, OrderView> }
    '/api/v1/orders/{id}/abandonment': { post: Act<Params<One, undefined, Versioned>, OrderView> }
    '/api/v1/orders/{id}/sms-confirmation': { post: Send<Params<One>, Record<string, never>, OrderView> }
    '/api/v1/orders/{id}/events': { get: Get<Params<One, Listed>, Page<EventView>> }
    '/api/v1/filings': { get: Get<Anyway, { items: FilingItem[] }> }
    '/api/v1/notices': { get: Get<Anyway<Listed>, Page<Notice> & { unread: number }> }
    '/api/v1/notices/read': { post: Tell<Anyway, { ids: string[] }> }
    '/api/v1/authorization-codes': {
      get: Get<Anyway<{ side: 'owner' | 'user' } & Listed>, Page<Code>>
      post: Send<Anyway<undefined, Keyed>, { server: string; account: string; note?: string }, Code>
    }
    '/api/v1/authorization-codes/{id}': {
      put: Send<Params<One, undefined, Versioned>, { server: string }, Code>
      delete: { parameters: Params<One, undefined, Versioned>; requestBody?: never; responses: { 204: Empty; default: Refused } }
    }
    '/api/v1/demo/messages': { get: Get<Anyway<Listed>, Page<Message>> }
  }
}
