import { expect, test } from '../../page.ts'
import { desk, expectSoundInBoth, operator } from '../desk.ts'

const event = (more: object) => ({
  id: 'e1', channel: 'main', kind: 'check_task', state: 'open', asks: true, changed: [], created_at: '2026-11-24T03:00:00Z', version: 1, ...more,
})
const answers = {
  'GET /authority/event-counts': { open: { check_task: 1, unfiled_website: 1 }, overdue: 1 },
  'GET /authority/events': {
    items: [
      event({ domain: 'yunshan.cn', licence_no: '京ICP备2024012345号', due_at: '2026-11-20T03:00:00Z' }),
      event({ id: 'e2', kind: 'unfiled_website', domain: 'weibeian.example.cn', due_at: '2099-12-01T03:00:00Z', server: 'srv1', account: 'acc1' }),
      event({ id: 'e3', kind: 'filed_data', asks: false, licence_no: '京ICP备2024012345号-1', changed: ['Website.Name', 'Website.Principal.Mobile', 'Website.HomePage'] }),
    ],
  },
}

test('is sound in both languages, what is overdue marked', async ({ page }) => {
  await desk(page, operator, answers)
  await page.goto('/staff/authority/events')
  await expect(page.getByRole('link', { name: '查看 核实任务 yunshan.cn · 京ICP备2024012345号' })).toBeVisible()
  await expect(page.getByText('已超期', { exact: true })).toHaveCount(1)
  await expect(page.getByText('1 项已超期')).toBeVisible()
  await expect(page.getByText('名称, 负责人 › 手机 …')).toBeVisible()
  await expectSoundInBoth(page, 'authority-events', '管局事项', 'Authority events')
})

test('filters stay in the URL and are asked for', async ({ page }) => {
  await desk(page, operator, answers)
  const asked = page.waitForRequest((request) => request.url().includes('/authority/events?') && request.url().includes('state=closed') && request.url().includes('sort=due'))
  await page.goto('/staff/authority/events?kind=unfiled_website&state=closed&sort=due')
  expect(new URL((await asked).url()).searchParams.get('kind')).toBe('unfiled_website')
  await expect(page.getByRole('region', { name: '管局事项' })).toBeVisible()
})

test('says that there is nothing', async ({ page }) => {
  await desk(page, operator, { ...answers, 'GET /authority/events': { items: [] } })
  await page.goto('/staff/authority/events')
  await expect(page.getByText('这里没有事项。')).toBeVisible()
})
