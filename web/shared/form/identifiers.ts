/**
 * What a client can see by itself of a domain or certificate number while it is
 * typed: its form and check character. The server judges everything again.
 */

import { normalise } from './normalise'

export type IdentifierFault = 'domain_suffix' | 'domain_ip' | 'domain_form' | 'number_length' | 'number_form' | 'number_checksum'

/** A domain as typed or pasted; nothing typed has no fault. */
export function domainFault(typed: string): IdentifierFault | undefined {
  const name = normalise('domain', typed)
  if (name === '') return undefined
  if (/^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(name) || name.startsWith('[')) return 'domain_ip'
  if (!/^[\p{L}\p{M}\p{N}.-]+(:\d+)?$/u.test(name) || name.startsWith('.') || name.includes('..')) return 'domain_form'
  return name.includes('.') ? undefined : 'domain_suffix'
}

/** The certificate types whose numbers have a check character that is known here. */
const businessLicence = 1
const residentId = 2

/** A certificate number of a type; other types than the two usual ones are left to the server. */
export function certificateFault(type: number, typed: string): IdentifierFault | undefined {
  const number = normalise('identifier', typed).replaceAll('-', '')
  if (number === '') return undefined
  if (type === residentId) return citizenFault(number)
  // Registration numbers from before the credit code have 13 or 15 digits.
  if (type === businessLicence && !/^(\d{13}|\d{15})$/.test(number)) return creditFault(number)
  return undefined
}

/** GB 11643: 17 digits and a character by ISO 7064 MOD 11-2. */
function citizenFault(number: string): IdentifierFault | undefined {
  if (number.length !== 18) return 'number_length'
  if (!/^\d{17}[\dX]$/.test(number)) return 'number_form'
  const sum = Array.from(number.slice(0, 17)).reduce((all, digit, i) => all + Number(digit) * (2 ** (17 - i) % 11), 0)
  return '10X98765432'[sum % 11] === number[17] ? undefined : 'number_checksum'
}

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** GB 32100: 18 characters without I, O, S, V and Z, the last by MOD 31. */
function creditFault(number: string): IdentifierFault | undefined {
  if (number.length !== 18) return 'number_length'
  const values = [...number].map((sign) => creditAlphabet.indexOf(sign))
  if (values.includes(-1)) return 'number_form'
  let weight = 1
  let sum = 0
  for (const value of values.slice(0, 17)) {
    sum += value * weight
    weight = (weight * 3) % 31
  }
  return values[17] === (31 - (sum % 31)) % 31 ? undefined : 'number_checksum'
}
