/** A problem document (RFC 9457) as the server sends it. */

export interface ProblemField {
  /** RFC 6901 pointer into the request body; empty when the fault belongs to no single field. */
  pointer: string
  code: string
  /** In the language of the request, ready to show. */
  message: string
}

/** A way out of what a filing type cannot do. */
export interface Exit {
  id: string
  title: string
  /** What to do. */
  text: string
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  /** The key of the message, more exact than the status; "offline" when no answer came. */
  code: string
  errors: ProblemField[]
  /** Ways out, where the filing type leads no further. */
  exits: Exit[]
  /** The reader's own order that stands in the way; empty for none. */
  order: string
  /** Seconds to wait before the next try; 0 when not said. */
  retryAfter: number
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function fieldOf(value: unknown): ProblemField {
  const one = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return { pointer: text(one.pointer), code: text(one.code), message: text(one.message) }
}

function exitOf(value: unknown): Exit {
  const one = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return { id: text(one.id), title: text(one.title), text: text(one.text) }
}

/** Reads any body as a problem: what is missing is empty, so that a page can always show it. */
export function problemOf(body: unknown, status: number, retryAfter: string | null = null): Problem {
  const doc = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return {
    type: text(doc.type) || 'about:blank',
    title: text(doc.title),
    status,
    detail: text(doc.detail),
    code: text(doc.code),
    errors: Array.isArray(doc.errors) ? doc.errors.map(fieldOf) : [],
    exits: Array.isArray(doc.exits) ? doc.exits.map(exitOf) : [],
    order: text(doc.order),
    retryAfter: Math.max(0, Number(retryAfter) || 0),
  }
}

/** No answer came at all. */
export const offline: Problem = {
  type: 'about:blank',
  title: '',
  status: 0,
  detail: '',
  code: 'offline',
  errors: [],
  exits: [],
  order: '',
  retryAfter: 0,
}

/** Refusals that pass by themselves are no refusals: they are tried again like a lost connection. */
export const passing = ({ status }: Problem): boolean => status === 0 || status === 401 || status === 429 || status >= 500

/** Thrown by calls that want an answer or nothing. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}`)
    this.name = 'ProblemError'
  }
}
