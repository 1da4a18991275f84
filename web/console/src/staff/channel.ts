/** The settings of a channel to an authority as a form: texts as they are typed, and back. */

import type { ChannelSettings, ChannelValues, Window } from '@/api/staff-types'

const texts = [
  'id', 'name', 'province', 'upload_url', 'query_url', 'verify_url', 'isp_id', 'user', 'password', 'key', 'iv', 'regions', 'poll_seconds',
  'timeout_seconds', 'max_age_seconds', 'max_records', 'max_megabytes', 'keep_days', 'access_mode', 'place', 'places', 'version', 'namespace',
  'query_namespace', 'verify_namespace', 'style', 'parts', 'hash', 'code_page', 'entry_name', 'password_form', 'query_kinds',
] as const
const flags = ['default', 'encrypt', 'qualified_parts', 'character_references', 'wide_codes', 'upper_hex'] as const
export type TextName = (typeof texts)[number]
export type FlagName = (typeof flags)[number]
export type FieldName = TextName | FlagName | 'hours'

export interface ChannelForm {
  text: Record<TextName, string>
  flag: Record<FlagName, boolean>
  hours: Window[]
}

interface Common {
  /** May be left empty. */
  optional?: boolean
}
/** How a field is asked for. */
export type Field = Common &
  (
    | { name: TextName; kind: 'text' | 'number' | 'lines' | 'secret' | 'province' }
    | { name: TextName; kind: 'choice'; choices: readonly string[] }
    | { name: FlagName; kind: 'flag' }
  )

/** The parts of the page below the hours and above them; the protocol is folded away. */
export const sections = {
  basics: [
    { name: 'name', kind: 'text' },
    { name: 'province', kind: 'province' },
  ],
  account: [
    { name: 'upload_url', kind: 'text' },
    { name: 'query_url', kind: 'text', optional: true },
    { name: 'verify_url', kind: 'text', optional: true },
    { name: 'isp_id', kind: 'number' },
    { name: 'user', kind: 'text' },
    { name: 'password', kind: 'secret' },
    { name: 'key', kind: 'secret', optional: true },
    { name: 'iv', kind: 'secret', optional: true },
    { name: 'encrypt', kind: 'flag' },
  ],
  orders: [
    { name: 'regions', kind: 'lines', optional: true },
    { name: 'default', kind: 'flag' },
  ],
  pace: [
    { name: 'poll_seconds', kind: 'number' },
    { name: 'timeout_seconds', kind: 'number' },
    { name: 'max_age_seconds', kind: 'number' },
    { name: 'max_records', kind: 'number' },
    { name: 'max_megabytes', kind: 'number' },
    { name: 'keep_days', kind: 'number' },
  ],
  protocol: [
    { name: 'version', kind: 'text' },
    { name: 'namespace', kind: 'text' },
    { name: 'query_namespace', kind: 'text', optional: true },
    { name: 'verify_namespace', kind: 'text', optional: true },
    { name: 'style', kind: 'choice', choices: ['document', 'rpc'] },
    { name: 'parts', kind: 'lines', optional: true },
    { name: 'hash', kind: 'choice', choices: ['raw', 'hex'] },
    { name: 'code_page', kind: 'choice', choices: ['GBK', 'GB18030'] },
    { name: 'password_form', kind: 'choice', choices: ['plain', 'md5hex'] },
    { name: 'entry_name', kind: 'text' },
    { name: 'query_kinds', kind: 'lines', optional: true },
    { name: 'access_mode', kind: 'number' },
    { name: 'place', kind: 'number' },
    { name: 'places', kind: 'lines', optional: true },
    { name: 'qualified_parts', kind: 'flag' },
    { name: 'character_references', kind: 'flag' },
    { name: 'wide_codes', kind: 'flag' },
    { name: 'upper_hex', kind: 'flag' },
  ],
} satisfies Record<string, Field[]>
export type SectionName = keyof typeof sections

const inProfile = new Set<string>([
  'version', 'namespace', 'query_namespace', 'verify_namespace', 'style', 'parts', 'hash', 'code_page', 'entry_name', 'password_form',
  'query_kinds', 'encrypt', 'qualified_parts', 'character_references', 'wide_codes', 'upper_hex',
])
/** Where the server tells a field's fault. */
export const pointerOf = (name: FieldName): string => (inProfile.has(name) ? '/profile/' : '/') + name
/** Every field in the order of the page. */
export const fieldNames: readonly FieldName[] = [
  'id',
  ...sections.basics.map(({ name }) => name),
  ...sections.account.map(({ name }) => name),
  ...sections.orders.map(({ name }) => name),
  'hours',
  ...sections.pace.map(({ name }) => name),
  ...sections.protocol.map(({ name }) => name),
]

