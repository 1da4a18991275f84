/**
 * What a report does not keep of a pre-check, for nobody else's eyes: the
 * certificate number, and an individual's site name. It stays in this tab until
 * it was put into an order or the tab is closed.
 */

import type { Answers } from './answers'

export interface Remembered {
  /** Of the report. */
  id: string
  person: boolean
  certificate_type: string
  certificate_number: string
  website_name: string
}

const stored = 'beian.precheck'

export function remember(id: string, person: boolean, { certificate_type, certificate_number, website_name }: Answers): void {
  const value: Remembered = { id, person, certificate_type, certificate_number: certificate_number.trim(), website_name: website_name.trim() }
  try {
    sessionStorage.setItem(stored, JSON.stringify(value))
  } catch {
    // Storage may be forbidden; then it is asked again.
  }
}

export function remembered(): Remembered | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(stored) ?? 'null')
    return value !== null && typeof value === 'object' && 'id' in value ? (value as Remembered) : undefined
  } catch {
    return undefined
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(stored)
  } catch {
    // There was nothing then.
  }
}
