/** A server with a desk, for the pages of staff: answers as the real one does. */

import type { Page, Route } from '@playwright/test'
import { form, hunan, need, order, refusal } from '../applicant/case.ts'
import { expect, expectSoundPage, signedInAs } from '../page.ts'

export { refusal }
export type Json = Record<string, unknown>
export type Answers = Record<string, Json | ((route: Route) => Promise<void> | void)>

export const reviewer = ['case.read_any', 'case.review', 'personal.reveal', 'filing.read', 'notice.read']
export const operator = [
  'case.read_any', 'case.file', 'inventory.manage', 'channel.manage', 'notice.read', 'authority.read', 'authority.manage',
  'setting.manage', 'rule.manage', 'reference.manage', 'account.read', 'name.confirm', 'audit.read',
]
export const admin = ['account.read', 'account.manage', 'setting.manage', 'rule.manage', 'reference.manage']

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()

/** A case that the signed-in reviewer has taken, with a picture, a rule's finding and one call missed. */
export const taken = (more: Json = {}): Json =>
  order({
    state: 'provider_review',
    waiting_on: 'provider',
    round: 2,
    reviewer: 'a1',
    deadlines: [
      { kind: 'review', due_at: ago(3), party: 'provider' },
      { kind: 'call', due_at: ago(1), party: 'provider' },
    ],
    calls_missed: 1,
    calls: [{ at: ago(2), round: 2, whom: '/subject/principal', outcome: 'no_answer', note: '响铃未接' }],
    notes: [{ at: ago(2), by: 'a2', text: '法定代表人出差' }],
    filing: { licence_no: '京ICP备2021000001号', check: 'unknown' },
    allowed_actions: ['release', 'record_call', 'add_note', 'return', 'return_unreached', 'reject', 'approve'],
    materials: [
      { id: 'm1', kind: 'subject_certificate', label: '主体证件', media_type: 'image/png', size: 300_000, width: 1200, height: 800, file_name: 'licence.png', hash: 'x', at: ago(5) },
      { id: 'm2', kind: 'other', label: '其他材料', media_type: 'image/png', size: 300_000, width: 800, height: 1200, file_name: 'letter.png', hash: 'y', at: ago(5) },
    ],
    needs: [
      need('subject_certificate', '主体证件', '用来核对单位名称', { given: ['m1'] }),
      need('principal_front', '主体负责人证件（人像面）', '用来核对负责人'),
      need('other', '其他材料', '可以不传', { required: false, most: 10, given: ['m2'] }),
    ],
    findings: [
      { id: 'f1', pointer: '/websites/0/name', severity: 'error', source: 'review', message: '网站名称过于宽泛', advice: '请使用单位简称', mended: true },
      { pointer: '/subject/address', severity: 'error', source: 'rule', code: 'form.required', message: '请填写通信地址', mended: false },
      { pointer: '/materials/principal_front', severity: 'error', source: 'rule', code: 'material.missing', message: '缺少材料', mended: false },
    ],
    ...more,
  })

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export const tables: Json = { natures: [], certificate_types: [], provinces: [{ code: '11', name: '北京市', licence: '京' }] }

const edition = '2026-11-24+5d41402a'
/** What came of the rules of the case: one of each kind, and a warning that was seen. */
export const outcomes = (more: Json = {}): Json => ({
  rules_version: edition,
  judged_by: edition,
  passed: 1,
  failed: 3,
  unjudged: 1,
  items: [
    { rule: 'national.name.short', pointer: '/websites/0/name', label: '网站名称', severity: 'error', state: 'passed', seen: false, reference: { text: '网站名称至少 3 个字', source: '接入服务商公布的要求' } },
    { rule: 'hunan.landline', pointer: '/subject/principal/office_phone', label: '办公室电话', severity: 'info', state: 'failed', seen: false, message: '当地管局会拨打办公室电话', reference: hunan('办公室电话须能找到负责人本人') },
    { rule: 'hunan.owner', pointer: '/websites/0/domain', label: '网站域名', severity: 'error', state: 'unjudged', seen: false, reference: hunan('域名须在本单位名下') },
    { rule: 'national.name.place', pointer: '/websites/0/name', label: '网站名称', severity: 'warning', state: 'failed', seen: true, message: '网站名称里的“长沙”超出了单位名称的地域范围', reference: { text: '地名不能超出单位名称的地域范围', source: '接入服务商公布的要求' } },
    { rule: 'hunan.websites', pointer: '/websites', label: '订单中的网站', severity: 'error', state: 'failed', seen: false, message: '当地管局要求一个订单只能有 1 个网站', reference: hunan('一个订单最多 1 个网站') },
  ],
  ...more,
})

/** Signs in with permissions and answers every call by the table "METHOD /path"; what is not in it is not found. */
export async function desk(page: Page, permissions: string[], answers: Answers = {}): Promise<void> {
  const id = '261124-7K3M9QXR'
  const table: Answers = {
    'GET /review/counts': { provider_review: 2, submit_failed: 1, filed: 12 },
    'GET /review/queue': { items: [taken({ reviewer: undefined, allowed_actions: ['claim'] })] },
    'GET /reference/tables': tables,
    'GET /reference/regions': { items: [{ code: '110000', name: '北京市', level: 1, has_children: false }] },
    'GET /forms/add_website': form,
    [`GET /orders/${id}`]: taken(),
    [`GET /orders/${id}/rules`]: outcomes(),
    [`GET /orders/${id}/events`]: { items: [{ at: ago(5), event: 'order.submitted', text: '提交初审', by: 'applicant' }] },
    [`GET /orders/${id}/materials/m1`]: (route) => route.fulfill({ body: picture, contentType: 'image/png' }),
    [`GET /orders/${id}/materials/m2`]: (route) => route.fulfill({ body: picture, contentType: 'image/png' }),
    'GET /authority/channels': {
      items: [{ id: 'main', name: '示例管局', paused: true, pause_reason: '管局维护', health: '', last_sequence: 41, waiting: 3, polled_at: ago(1), health_at: ago(1) }],
    },
    ...answers,
  }
  await page.route('**/api/v1/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    const answer = table[`${route.request().method()} ${decodeURIComponent(pathname.replace('/api/v1', ''))}`]
    if (typeof answer === 'function') await answer(route)
    else if (answer) await route.fulfill({ json: answer })
    else await route.fulfill(refusal(404, { code: 'not_found' }))
  })
  await signedInAs(page, ['reviewer'], permissions)
}

/** The page in both languages, as every page must be. */
export async function expectSoundInBoth(page: Page, name: string, zh: string, en: string): Promise<void> {
  await expectSoundPage(page, `${name}-zh`, zh)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(en)
  await expectSoundPage(page, `${name}-en`, en)
}

/** The body of the next request of a kind, as JSON. */
export const sent = async (page: Page, method: string, ending: string): Promise<unknown> =>
  (await page.waitForRequest((request) => request.method() === method && new URL(request.url()).pathname.endsWith(ending))).postDataJSON()
