import { expect, expectSoundPage, test } from '../page.ts'
import { applicant, site } from './case.ts'

test('shows what the demo would have sent, with links that lead on', async ({ page }) => {
  const items = [
    { id: '1', medium: 'mail', recipient: 'wang@example.com', subject: '订单已提交', body: '查看进度：http://127.0.0.1:8080/orders/o1', at: '2026-11-24T03:00:00Z' },
    { id: '2', medium: 'sms', recipient: '13900000001', subject: '', body: '验证码 123456', at: '2026-11-24T03:00:00Z' },
  ]
  await applicant(page, { 'GET /demo/messages': { items } })
  await page.goto('/inbox')
  await expect(page.getByRole('link', { name: 'http://127.0.0.1:8080/orders/o1' })).toBeVisible()
  await expectSoundPage(page, 'inbox', '演示收件箱')
  await page.getByRole('textbox', { name: '收件人' }).fill('1390')
  await expect(page.getByText('订单已提交')).toHaveCount(0)
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'inbox-en', 'Demo inbox')
})

test('is no page outside the demo', async ({ page }) => {
  await applicant(page, { 'GET /site': { ...site, demo: false } })
  await page.goto('/inbox')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有这个页面')
})
