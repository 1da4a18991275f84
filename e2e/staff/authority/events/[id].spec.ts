import type { Page } from '@playwright/test'
import { expect, test } from '../../../page.ts'
import { desk, expectSoundInBoth, operator, sent } from '../../desk.ts'

const event = (more: object = {}) => ({
  id: 'e1', channel: 'main', kind: 'filed_data', state: 'open', asks: false, licence_no: '京ICP备2024012345号-1', domain: 'yunshan.cn', account: 'acc1',
  changed: ['Website.Name', 'Website.Principal.Mobile'], created_at: '2026-11-24T03:00:00Z', due_at: '2099-12-01T03:00:00Z', version: 3, subject_ref: 5000001,
  website_ref: 5000002, download: 'd1', file_name: '20261124120000_bj_3058.xml',
  rows: [
    { path: 'Website.Name', before: '旧站', after: '云杉新站', changed: true, personal: false },
    { path: 'Website.Domains.0.Name', before: 'yunshan.cn', after: 'yunshan.cn', changed: false, personal: false },
    { path: 'Website.Principal.Mobile', before: '1********', after: '1********', changed: true, personal: true },
  ],
  unknown: [{ path: '/ICP/BASJ/Baxx/Wz_xx/0/Fwlx' }], answers: [], ...more,
})
const may = [...operator, 'personal.reveal']
const path = 'GET /authority/events/e1'
const task = event({
  kind: 'check_task', asks: true, changed: [], unknown: [],
  rows: [{ path: 'Task.Websites.0.Domains.0.Name', after: 'yunshan.cn', changed: false, personal: false }],
  form: { operation: 'HSJG', date: '2026-11-24', deadline: '2026-12-01', missing: [{ path: 'Baxx/Zt_xx/Txdz/Shiid', message: '此项必填。' }] },
})

async function open(page: Page, answers: Parameters<typeof desk>[2], permissions = may) {
  await desk(page, permissions, answers)
  await page.goto('/staff/authority/events/e1')
}

test('is sound in both languages, before and after side by side', async ({ page }) => {
  await open(page, { [path]: event() })
  const data = page.getByRole('region', { name: '数据' })
  await expect(data.getByRole('row', { name: /名称 .*旧站 云杉新站/ })).toBeVisible()
  await page.getByText('只看变化').click()
  await expect(data.getByRole('row')).toHaveCount(3)
  await expectSoundInBoth(page, 'authority-event', '备案数据变化', 'Filing changed')
})

test('shows personal data for a reason', async ({ page }) => {
  const shown = event({ rows: [{ path: 'Website.Principal.Mobile', before: '13800138000', after: '13911112222', changed: true, personal: true }], unknown: [{ path: '/x/Fwlx', text: '<Fwlx>6</Fwlx>' }] })
  await open(page, { [path]: event(), 'POST /authority/events/e1/reveal': shown })
  await page.getByRole('button', { name: '显示个人信息' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '确认' }).click()
  await expect(dialog).toContainText('请写明原因')
  await dialog.getByLabel('原因').fill('核对手机号')
  const body = sent(page, 'POST', '/reveal')
  await dialog.getByRole('button', { name: '确认' }).click()
  expect(await body).toEqual({ reason: '核对手机号' })
  await expect(page.getByText('13911112222')).toBeVisible()
  await expect(page.getByText('<Fwlx>6</Fwlx>')).toBeVisible()
})

test('is closed for a reason, under the version that was seen', async ({ page }) => {
  await open(page, { [path]: event(), 'POST /authority/events/e1/close': event({ state: 'closed', closed_by: 'op1', closed_at: '2026-11-24T05:00:00Z', reason: '已核对' }) })
  await page.getByRole('button', { name: '关闭事项' }).click()
  await page.getByRole('dialog').getByLabel('原因').fill('已核对')
  const request = page.waitForRequest((one) => one.url().endsWith('/close'))
  await page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
  expect((await request).headers()['if-match']).toBe('"v3"')
  await expect(page.getByText('事项已关闭。')).toBeVisible()
  await expect(page.getByText(/op1 于 .* 关闭：已核对/)).toBeVisible()
  await expect(page.getByRole('button', { name: '关闭事项' })).toHaveCount(0)
})

test('a check task is answered, and faults stand at their fields', async ({ page }) => {
  let tries = 0
  await open(page, {
    [path]: task,
    'POST /authority/events/e1/answer': (route) =>
      tries++ === 0
        ? route.fulfill({
            status: 422,
            contentType: 'application/problem+json',
            body: JSON.stringify({ status: 422, code: 'invalid', title: 'x', errors: [{ pointer: '/person', code: 'wire.required', message: '此项必填。' }, { pointer: '/fills/Baxx/Zt_xx/Txdz/Shiid', code: 'wire.required', message: '此项必填。' }] }),
          })
        : route.fulfill({ json: { ...task, form: undefined, answers: [{ id: 'w1', operation: 'HSJG', state: 'waiting', created_by: 'op1', created_at: '2026-11-24T05:00:00Z', updated_at: '2026-11-24T05:00:00Z' }] } }),
  })
  await page.getByLabel('意见').fill('经核实，信息属实')
  await page.getByRole('button', { name: '保存并上报' }).click()
  await expect(page.getByRole('alert').getByRole('link', { name: '此项必填。' })).toHaveCount(2)
  await page.getByLabel('核实人姓名').fill('陈静')
  await page.getByLabel('Baxx/Zt_xx/Txdz/Shiid').fill('110100')
  const body = sent(page, 'POST', '/answer')
  await page.getByRole('button', { name: '保存并上报' }).click()
  expect(await body).toMatchObject({ passed: true, person: '陈静', opinion: '经核实，信息属实', date: '2026-11-24', fills: { 'Baxx/Zt_xx/Txdz/Shiid': '110100' } })
  await expect(page.getByText('等待上报')).toBeVisible()
  await expect(page.getByRole('button', { name: '保存并上报' })).toHaveCount(0)
})

test('the form of a check task is sound in both languages', async ({ page }) => {
  await open(page, { [path]: task })
  await expect(page.getByRole('heading', { name: '填写答复' })).toBeVisible()
  await expectSoundInBoth(page, 'authority-event-task', '核实任务', 'Check task')
})

test('only shows, to who may only read', async ({ page }) => {
  await open(page, { [path]: task }, ['authority.read'])
  await expect(page.getByText('yunshan.cn').first()).toBeVisible()
  await expect(page.getByRole('button', { name: /关闭事项|显示个人信息|保存并上报/ })).toHaveCount(0)
})
