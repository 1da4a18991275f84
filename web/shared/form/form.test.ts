import { describe, expect, test } from 'vitest'
import { adopt, apply, diff, merge, same } from './changes'
import { check, isEmpty } from './check'
import { wordsFor } from './description'
import type { Field, FormDescription } from './description'
import { placeFaults } from './faults'
import { normalise } from './normalise'
import { at, bind, fieldId, overlaps, put } from './pointer'
import { allFields, isPerWebsite, mayAddWebsite, stepView } from './view'

const form: FormDescription = {
  type: 'add_website',
  nature: 4,
  limits: { websites: 2 },
  steps: [
    {
      id: 'subject',
      title: '主体信息',
      sections: [
        {
          id: 'organiser',
          title: '主办单位',
          fields: [
            { path: '/subject/name', kind: 'text', label: '名称', required: true, min_length: 2, max_length: 4 },
            { path: '/subject/city', kind: 'readonly', label: '地域', required: true },
          ],
        },
      ],
    },
    {
      id: 'websites',
      title: '网站信息',
      sections: [
        {
          id: 'site',
          title: '网站',
          fields: [
            { path: '/websites/*/content', kind: 'select', label: '内容', required: true, options: [{ value: 1, label: '单位' }, { value: 9, label: '其他' }] },
            { path: '/websites/*/remark', kind: 'textarea', label: '备注', required_when: { path: '/websites/*/content', equals: 9 } },
          ],
        },
        {
          id: 'approval',
          title: '前置审批',
          fields: [{ path: '/websites/*/approval', kind: 'text', label: '文号', visible_when: { path: '/websites/*/kinds', includes: 2 } }],
        },
      ],
    },
  ],
}
const [subject, websites] = form.steps as [FormDescription['steps'][0], FormDescription['steps'][0]]

describe('view', () => {
  test('a section appears only when one of its fields does, by the answers of its own website', () => {
    const draft = { websites: [{ kinds: [1] }, { kinds: [2] }] }
    expect(stepView(websites, draft, 0).map(({ section }) => section.id)).toEqual(['site'])
    expect(stepView(websites, draft, 1).map(({ section }) => section.id)).toEqual(['site', 'approval'])
  })
  test('a field becomes required by another answer', () => {
    const remark = (content: number) => stepView(websites, { websites: [{ content }] }, 0)[0]!.fields[1]!.required
    expect([remark(1), remark(9)]).toEqual([false, true])
  })
  test('all fields go through every website', () => {
    expect(allFields(form, { websites: [{}, {}] }).map(({ pointer }) => pointer)).toEqual([
      '/subject/name', '/subject/city', '/websites/0/content', '/websites/0/remark', '/websites/1/content', '/websites/1/remark',
    ])
    expect([isPerWebsite(subject), isPerWebsite(websites)]).toEqual([false, true])
  })
  test('the limit of websites holds', () => {
    expect([mayAddWebsite(form, {}), mayAddWebsite(form, { websites: [{}, {}] })]).toEqual([true, false])
  })
})

describe('check', () => {
  const codes = (name: unknown) => check(stepView(subject, { subject: { name } })[0]!.fields, { subject: { name } }).map(({ code }) => code)
  test.each([
    ['missing', undefined, ['required']],
    ['blanks', '   ', ['required']],
    ['too short', '某', ['too_short']],
    ['long enough, counted as people count', '𠮷野家店', []],
    ['too long', '一二三四五', ['too_long']],
  ])('%s', (_, value, want) => expect(codes(value)).toEqual(want))
  test('a choice outside the options is refused', () => {
    const draft = { websites: [{ content: 7 }] }
    expect(check(stepView(websites, draft, 0)[0]!.fields, draft)).toEqual([{ pointer: '/websites/0/content', code: 'not_an_option', limit: 0 }])
  })
  test('an answer may be told by a code', () => {
    const field: Field = { path: '/subject/role', kind: 'choice', label: '身份', required: true, options: [{ value: 0, code: 'legal', label: '法定代表人' }, { value: 0, code: 'authorised', label: '其他人员' }] }
    const told = (role: string) => check([{ field, pointer: '/subject/role', required: true }], { subject: { role } }).map(({ code }) => code)
    expect([told('authorised'), told('owner'), told('')]).toEqual([[], ['not_an_option'], ['required']])
    expect([wordsFor(field, 'authorised'), wordsFor(field, 0), wordsFor({}, 1)]).toEqual(['其他人员', undefined, undefined])
  })
  test('zero is an answer, an unticked box is none', () => expect([isEmpty(0), isEmpty(false)]).toEqual([false, true]))
})

