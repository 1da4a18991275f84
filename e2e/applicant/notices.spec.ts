import { expect, expectSoundPage, test } from '../page.ts'
import { applicant } from './case.ts'

test('unread notices are counted, marked and lead to their order', async ({ page }) => {
  let read = false
  await applicant(page, {
    'GET /notices': (route) =>
      route.fulfill({ json: { items: [{ id: 'n1', kind: 'returned', order: '261124-7K3M9QXR', at: '2026-11-24T03:00:00Z', title: '订单已退回', text: '请修改通信地址', read }], next: '', unread: read ? 0 : 1 } }),
    'POST /notices/read': (route) => {
      expect(route.request().postDataJSON()).toEqual({ ids: ['n1'] })
      read = true
      return route.fulfill({ status: 204 })
    },
  })
  await page.goto('/notices')
  await expect(page.getByRole('navigation').getByText('1 条未读通知')).toBeAttached()
  await expectSoundPage(page, 'notices', '通知')
  await page.getByRole('button', { name: '全部标为已读' }).click()
  await expect(page.getByText('没有未读通知')).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'notices-en', 'Notices')
  await page.getByRole('link', { name: 'Order 261124-7K3M9QXR' }).click()
  await expect(page).toHaveURL('/orders/261124-7K3M9QXR')
})
