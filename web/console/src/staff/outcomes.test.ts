import { describe, expect, test } from 'vitest'
import type { Outcome } from '@/api/staff-types'
import { countGroups, findOutcomes } from './outcomes'

const outcome = (rule: string, state: Outcome['state'], severity: Outcome['severity'] = 'error', more: Partial<Outcome> = {}): Outcome => ({
  rule, pointer: `/${rule}`, state, severity, seen: false, label: rule, ...more,
})
const items = [
  outcome('a', 'passed'),
  outcome('b', 'unjudged'),
  outcome('c', 'failed', 'info'),
  outcome('d', 'failed', 'warning', { reference: { text: '网站名称不能超出地域', source: '公布的要求', province: '湖南省' } }),
  outcome('e', 'failed'),
]
const ids = (...how: Parameters<typeof findOutcomes> extends [unknown, ...infer R] ? R : never) => findOutcomes(items, ...how).map(({ rule }) => rule)

test('a remark is no failure', () => expect(countGroups(items)).toEqual({ failed: 2, noted: 1, unjudged: 1, passed: 1 }))

describe('the list', () => {
  test('has what failed first, the gravest before', () => expect(ids('all')).toEqual(['e', 'd', 'c', 'b', 'a']))
  test('has one group where one is chosen', () => expect([ids('failed'), ids('noted')]).toEqual([['e', 'd'], ['c']]))
  test('is searched in the place, the words of the rule and its province', () => {
    expect(ids('all', '湖南 名称')).toEqual(['d'])
    expect(ids('all', '湖南 域名')).toEqual([])
    expect(ids('passed', ' ')).toEqual(['a'])
  })
})
