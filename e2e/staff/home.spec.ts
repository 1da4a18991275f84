import { expect, expectSoundPage, signedInAs, test } from '../page.ts'

test('is sound, and its navigation is at hand', async ({ page, isMobile }) => {
  await signedInAs(page, ['reviewer'])
  await page.goto('/staff')
  await expectSoundPage(page, 'staff-home', '工作台')
  if (isMobile) await page.getByRole('button', { name: '打开导航' }).click()
  await expect(page.getByRole('navigation', { name: '工作台导航' }).getByRole('link', { name: '工作台' })).toBeVisible()
})

test('is not for applicants', async ({ page }) => {
  await signedInAs(page, ['applicant'])
  await page.goto('/staff')
  await expect(page).toHaveURL('/')
})