export function typedChannel(id: string, s: ChannelSettings): ChannelForm {
  const p = s.profile
  const number = (n: number) => (n === 0 ? '' : String(n))
  return {
    text: {
      id, name: s.name, province: s.province, upload_url: s.upload_url, query_url: s.query_url, verify_url: s.verify_url, isp_id: number(s.isp_id),
      user: s.user, password: '', key: '', iv: '', regions: s.regions.join('\n'), poll_seconds: String(s.poll_seconds),
      timeout_seconds: String(s.timeout_seconds), max_age_seconds: String(s.max_age_seconds), max_records: String(s.max_records),
      max_megabytes: String(s.max_megabytes), keep_days: String(s.keep_days), access_mode: String(s.access_mode), place: String(s.place),
      places: s.places.map(({ region, place }) => `${region} ${place}`).join('\n'), version: p.version, namespace: p.namespace,
      query_namespace: p.query_namespace, verify_namespace: p.verify_namespace, style: p.style,
      parts: Object.entries(p.parts).map(([operation, names]) => `${operation} ${names.join(' ')}`).join('\n'),
      hash: p.hash, code_page: p.code_page, entry_name: p.entry_name, password_form: p.password_form,
      query_kinds: p.query_kinds.map(({ certificate_type, kind }) => `${certificate_type} ${kind}`).join('\n'),
    },
    flag: {
      default: s.default, encrypt: p.encrypt, qualified_parts: p.qualified_parts, character_references: p.character_references,
      wide_codes: p.wide_codes, upper_hex: p.upper_hex,
    },
    hours: s.hours.map((one) => ({ ...one })),
  }
}

/** A number as it was typed, full-width digits too; what is none becomes -1, which no bound takes. */
function whole(typed: string): number {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return 0
  return /^\d{1,15}$/.test(text) ? Number(text) : -1
}
/** A time as 08:30, also from 8:30 and full-width digits. */
const clockTime = (typed: string): string => typed.normalize('NFKC').trim().replace(/^(\d):/, '0$1:')
const lines = (typed: string): string[] => typed.split(/[\n,，;；]/).map((one) => one.trim()).filter(Boolean)
const words = (typed: string): string[][] => typed.split('\n').map((one) => one.trim().split(/[\s:：,，=]+/).filter(Boolean)).filter((one) => one.length > 0)

export function channelValues({ text, flag, hours }: ChannelForm): ChannelValues {
  return {
    name: text.name, province: text.province, upload_url: text.upload_url.trim(), query_url: text.query_url.trim(), verify_url: text.verify_url.trim(),
    isp_id: whole(text.isp_id), user: text.user, regions: lines(text.regions), default: flag.default,
    hours: hours.map(({ day, from, to }) => ({ day, from: clockTime(from), to: clockTime(to) })),
    poll_seconds: whole(text.poll_seconds), timeout_seconds: whole(text.timeout_seconds), max_age_seconds: whole(text.max_age_seconds),
    max_records: whole(text.max_records), max_megabytes: whole(text.max_megabytes), keep_days: whole(text.keep_days),
    access_mode: whole(text.access_mode), place: whole(text.place),
    places: words(text.places).map(([region = '', place = '']) => ({ region, place: whole(place) })),
    profile: {
      version: text.version.trim(), namespace: text.namespace.trim(), query_namespace: text.query_namespace.trim(),
      verify_namespace: text.verify_namespace.trim(), style: text.style === 'rpc' ? 'rpc' : 'document', qualified_parts: flag.qualified_parts,
      parts: Object.fromEntries(words(text.parts).map(([operation = '', ...names]) => [operation, names])),
      hash: text.hash === 'hex' ? 'hex' : 'raw', code_page: text.code_page === 'GB18030' ? 'GB18030' : 'GBK',
      character_references: flag.character_references, wide_codes: flag.wide_codes, encrypt: flag.encrypt, entry_name: text.entry_name.trim(),
      upper_hex: flag.upper_hex, password_form: text.password_form === 'md5hex' ? 'md5hex' : 'plain',
      query_kinds: words(text.query_kinds).map(([type = '', kind = 'x']) => ({ certificate_type: whole(type), kind: whole(kind) })),
    },
    ...(text.password && { password: text.password }),
    ...(text.key && { key: text.key }),
    ...(text.iv && { iv: text.iv }),
  }
}
