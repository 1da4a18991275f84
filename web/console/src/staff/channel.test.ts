import { expect, test } from 'vitest'
import type { ChannelSettings } from '@/api/staff-types'
import { channelValues, fieldNames, pointerOf, typedChannel } from './channel'

const settings: ChannelSettings = {
  name: '上海', province: '310000', upload_url: 'http://192.0.2.1/up', query_url: '', verify_url: '', isp_id: 4712, user: 'cloud',
  profile: {
    version: 'V.3.0', namespace: 'http://example/', query_namespace: '', verify_namespace: '', style: 'rpc', qualified_parts: false,
    parts: { isp_download: ['ispId', 'userName'] }, hash: 'hex', code_page: 'GB18030', character_references: true, wide_codes: false, encrypt: true,
    entry_name: 'beianinfo.xml', upper_hex: false, password_form: 'md5hex', query_kinds: [{ certificate_type: 13, kind: 14 }],
  },
  hours: [{ day: 1, from: '08:30', to: '17:30' }], poll_seconds: 60, max_records: 1000, max_megabytes: 48, max_age_seconds: 0, keep_days: 100,
  timeout_seconds: 60, access_mode: 0, place: 0, places: [{ region: 'ap-shanghai', place: 310000 }], regions: ['ap-shanghai', 'ap-nanjing'], default: false,
}

test('what was not touched goes back as it came, without secrets', () => {
  expect(channelValues(typedChannel('sh', settings))).toEqual(settings)
})

test('what is typed is taken as it is meant', () => {
  const form = typedChannel('sh', settings)
  Object.assign(form.text, { poll_seconds: ' １２０ ', keep_days: 'many', regions: 'ap-a，ap-b\n\n ap-c', places: 'ap-a: 110000\nap-b 310000', password: 'x', isp_id: '', query_kinds: '49：1\n13' })
  form.hours = [{ day: 2, from: ' 8：30', to: '２４:00' }]
  const got = channelValues(form)
  expect(got.hours).toEqual([{ day: 2, from: '08:30', to: '24:00' }])
  expect(got).toMatchObject({ poll_seconds: 120, keep_days: -1, isp_id: 0, regions: ['ap-a', 'ap-b', 'ap-c'], password: 'x' })
  expect(got.places).toEqual([{ region: 'ap-a', place: 110_000 }, { region: 'ap-b', place: 310_000 }])
  expect(got.profile.query_kinds).toEqual([{ certificate_type: 49, kind: 1 }, { certificate_type: 13, kind: -1 }])
  expect(got).not.toHaveProperty('key')
})

test('every field has one place on the page, and its pointer', () => {
  expect(new Set(fieldNames).size).toBe(fieldNames.length)
  const form = typedChannel('sh', settings)
  expect([...fieldNames].sort()).toEqual([...Object.keys(form.text), ...Object.keys(form.flag), 'hours'].sort())
  expect(pointerOf('code_page')).toBe('/profile/code_page')
  expect(pointerOf('keep_days')).toBe('/keep_days')
})
