import { beforeAll, describe, expect, test } from 'vitest'
import type { LocationQuery } from 'vue-router'
import { setLocale } from '@/i18n'
import { askedApi, askedQuery, lacks, readAsked } from './compare'
import { differences, partsOf, wordsChanged } from './differences'
import { isEmpty, readFilter, toApi, toQuery } from './filter'
import { grouped, sections, tally } from './sections'
import type { Rule } from './types'
import { editionKind, judgedBy, severityMeans, severityName } from './words'

beforeAll(() => setLocale('zh-CN', false))

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id, severity: 'error', field: '/websites/*/name', field_label: '网站名称', group: 'website', text: id, source: '来源', scope: 'national', pack: 'p', edition: '2026-11-24', own: false, ...more,
})

describe('the filter in the URL', () => {
  test('is read as it was written', () => {
    const query = { province: '430000', nature: '4', type: 'add_website', severity: 'warning', q: '授权书 单位', version: '2026-11-24+03fa05bd' }
    expect(toQuery(readFilter(query))).toEqual(query)
  })

  test('takes nothing that cannot be one', () => {
    const filter = readFilter({ province: '43', nature: 'x', type: 'Add', severity: 'fatal', q: ['a', 'b'], version: '' })
    expect(toQuery(filter)).toEqual({})
    expect(isEmpty(filter)).toBe(true)
  })

  test('of an edition alone is empty: there is still a province to choose', () => {
    expect(isEmpty(readFilter({ version: 'v' }))).toBe(true)
    expect(isEmpty(readFilter({ q: '名' }))).toBe(false)
  })

  test('asks the API for a province, or for the nation', () => {
    expect(toApi(readFilter({ province: '430000', nature: '5' }))).toMatchObject({ province: '430000', scope: undefined, nature: 5 })
    expect(toApi(readFilter({ province: 'national' }))).toMatchObject({ province: undefined, scope: 'national', nature: undefined })
  })
})

describe('the list', () => {
  const list = [
    rule('n1'),
    rule('h1', { scope: '430000', province: '湖南省', group: 'material' }),
    rule('own', { own: true }),
    rule('b1', { scope: '110000', province: '北京市' }),
    rule('n2', { group: 'order', severity: 'info' }),
  ]

  test('has provinces first, then the platform, then the nation, each by subject', () => {
    expect(sections(list).map(({ id, kind, name, count, groups }) => [id, kind, name, count, groups.map(({ group }) => group).join()])).toEqual([
      ['rules-110000', 'province', '北京市', 1, 'website'],
      ['rules-430000', 'province', '湖南省', 1, 'material'],
      ['rules-own', 'own', '', 1, 'website'],
      ['rules-national', 'national', '', 2, 'order,website'],
    ])
  })

  test('keeps the rules of a field together, the binding ones first', () => {
    const [group] = grouped([rule('a', { severity: 'info' }), rule('b', { field: '/websites/*/remark' }), rule('c', { severity: 'error' })])
    expect(group?.rules.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  test('counts by strength', () => expect(tally(list)).toEqual({ error: 4, warning: 0, info: 1 }))
})

describe('a comparison in the URL', () => {
  test('of provinces and of editions is read as it was written', () => {
    const queries: LocationQuery[] = [{ a: '110000', b: '430000', nature: '4' }, { from: 'v1', to: 'v2', type: 'change' }, { mode: 'editions' }, {}]
    for (const query of queries) {
      expect(askedQuery(readAsked(query))).toEqual(query)
    }
  })

  test('says what it lacks', () => {
    expect(lacks(readAsked({}))).toBe('both')
    expect(lacks(readAsked({ a: '110000' }))).toBe('other')
    expect(lacks(readAsked({ a: '110000', b: '110000' }))).toBe('same')
    expect(lacks(readAsked({ from: 'v1', to: 'v2' }))).toBeUndefined()
  })

  test('asks the API for the one or the other', () => {
    expect(askedApi(readAsked({ a: '110000', b: '430000', nature: '5' }))).toEqual({ province_a: '110000', province_b: '430000', nature: 5, type: undefined })
    expect(askedApi(readAsked({ from: 'v1', to: 'v2' }))).toEqual({ version_a: 'v1', version_b: 'v2', nature: undefined, type: undefined })
  })
})

describe('differences', () => {
  const a = rule('a', { text: '至少 3 个', params: { min: '3' }, who: '单位', contents_not: [{ value: 1, label: '其他' }] })
  const b = rule('b', { text: '至少 4 个', params: { min: '4' }, severity: 'warning', as_of: '2022' })

  test('are told in words, the parameters by the text that has them', () => {
    expect(differences(['severity', 'text', 'params', 'natures', 'contents', 'contents_not', 'as_of', 'examples'], a, b)).toEqual([
      { part: 'severity', a: '必须符合', b: '建议符合' },
      { part: 'text', a: '至少 3 个', b: '至少 4 个' },
      { part: 'who', a: '单位', b: '不限' },
      { part: 'contents', a: '其他以外的', b: '不限' },
      { part: 'source', a: '来源', b: '来源（2022）' },
    ])
  })

  test('of what nobody sees are none', () => {
    expect(partsOf(['examples', 'codes', 'pack'])).toEqual([])
    expect(differences(['params', 'field'], a, a)).toEqual([])
  })

  test('of a list are what came and what went', () => {
    const words = (list: string) => rule('w', { params: { words: list, min: '1' } })
    expect(wordsChanged(words('甲、乙'), words('乙、丙、丁'))).toEqual({ gone: ['甲'], added: ['丙', '丁'] })
    expect(wordsChanged(words('甲'), words('甲'))).toEqual({ gone: [], added: [] })
    expect(wordsChanged(a, b)).toEqual({ gone: [], added: [] })
  })
})

test('strength, checker and edition have names', () => {
  expect(severityName({ severity: 'error' })).toBe('必须符合')
  expect(severityName({ severity: 'warning', material: 'pledge' })).toBe('建议材料')
  expect(severityMeans({ severity: 'error', material: 'pledge' })).toContain('材料')
  expect(severityMeans({ severity: 'info' })).toContain('不影响')
  expect(judgedBy({ judged_by: 'domains' })).toBe('域名检测')
  expect(judgedBy({})).toBe('')
  expect(editionKind('restore')).toBe('恢复旧版本')
})
