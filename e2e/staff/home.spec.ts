import { expect, signedInAs, test } from '../page.ts'
import { admin, desk, expectSoundInBoth, operator } from './desk.ts'

test('says first how the authority stands and what is late', async ({ page }) => {
  await desk(page, operator)
  await page.goto('/staff')
  await expect(page.getByText('已暂停')).toBeVisible()
  await expect(page.getByText('管局维护')).toBeVisible()
  await expect(page.getByText('3 个订单等待上报')).toBeVisible()
  await expect(page.locator('dl div', { hasText: '审核已超时' })).toContainText('1')
  await expect(page.getByRole('row', { name: /261124-7K3M9QXR/ })).toContainText('该打电话了')
  await expectSoundInBoth(page, 'staff-home', '工作台', 'Desk')
})

test('its navigation has only what one may see', async ({ page, isMobile }) => {
  await desk(page, admin)
  await page.goto('/staff')
  if (isMobile) await page.getByRole('button', { name: '打开导航' }).click()
  const entries = page.getByRole('navigation', { name: '工作台导航' }).getByRole('link')
  await expect(entries).toHaveText(['工作台', '规则发布', '参考数据', '账号', '协议文本', '申请人页面'])
})

test('is not for applicants', async ({ page }) => {
  await signedInAs(page, ['applicant'])
  await page.goto('/staff')
  await expect(page).toHaveURL('/')
})

test('warns of a calendar that ends, and only of that', async ({ page }) => {
  const warning = (code: string, text: string) => ({ code, file: 'workdays.json', day: '2026-12-31', days: 30, text })
  await desk(page, admin, {
    'GET /reference/files': { items: [], warnings: [warning('reference.calendar_ends', '工作日历将于 30 天后到期'), warning('reference.list_old', '名单太旧')] },
  })
  await page.goto('/staff')
  const notice = page.getByText('工作日历将于 30 天后到期')
  await expect(notice.getByRole('link', { name: '参考数据' })).toHaveAttribute('href', '/staff/reference')
  await expect(page.getByText('名单太旧')).toHaveCount(0)
})
