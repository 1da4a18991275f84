import { expect, expectSoundPage, signedInAs, signedOut, test } from '../page.ts'

test.beforeEach(async ({ page }) => {
  await signedOut(page)
  await page.goto('/sign-in')
})

test('is sound in both languages', async ({ page }) => {
  await expectSoundPage(page, 'sign-in-zh', '登录')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'sign-in-en', 'Sign in')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
})

test('is sound in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('alert')).toBeFocused()
  await expectSoundPage(page, 'sign-in-dark', '登录')
})

test('says what is missing, on top and at the field, and goes there', async ({ page }) => {
  await page.getByRole('button', { name: '登录' }).click()
  const summary = page.getByRole('alert')
  await expect(summary).toBeFocused()
  await expect(summary).toContainText('有 2 处需要修改')
  await summary.getByRole('link', { name: '请填写密码' }).click()
  await expect(page.getByLabel('密码', { exact: true })).toBeFocused()
  await expect(page.getByLabel('密码', { exact: true })).toHaveAccessibleDescription('请填写密码')
  await expectSoundPage(page, 'sign-in-missing', '登录')
})

test('keeps what was typed when the server refuses', async ({ page }) => {
  await page.route('**/api/v1/session', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', json: { status: 401, code: 'sign_in' } }),
  )
  await page.getByLabel('手机号或电子邮箱').fill('zhang@example.com')
  await page.getByLabel('密码', { exact: true }).fill('not my password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('账号或密码不正确')
  await expect(page.getByLabel('手机号或电子邮箱')).toHaveValue('zhang@example.com')
})

test('goes on to the page that asked for it, never to another site', async ({ page }) => {
  for (const [next, want] of [['/reset-password', '/reset-password'], ['//example.com', '/']] as const) {
    await signedOut(page)
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await page.route('**/api/v1/session', (route) => route.fulfill({ status: 201 }))
    await signedInAs(page, ['applicant'])
    await page.getByLabel('手机号或电子邮箱').fill('１３８ 0013-8000')
    await page.getByLabel('密码', { exact: true }).fill('a sentence to remember')
    const sent = page.waitForRequest('**/api/v1/session')
    await page.keyboard.press('Enter')
    expect((await sent).postDataJSON()).toEqual({ login: '13800138000', password: 'a sentence to remember' })
    await expect(page).toHaveURL(want)
  }
})
