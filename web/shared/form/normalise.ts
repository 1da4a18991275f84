/** Takes what people type as what they mean: full-width signs, stray spaces and dashes. */

import type { FieldKind } from './description'

const halfWidth = (text: string): string =>
  text
    .replaceAll(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')

/** The text that is kept and shown; prose only loses its outer blanks. */
export function normalise(kind: FieldKind, text: string): string {
  switch (kind) {
    case 'mobile':
      return halfWidth(text).replaceAll(/[\s().-]/g, '').replace(/^(\+?86)(?=1\d{10}$)/, '')
    case 'phone':
      return halfWidth(text).replaceAll(/[\u2010-\u2015\u2212]/g, '-').replaceAll(/\s*-\s*/g, '-').trim()
    case 'identifier':
      return halfWidth(text).replaceAll(/\s/g, '').toUpperCase()
    case 'email':
      return halfWidth(text).replaceAll(/\s/g, '')
    case 'domain':
      return halfWidth(text)
        .replaceAll(/\s/g, '')
        .replaceAll('。', '.')
        .replace(/^https?:\/\//i, '')
        .replace(/[/?#].*$/, '')
        .replace(/\.$/, '')
        .toLowerCase()
    default:
      return text.trim()
  }
}
