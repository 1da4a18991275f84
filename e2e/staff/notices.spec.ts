import { expect, test } from '../page.ts'
import { desk, expectSoundInBoth, reviewer } from './desk.ts'

const notice = (id: string, more: object) => ({ id, at: '2026-11-24T03:00:00Z', kind: 'returned', medium: 'mail', address: 'z***@example.com', state: 'sent', tries: 1, can_retry: false, ...more })
const list = {
  items: [notice('n1', {}), notice('n2', { medium: 'sms', address: '138****8000', state: 'failed', tries: 5, can_retry: true, last_error: '号码不存在', status: '550', order: '261124-7K3M9QXR' })],
}

test('is sound in both languages', async ({ page }) => {
  await desk(page, reviewer, { 'GET /sent-notices': list })
  await page.goto('/staff/notices')
  await expect(page.getByRole('row', { name: /138/ })).toContainText('号码不存在')
  await expectSoundInBoth(page, 'notices', '通知记录', 'Sent notices')
})

test('sends again what failed, and only that', async ({ page }) => {
  await desk(page, reviewer, { 'GET /sent-notices': list, 'POST /sent-notices/n2/retry': (route) => route.fulfill({ status: 204 }) })
  await page.goto('/staff/notices')
  const retry = page.getByRole('button', { name: /重试：/ })
  await expect(retry).toHaveCount(1)
  await retry.click()
  await expect(page.getByText('已安排重新发送给 138****8000。')).toBeVisible()
})
