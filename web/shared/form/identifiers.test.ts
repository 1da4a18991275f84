import { expect, test } from 'vitest'
import { certificateFault, domainFault } from './identifiers'

test.each([
  ['', undefined],
  ['yunshan-keji.cn', undefined],
  [' HTTPS://www.Yunshan-Keji.cn/a?b ', undefined],
  ['云杉数字。中国', undefined],
  ['yunshan', 'domain_suffix'],
  ['203.0.113.7', 'domain_ip'],
  ['203.0.113.7:8080', 'domain_ip'],
  ['a_b.cn', 'domain_form'],
  ['a..cn', 'domain_form'],
] as const)('domain %j', (typed, want) => expect(domainFault(typed)).toBe(want))

test.each([
  [1, '91110108MA0YK7W261', undefined],
  [1, ' 91110108ma0yk7w261', undefined],
  [1, '91110108MA0YK7W262', 'number_checksum'],
  [1, '91110108MA0YK7W26', 'number_length'],
  [1, '9111010OMA0YK7W261', 'number_form'],
  [1, '110108012345678', undefined],
  [2, '110108199305160025', undefined],
  [2, '１１０１０５１９４９１２３１００２ｘ', undefined],
  [2, '110108199305160026', 'number_checksum'],
  [2, '11010819930516002', 'number_length'],
  [2, 'A10108199305160025', 'number_form'],
  [7, 'E12345678', undefined],
  [2, '', undefined],
] as const)('certificate of type %j: %j', (type, typed, want) => expect(certificateFault(type, typed)).toBe(want))
