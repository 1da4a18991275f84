import { expect, expectSoundPage, signedOut, test } from '../page.ts'
import { applicant, order, site } from './case.ts'

test('asks who this is first', async ({ page }) => {
  await signedOut(page)
  await page.goto('/')
  await expect(page).toHaveURL('/sign-in')
})

test('tells what is open, whose move it is and what is due', async ({ page }) => {
  const waiting = order({ id: '261124-AAAAAAAA', state: 'provider_review', waiting_on: 'provider', domains: ['waits.cn'], deadlines: [] })
  await applicant(page, { 'GET /orders': { items: [waiting, order()] } })
  await page.goto('/')
  const mine = page.getByRole('listitem').filter({ hasText: 'yunshan-keji.cn' })
  await expect(mine).toContainText('填写中')
  await expect(mine).toContainText('您')
  await expect(mine).toContainText('还剩')
  await expect(page.locator('.orders li').first(), 'what waits for the person comes first').toContainText('yunshan-keji.cn')
  await expect(page.getByText('还没有实名认证')).toBeVisible()
  await expectSoundPage(page, 'home', '我的备案')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'home-en', 'My filings in progress')
  await page.getByRole('button', { name: 'Begin a filing' }).click()
  await expect(page).toHaveURL(/\/start/)
})

test('says so when the web takes no new orders, and leaves the rest open', async ({ page }) => {
  await applicant(page, { 'GET /site': { ...site, channels: [{ channel: 'web', open: false, notice: '系统升级中，请使用小程序。', link: 'https://example.com/mini' }] } })
  await page.goto('/')
  await expect(page.getByText('系统升级中')).toBeVisible()
  await expect(page.getByRole('link', { name: '前往可以办理的渠道' })).toHaveAttribute('href', 'https://example.com/mini')
  await expect(page.getByRole('button', { name: '开始备案' })).toBeDisabled()
  await page.getByRole('link', { name: 'yunshan-keji.cn' }).click()
  await expect(page).toHaveURL(/\/orders\//)
})

test('the keyboard skips to the content', async ({ page }) => {
  await applicant(page)
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('我的备案')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})

test('an unknown address says so', async ({ page }) => {
  await page.goto('/no/such/page')
  await expectSoundPage(page, 'not-found', '没有这个页面')
})
