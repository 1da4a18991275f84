import { expect, expectSoundPage, signedInAs, signedOut, test } from '../page.ts'

test('asks who this is first', async ({ page }) => {
  await signedOut(page)
  await page.goto('/')
  await expect(page).toHaveURL('/sign-in')
})

test('is sound', async ({ page }) => {
  await signedInAs(page, ['applicant'])
  await page.goto('/')
  await expectSoundPage(page, 'home', '我的备案')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})

test('an unknown address says so', async ({ page }) => {
  await page.goto('/no/such/page')
  await expectSoundPage(page, 'not-found', '没有这个页面')
})
