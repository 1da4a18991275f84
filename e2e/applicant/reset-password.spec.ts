import { expect, expectSoundPage, signedOut, test } from '../page.ts'

test('is sound in both languages', async ({ page }) => {
  await signedOut(page)
  await page.goto('/reset-password')
  await expectSoundPage(page, 'reset-password-zh', '重新设置密码')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'reset-password-en', 'Reset your password')
})

test('is reached from the sign-in page with the focus on its heading', async ({ page }) => {
  await signedOut(page)
  await page.goto('/sign-in')
  await page.getByRole('link', { name: '忘记密码' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '重新设置密码' })).toBeFocused()
})
