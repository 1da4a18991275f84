import { afterEach, describe, expect, test, vi } from 'vitest'
import type { OrderView, Precheck } from '@/api/types'
import { answersOf, inputOf, noAnswers } from './answers'
import { fill, subjectWith, websiteWith } from './order'
import { forget, remember, remembered } from './remembered'

const answers = (more: Partial<ReturnType<typeof noAnswers>> = {}) => Object.assign(noAnswers(), { domain: ' yunshan.cn ', nature: '4', region: '11' }, more)

const report = (asked: Partial<Precheck['asked']> = {}) =>
  ({
    id: 'r1',
    asked: { domain: 'yunshan.cn', unicode: 'yunshan.cn', region: '110000', nature: 4, person: false, certificate_given: false, name_given: false, ...asked },
  }) as Precheck

const order = (subject: object = {}, website: object = {}) =>
  ({
    id: 'o1',
    version: 3,
    subject: { region: '', nature: 4, certificate_type: 1, certificate_number: 'N', name: 'U', certificate_address: '', address: '', principal: { mobile: '139' }, ...subject },
    websites: [{ id: 'w1', name: '', domain: 'yunshan.cn', service_content: 0, languages: [1], pre_approvals: [], same_as_subject: true, principal: {}, ...website }],
  }) as unknown as OrderView

afterEach(() => {
  forget()
  vi.restoreAllMocks()
})

describe('what is sent', () => {
  test('leaves out what was not answered', () => {
    expect(inputOf(answers())).toEqual({ domain: 'yunshan.cn', nature: 4, region: '11' })
  })
  test('has numbers and truths as such, and a server only where there is one', () => {
    const server = answers({ resource: 'server', mainland: 'no', months_bought: ' １２ ', days_left: 'many', certificate_type: '1', certificate_number: ' 91 ' })
    expect(inputOf(server)).toMatchObject({ certificate_type: 1, certificate_number: '91', resource: { kind: 'server', mainland: false, months_bought: 12, days_left: -1 } })
    expect(inputOf(answers({ resource: 'none', mainland: 'no' })).resource).toEqual({ kind: 'none' })
  })
})

describe('another try', () => {
  const asked = { certificate_type: 2, nature: 5, resource: { kind: 'server' as const, prepaid: true, months_bought: 0 }, subject_filed: 'no' as const }
  test('begins with what the report keeps and this tab remembers', () => {
    remember('r1', true, answers({ certificate_number: ' 110 ', website_name: '知夏笔记' }))
    const again = answersOf(report(asked), remembered())
    expect(again).toMatchObject({ region: '11', nature: '5', certificate_type: '2', certificate_number: '110', website_name: '知夏笔记', prepaid: 'yes', mainland: '', months_bought: '0', subject_filed: 'no' })
  })
  test('takes nothing from another pre-check', () => {
    remember('r2', true, answers({ certificate_number: '110', website_name: '知夏笔记' }))
    expect(answersOf(report(asked), remembered())).toMatchObject({ certificate_number: '', website_name: '' })
  })
})

describe('an order', () => {
  test('gets what is missing, and keeps what stands there', () => {
    expect(subjectWith(order(), report())).toMatchObject({ region: '110000', nature: 4, name: 'U', principal: { mobile: '139' } })
    expect(subjectWith(order({ region: '110108' }), report())).toBeUndefined()
    expect(websiteWith(order(), report({ website_name: '云杉', service_content: 8 }), undefined)).toMatchObject({ id: 'w1', body: { name: '云杉', service_content: 8, languages: [1] } })
    expect(websiteWith(order({}, { name: '云杉', service_content: 8 }), report({ website_name: '别的', service_content: 24 }), undefined)).toBeUndefined()
  })
  test('takes the kind of organiser only for the certificate that it was told for', () => {
    expect(subjectWith(order({ region: '110108', nature: 2, certificate_type: 49 }), report({ nature: 3, certificate_type: 49 }))).toMatchObject({ nature: 3 })
    expect(subjectWith(order({ region: '110108' }), report({ nature: 3, certificate_type: 49 }))).toBeUndefined()
  })
  test("gets an individual's site name from this tab, and only of this pre-check", () => {
    remember('r1', true, answers({ website_name: '知夏笔记' }))
    expect(websiteWith(order(), report(), remembered())).toMatchObject({ body: { name: '知夏笔记' } })
    remember('r2', true, answers({ website_name: '知夏笔记' }))
    expect(websiteWith(order(), report(), remembered())).toBeUndefined()
  })
  test('is saved once each under its version, and then what was remembered is gone', async () => {
    remember('r1', true, answers({ website_name: '知夏笔记' }))
    const seen: string[] = []
    vi.stubGlobal('fetch', async (request: Request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get('If-Match')}`)
      return Response.json({ ...order({ region: '110000' }), version: 4 })
    })
    expect((await fill(order(), report(), remembered())).ok).toBe(true)
    expect(seen).toEqual(['PUT /api/v1/orders/o1/subject "v3"', 'PUT /api/v1/orders/o1/websites/w1 "v4"'])
    expect(remembered()).toBeUndefined()
  })
  test('keeps what is remembered while it could not be saved', async () => {
    remember('r1', true, answers({ website_name: '知夏笔记' }))
    vi.stubGlobal('fetch', async () => Response.json({ status: 503, code: 'unavailable' }, { status: 503 }))
    expect((await fill(order(), report(), remembered())).ok).toBe(false)
    expect(remembered()?.website_name).toBe('知夏笔记')
  })
})

test('what this tab remembers outlives damage of the storage', () => {
  sessionStorage.setItem('beian.precheck', '{')
  expect(remembered()).toBeUndefined()
})
