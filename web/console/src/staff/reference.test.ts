import { expect, test } from 'vitest'
import { beginning, ofCalendar, rowId } from './reference'
import type { ReferenceWarning } from './reference'

test('a long file is cut, a short one is whole', () => {
  expect(beginning('a\nb\n')).toEqual({ text: 'a\nb', cut: false, lines: 2, all: 2 })
  const long = beginning(Array.from({ length: 1000 }, (_, i) => String(i)).join('\n'))
  expect([long.cut, long.lines, long.all, long.text.endsWith('\n299')]).toEqual([true, 300, 1000, true])
})

test('warnings of the calendar are told from those of lists', () => {
  const warnings = ['reference.calendar_ends', 'reference.list_old', 'reference.calendar_ended'].map((code) => ({ code }) as ReferenceWarning)
  expect(ofCalendar(warnings).map(({ code }) => code)).toEqual(['reference.calendar_ends', 'reference.calendar_ended'])
})

test('a row can be linked to', () => expect(rowId('service_contents.json')).toBe('file-service_contents-json'))