describe('changes', () => {
  test('lead from one state to the other', () => {
    const from = { a: 1, list: [1, 2], rows: [{ id: 'x', n: 1 }, { id: 'y', n: 2 }] }
    const to = { b: 2, list: [2], rows: [{ id: 'y', n: 3 }, { id: 'z', n: 4 }, { id: 'w', n: 5 }] }
    const doc = structuredClone(from)
    adopt(doc, to)
    expect(doc).toEqual(to)
    expect(diff(doc, to)).toEqual([])
  })
  test('the sequence of members is no difference', () => {
    expect(diff({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toEqual([])
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false)
  })
  test('missing and null are the same answer', () => expect(diff({ a: null }, {})).toEqual([]))
  test('rows without an id are told apart by place', () => {
    expect(diff({ rows: [{ n: 1 }] }, { rows: [{ n: 1 }, { n: 2 }] })).toEqual([{ pointer: '/rows/1', value: { n: 2 } }])
  })
  test('the first row of a draft without any can be added', () => {
    const doc: Record<string, unknown> = {}
    for (const change of diff({}, { rows: [{ id: 'x', n: 1 }] })) apply(doc, change)
    expect(doc).toEqual({ rows: [{ id: 'x', n: 1 }] })
  })
  test('the same change on both sides is no conflict', () => {
    expect(merge({ a: 1 }, { a: 2 }, { a: 2 })).toEqual({ merged: { a: 2 }, conflicts: [] })
  })
})

describe('pointer', () => {
  test('escapes are read and written', () => {
    const doc = {}
    put(doc, '/a~1b/0/~0c', 1)
    expect(doc).toEqual({ 'a/b': [{ '~c': 1 }] })
    expect(at(doc, '/a~1b/0/~0c')).toBe(1)
    put(doc, '/a~1b/0', undefined)
    expect(doc).toEqual({ 'a/b': [] })
  })
  test('a repeated path is bound to its website and cannot do without', () => {
    expect(bind('/websites/*/name', 3)).toBe('/websites/3/name')
    expect(() => bind('/websites/*/name')).toThrow('needs a website')
  })
  test('a name that begins alike does not overlap', () => expect(overlaps('/a/b', '/a/bc')).toBe(false))
  test('an id is fit for HTML', () => expect(fieldId('/websites/0/name')).toBe('field-websites-0-name'))
})

test.each([
  ['mobile', ' １３８-0013 8000', '13800138000'],
  ['mobile', '+86 138 0013 8000', '13800138000'],
  ['phone', ' ０１０－8888 8888', '010-8888 8888'],
  ['phone', '010 — 88888888', '010-88888888'],
  ['identifier', ' 9111０108ma01 abcd5x', '91110108MA01ABCD5X'],
  ['email', ' a＠example.com ', 'a@example.com'],
  ['domain', 'HTTPS://Example。com/path?x=1', 'example.com'],
  ['text', ' 某 公司　', '某 公司'],
] as const)('%s %j is taken as %j', (kind, typed, want) => expect(normalise(kind, typed)).toBe(want))

test('faults go to the field seen, in the order of the page; the rest to the summary alone', () => {
  const placed = placeFaults(
    [
      { pointer: '/websites/0/kinds/1', code: 'x', message: 'inside' },
      { pointer: '/subject/name', code: 'x', message: 'first' },
      { pointer: '/subject/name', code: 'x', message: 'second' },
      { pointer: '/hidden', code: 'x', message: 'nowhere' },
    ],
    ['/subject/name', '/websites/0/kinds'],
  )
  expect(placed.byField.get('/subject/name')).toBe('first')
  expect(placed.list).toEqual([
    { pointer: '/subject/name', message: 'first' },
    { pointer: '/websites/0/kinds', message: 'inside' },
    { pointer: '', message: 'nowhere' },
  ])
})
