import { expect, test } from 'vitest'
import { findingText, ifMatch, newKey, openFindings, partyOf, placeOf } from './order'
import type { Finding, Website } from '@/api/types'

const order = { id: 'o1', websites: [{ id: 'w1' }, { id: 'w2' }] as Website[] }

test.each([
  ['/subject/principal/mobile', '/orders/o1/subject#field-subject-principal-mobile'],
  ['/filing/password', '/orders/o1/subject#field-filing-password'],
  ['/websites/1/name', '/orders/o1/websites/w2#field-websites-0-name'],
  ['/websites/1', '/orders/o1/websites/w2'],
  ['/websites', '/orders/o1/websites'],
  ['/websites/7/name', '/orders/o1/websites'],
  ['/materials/pre_approval/1', '/orders/o1/materials#field-materials-pre_approval-1'.replace('_', '-')],
  ['/consents', '/orders/o1/confirm#consents'],
  ['', '/orders/o1'],
])('the fault at %s is mended at %s', (pointer, want) => expect(placeOf(order, pointer)).toBe(want))

test('a version is named as an entity tag', () => expect(ifMatch({ version: 7 })).toEqual({ 'If-Match': '"v7"' }))

test.each([
  ['reviewer', 'provider'],
  ['operator', 'provider'],
  ['applicant', 'applicant'],
  ['system', 'system'],
])('what %s did is told as done by %s', (by, want) => expect(partyOf(by)).toBe(want))

test('keys differ', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
  expect(newKey()).not.toBe(newKey())
})

test('open findings are errors of the rules and remarks of people that are not mended', () => {
  const finding = (pointer: string, more: Partial<Finding>): Finding => ({ pointer, severity: 'error', source: 'rule', message: pointer, mended: false, ...more })
  const findings = [
    finding('/subject/name', {}),
    finding('/subject/address', { severity: 'warning' }),
    finding('/subject/remark', { severity: 'warning', source: 'review' }),
    finding('/subject/investor', { source: 'review', mended: true }),
    finding('/subjects', {}),
  ]
  expect(openFindings({ findings }, '/subject').map(({ pointer }) => pointer)).toEqual(['/subject/name', '/subject/remark'])
})

test('advice follows the remark', () => {
  expect(findingText({ message: '照片不清楚。', advice: '请重拍。' })).toBe('照片不清楚。 · 请重拍。')
  expect(findingText({ message: '照片不清楚。' })).toBe('照片不清楚。')
})
