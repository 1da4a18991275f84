import { expect, test } from '../page.ts'
import { desk, expectSoundInBoth, operator, sent } from './desk.ts'

const channels = (open: boolean) => ({
  version: open ? 4 : 5,
  items: [{ channel: 'web', open, notice_zh: open ? '' : '系统升级', notice_en: '', link: '' }, { channel: 'mobile', open: true }],
})

test('is sound in both languages', async ({ page }) => {
  await desk(page, operator, { 'GET /channels': channels(false) })
  await page.goto('/staff/channels')
  await expect(page.getByText('系统升级')).toBeVisible()
  await expectSoundInBoth(page, 'channels', '下单渠道', 'Channels')
})

test('closes a channel only with a notice and a confirmation', async ({ page }) => {
  await desk(page, operator, { 'GET /channels': channels(true), 'PUT /channels': channels(false) })
  await page.goto('/staff/channels')
  await page.getByRole('button', { name: '关闭网页控制台' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '确认关闭' }).click()
  await expect(dialog).toContainText('关闭渠道前请写好中文公告')
  await dialog.getByLabel('中文公告').fill('系统升级')
  const request = page.waitForRequest((one) => one.method() === 'PUT')
  const body = sent(page, 'PUT', '/channels')
  await dialog.getByRole('button', { name: '确认关闭' }).click()
  expect(await body).toMatchObject({ channel: 'web', open: false, notice_zh: '系统升级' })
  expect((await request).headers()['if-match']).toBe('"v4"')
  await expect(page.getByText('网页控制台已关闭。')).toBeVisible()
})
