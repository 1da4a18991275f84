import { expect, test } from '../page.ts'
import { desk, expectSoundInBoth, refusal, reviewer, taken } from './desk.ts'

test('is sound in both languages, and says what is late and whom to call', async ({ page }) => {
  await desk(page, reviewer)
  await page.goto('/staff/queue')
  const row = page.getByRole('row', { name: /261124-7K3M9QXR/ })
  await expect(row).toContainText('北京市')
  await expect(row).toContainText('已过')
  await expect(row).toContainText('该打电话了')
  await expect(page.getByRole('link', { name: /初审\s*2/ })).toHaveAttribute('aria-current', 'page')
  await expectSoundInBoth(page, 'queue', '审核队列', 'Review queue')
})

test('keeps its filters in the URL and asks by them', async ({ page }) => {
  await desk(page, reviewer)
  await page.goto('/staff/queue?who=nobody')
  const asked = page.waitForRequest((request) => request.url().includes('/review/queue') && request.url().includes('state=filed'))
  await page.getByRole('link', { name: /已备案/ }).click()
  expect(new URL((await asked).url()).searchParams.get('who')).toBe('nobody')
  await expect(page).toHaveURL(/who=nobody&state=filed/)
  await page.goBack()
  await expect(page.getByRole('link', { name: /^初审/ })).toHaveAttribute('aria-current', 'page')
})

test('adds the next part of a long list', async ({ page }) => {
  await desk(page, reviewer, {
    'GET /review/queue': (route) => {
      const second = new URL(route.request().url()).searchParams.get('cursor') === 'c2'
      return route.fulfill({ json: second ? { items: [taken({ id: 'second' })] } : { items: [taken({ id: 'first' })], next: 'c2' } })
    },
  })
  await page.goto('/staff/queue')
  await page.getByRole('button', { name: '再显示一些' }).click()
  await expect(page.getByRole('link', { name: 'second' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'first' })).toBeVisible()
})

test('leads to the case that was taken, and says when a colleague was faster', async ({ page }) => {
  let free = false
  await desk(page, reviewer, {
    'POST /orders/261124-7K3M9QXR/claim': (route) =>
      free ? route.fulfill({ json: taken() }) : route.fulfill(refusal(409, { code: 'review.claimed_by_other', detail: '同事已经受理' })),
  })
  await page.goto('/staff/queue')
  const take = page.getByRole('button', { name: '受理订单 261124-7K3M9QXR' })
  await take.click()
  await expect(page.getByRole('alert')).toContainText('同事已经受理')
  free = true
  await take.click()
  await expect(page).toHaveURL('/staff/orders/261124-7K3M9QXR')
})
