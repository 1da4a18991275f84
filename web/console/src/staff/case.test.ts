import { describe, expect, test } from 'vitest'
import type { StaffOrder } from '@/api/staff-types'
import type { FormDescription } from '@shared/form'
import { blocking, caseSections, findingsElsewhere, mainDeadline, optionText, people, templatesFor, wasReached } from './case'

const order = {
  round: 2,
  subject: { name: '某单位', principal: { name: '王一', mobile: '13900000001' } },
  websites: [
    { id: 'w1', name: '甲', same_as_subject: true, principal: {} },
    { id: 'w2', name: '乙', same_as_subject: false, principal: { name: '李二', mobile: '13900000002' } },
  ],
} as unknown as StaffOrder

const form = {
  steps: [
    { id: 'subject', title: '', sections: [{ id: 'organiser', title: '主体', fields: [{ path: '/subject/name', kind: 'text', label: '名称' }] }] },
    { id: 'websites', title: '', sections: [{ id: 'website', title: '网站', fields: [{ path: '/websites/*/name', kind: 'text', label: '网站名称' }] }] },
  ],
} as unknown as FormDescription

test('the answers of each website stand in a section of their own', () => {
  const found = caseSections(form, order).map(({ id, fields }) => [id, fields.map(({ pointer, value }) => `${pointer}=${String(value)}`)])
  expect(found).toEqual([
    ['organiser', ['/subject/name=某单位']],
    ['website-0', ['/websites/0/name=甲']],
    ['website-1', ['/websites/1/name=乙']],
  ])
})

test('one calls the subject’s principal, and those that websites have of their own', () => {
  expect(people(order).map(({ pointer, name }) => `${pointer} ${name}`)).toEqual(['/subject/principal 王一', '/websites/1/principal 李二'])
})

describe('whether somebody was reached', () => {
  const call = (round: number, outcome: string) => ({ at: '', round, whom: '', outcome })
  test.each([
    ['no call', [], false],
    ['a missed call', [call(2, 'no_answer')], false],
    ['a call of an earlier round', [call(1, 'reached')], false],
    ['a call of this round', [call(2, 'busy'), call(2, 'reached')], true],
  ])('%s', (_, calls, want) => expect(wasReached({ round: 2, calls })).toBe(want))
})

test('only errors of the rules stand against approval', () => {
  const finding = (source: 'rule' | 'review', severity: 'error' | 'warning') => ({ pointer: '/x', severity, source, message: `${source} ${severity}`, mended: false })
  const findings = [finding('rule', 'error'), finding('rule', 'warning'), finding('review', 'error')]
  expect(blocking({ findings }).map(({ message }) => message)).toEqual(['rule error'])
  expect(findingsElsewhere(findings, ['/x'])).toEqual([])
  expect(findingsElsewhere(findings, ['/y'])).toHaveLength(3)
})

test('reminders and calls are not the deadline of a case', () => {
  const at = (kind: string, due_at: string) => ({ kind, due_at, party: 'provider' })
  const deadlines = [at('idle_soon', '2026-01-01'), at('call', '2026-01-02'), at('review', '2026-01-04'), at('idle', '2026-01-05')]
  expect(mainDeadline({ deadlines })?.kind).toBe('review')
  expect(mainDeadline({ deadlines: [] })).toBeUndefined()
})

test('an id is shown by its words, an unknown one as it is', () => {
  const field = { path: '/x', kind: 'multiselect', label: '', options: [{ value: 1, label: '中文' }] } as const
  expect(optionText({ ...field, options: [...field.options] }, [1, 9])).toBe('中文, 9')
  expect(optionText({ ...field, options: [...field.options] }, 0)).toBe('')
})

test('each field has words at hand that fit it', () => {
  expect(templatesFor('/materials/subject_certificate')).toContain('unclear')
  expect(templatesFor('/websites/3/name')).toContain('name_too_broad')
  expect(templatesFor('/subject/principal/mobile')).not.toContain('differs_from_document')
})
