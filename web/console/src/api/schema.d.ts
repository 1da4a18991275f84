/**
 * The API as the client knows it. `npm run generate` writes this file anew from
 * internal/api/openapi.json.
 */

export interface Problem {
  type?: string
  title?: string
  status?: number
  detail?: string
  code?: string
  errors?: { pointer: string; code: string; message: string }[]
}

interface Refused {
  headers: { [name: string]: unknown }
  content: { 'application/problem+json': Problem }
}
interface Empty {
  headers: { [name: string]: unknown }
  content?: never
}
interface Json<T> {
  headers: { [name: string]: unknown }
  content: { 'application/json': T }
}
interface Body<T> {
  content: { 'application/json': T }
}
interface NoParameters {
  query?: never
  header?: never
  path?: never
  cookie?: never
}
interface Post<In, Replies> {
  parameters: NoParameters
  requestBody: Body<In>
  responses: Replies & { default: Refused }
}

export interface paths {
  '/api/v1/verification-codes': {
    parameters: NoParameters
    post: Post<{ to: string; purpose: 'sign_up' | 'reset_password' | 'real_name' }, { 202: Empty }>
  }
  '/api/v1/accounts': {
    parameters: NoParameters
    post: Post<{ login: string; code: string; password: string; kind?: string }, { 201: Json<{ id: string; login: string }> }>
  }
  '/api/v1/session': {
    parameters: NoParameters
    post: Post<{ login: string; password: string }, { 201: Empty }>
    delete: { parameters: NoParameters; requestBody?: never; responses: { 204: Empty; default: Refused } }
  }
  '/api/v1/passwords': {
    parameters: NoParameters
    post: Post<{ login: string; code: string; password: string }, { 204: Empty }>
  }
  '/api/v1/me': {
    parameters: NoParameters
    get: {
      parameters: NoParameters
      requestBody?: never
      responses: {
        200: Json<{
          id: string
          login: string
          roles: string[]
          permissions: string[]
          real_name: { kind: string; name: string; status: string; usable_from: string } | null
        }>
        default: Refused
      }
    }
  }
}
