/** The files of reference data, as the desk shows them. */

import type { components } from '@/api/schema'

export type ReferenceFile = components['schemas']['ReferenceFileView']
export type ReferenceWarning = components['schemas']['ReferenceWarning']

/** Lines of a file that a page shows; the rest is for an editor. */
const most = 300

/** The beginning of a text, and how much of it that is. */
export function beginning(text: string): { text: string; cut: boolean; lines: number; all: number } {
  const lines = text.replace(/\n$/, '').split('\n')
  const shown = lines.slice(0, most)
  return { text: shown.join('\n'), cut: shown.length < lines.length, lines: shown.length, all: lines.length }
}

/** Those about the work-day calendar, on which all deadlines stand. */
export const ofCalendar = (warnings: readonly ReferenceWarning[]): ReferenceWarning[] => warnings.filter(({ code }) => code.startsWith('reference.calendar_'))

/** The id of a file's row, for links to it. */
export const rowId = (name: string): string => `file-${name.replaceAll('.', '-')}`
