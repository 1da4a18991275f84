/**
 * The one way to the server. A reply without success is a problem document,
 * never an exception; no reply at all is the problem `offline`. When the session
 * has ended, the request waits until the person has signed in again.
 */

import createClient from 'openapi-fetch'
import { locale } from '@/i18n'
import { signInAgain } from '@/session/expired'
import { offline, problemOf, ProblemError } from '@shared/problem'
import type { Problem } from '@shared/problem'
import type { paths } from './schema'

/** Requests whose 401 is an answer, not the end of a session. */
const ownAnswer = [/\/api\/v1\/session$/, /\/api\/v1\/me$/, /\/api\/v1\/(accounts|passwords|verification-codes)$/]

async function send(request: Request): Promise<Response> {
  request.headers.set('Accept-Language', locale.value)
  const again = request.clone()
  const response = await fetch(request)
  if (response.status !== 401 || ownAnswer.some((path) => path.test(new URL(request.url).pathname))) return response
  return (await signInAgain()) ? fetch(again) : response
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send })

interface Reply<T> {
  data?: T
  error?: unknown
  response: Response
}

export type Answer<T> = { ok: true; data: T } | { ok: false; problem: Problem }

/** Turns a call into its answer: `const answer = await ask(api.GET('/api/v1/me'))`. */
export async function ask<T>(call: Promise<Reply<T>>): Promise<Answer<T>> {
  let reply: Reply<T>
  try {
    reply = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    return { ok: false, problem: offline }
  }
  const { response, error } = reply
  if (response.ok) return { ok: true, data: reply.data as T }
  return { ok: false, problem: problemOf(error, response.status, response.headers.get('Retry-After')) }
}

/** The data of a call, or a {@link ProblemError}; for {@link useResource}. */
export async function must<T>(call: Promise<Reply<T>>): Promise<T> {
  const answer = await ask(call)
  if (!answer.ok) throw new ProblemError(answer.problem)
  return answer.data
}
