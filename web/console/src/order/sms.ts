/** The ministry's check by message, as the pages of applicants and of staff read it. */

import type { SmsCheck } from '@/api/types'

/** The checks of the last round, which is the present one. */
export function lastRound(checks: readonly SmsCheck[]): { round: number; checks: SmsCheck[] } {
  const round = Math.max(0, ...checks.map((one) => one.round))
  return { round, checks: checks.filter((one) => one.round === round) }
}

const [minute, hour] = [60_000, 3_600_000]
/** What is left at which a screen reader says so, falling. */
const marks = [12 * hour, 4 * hour, hour, 10 * minute]

/** The lowest mark that time has run below; none before the first. It changes four times in a day, so that a live region says little. */
export const passedMark = (left: number): number | undefined => marks.filter((mark) => left <= mark).at(-1)

/** A span as hours, minutes and seconds. */
export function countdown(left: number): string {
  const seconds = Math.max(0, Math.floor(left / 1000))
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, '0')).join(':')
}
