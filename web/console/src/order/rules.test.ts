import { expect, test } from 'vitest'
import type { Rule } from '@/api/types'
import { provinceOf, rulesOfStep } from './rules'

const rule = (id: string, field: string, more: Partial<Rule> = {}): Rule => ({
  id, field, field_label: id, severity: 'error', text: id, source: 's', scope: 'national', pack: 'p', edition: '2026-11-24', own: false, group: 'order', ...more,
})
const rules = [
  rule('nation.name', '/websites/*/name'),
  rule('nation.overseas', '/subject/certificate_type', { certificate_types: [{ value: 27, label: '' }] }),
  rule('nation.size', '', { judged_by: 'materials' }),
  rule('hunan.mobile', '/principals/*/mobile', { scope: '430000', severity: 'info' }),
  rule('hunan.role', '/subject/principal/role', { scope: '430000' }),
  rule('hunan.websites', '/websites', { scope: '430000' }),
  rule('hunan.certificate', '/websites/*/domain', { scope: '430000', material: 'domain_certificate' }),
  rule('hunan.remark', '/websites/*/remark', { scope: '430000', contents: [{ value: 9, label: '' }] }),
  rule('hunan.other', '/websites/*/remark', { scope: '430000', contents_not: [{ value: 9, label: '' }] }),
]
const ids = (step: Parameters<typeof rulesOfStep>[0], answers = {}) => {
  const { province, nation } = rulesOfStep(step, rules, answers)
  return [province.map(({ id }) => id), nation.map(({ id }) => id)]
}

test('a step has the rules of its fields, those of the province apart and the strictest first', () => {
  expect(ids('subject')).toEqual([['hunan.role', 'hunan.mobile'], ['nation.overseas']])
  expect(ids('websites')).toEqual([['hunan.websites', 'hunan.certificate'], []])
  expect(ids('website')).toEqual([['hunan.remark', 'hunan.other'], ['nation.name']])
  expect(ids('materials')).toEqual([['hunan.certificate'], ['nation.size']])
})

test('what is for other answers is left out once they are given', () => {
  expect(ids('subject', { certificateType: 1 })[1]).toEqual([])
  expect(ids('website', { content: 9 })[0]).toEqual(['hunan.remark'])
  expect(ids('website', { content: 1 })[0]).toEqual(['hunan.other'])
  expect(ids('website', { content: 0 })[0]).toEqual(['hunan.remark', 'hunan.other'])
})

test('a region names its province', () => expect([provinceOf('430104'), provinceOf('')]).toEqual(['430000', '']))
