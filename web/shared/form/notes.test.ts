import { describe, expect, test } from 'vitest'
import type { Field } from './description'
import { placeNotes } from './notes'
import type { NoteState, Said } from './notes'

const field = (path: string, kind: Field['kind'] = 'text') => ({ field: { path, kind, label: path }, pointer: path, required: false })
const fields = [field('/websites/0/name'), field('/websites/0/remark', 'textarea'), field('/websites/0/content', 'select'), field('/websites/0/approvals', 'pre_approvals')]
const said = (more: Partial<Said> = {}): Said => ({ pointer: '/websites/0/name', severity: 'error', source: 'rule', rule: 'hunan.name', ...more })
const state = (more: Partial<NoteState> = {}): NoteState => ({ met: () => true, tried: false, faulty: () => false, ...more })
const full = { websites: [{ name: '长沙测试', remark: '公司官网', content: 1, approvals: [{ type: 1 }] }] }
const empty = { websites: [{ name: ' ', remark: '', content: 0, approvals: [] }] }

const toneAt = (finding: Said, draft: object, how: NoteState) =>
  [...placeNotes([finding], fields, draft, how).byField.values()].flat().map(({ tone }) => tone)[0] ?? 'unsaid'

describe('the tone of a finding', () => {
  test.each<[string, Partial<Said>, object, Partial<NoteState>, string]>([
    ['an error at an answer that was left', {}, full, {}, 'error'],
    ['a warning at an answer that was left', { severity: 'warning' }, full, {}, 'warning'],
    ['an error at an answer that is being typed', {}, full, { met: () => false }, 'ask'],
    ['a warning at an answer that is being typed', { severity: 'warning' }, full, { met: () => false }, 'ask'],
    ['an error at an empty field', {}, empty, {}, 'ask'],
    ['an error at a choice that was not made', { pointer: '/websites/0/content' }, empty, {}, 'ask'],
    ['an error at an empty list', { pointer: '/websites/0/approvals' }, empty, {}, 'ask'],
    ['an error at an empty field once somebody tried to go on', {}, empty, { tried: true }, 'error'],
    ['a remark', { severity: 'info' }, full, { met: () => false }, 'info'],
    ['a remark at an empty field', { severity: 'info' }, empty, {}, 'info'],
    ['a missing answer', { rule: 'form' }, empty, {}, 'unsaid'],
    ['a missing answer once somebody tried to go on', { rule: 'form' }, empty, { tried: true }, 'error'],
    ['a form that is wrong while it is typed', { rule: 'form' }, full, { met: () => false }, 'unsaid'],
    ['a form that is wrong', { rule: 'form' }, full, {}, 'error'],
    ['what the client says itself', { rule: 'form' }, empty, { tried: true, faulty: () => true }, 'unsaid'],
    ['a rule beside what the client says itself', {}, empty, { tried: true, faulty: () => true }, 'error'],
    ['what a reviewer said', { source: 'review' }, empty, { met: () => false }, 'error'],
    ['what a reviewer said and was mended', { source: 'review', mended: true }, full, {}, 'unsaid'],
  ])('%s', (_, finding, draft, how, want) => expect(toneAt(said(finding), draft, state(how))).toBe(want))
})

test('the gravest stands first, the others as they came', () => {
  const list = [said({ severity: 'info', rule: 'a' }), said({ severity: 'warning', rule: 'b' }), said({ rule: 'c' }), said({ severity: 'warning', rule: 'd' })]
  const notes = placeNotes(list, fields, full, state()).byField.get('/websites/0/name') ?? []
  expect(notes.map(({ finding }) => finding.rule)).toEqual(['c', 'b', 'd', 'a'])
})

test('what is said of an element of a list, or of a whole website, stands at the first field it touches', () => {
  const { byField } = placeNotes([said({ pointer: '/websites/0/approvals/0/number' }), said({ pointer: '/websites/0' })], fields, full, state())
  expect([...byField.keys()]).toEqual(['/websites/0/approvals', '/websites/0/name'])
})

test('what is said of nothing on the page is left for the page to tell', () => {
  const { byField, rest } = placeNotes([said({ pointer: '' }), said({ pointer: '/websites/1/name' })], fields, full, state())
  expect(byField.size).toBe(0)
  expect(rest.map(({ pointer }) => pointer)).toEqual(['', '/websites/1/name'])
})
