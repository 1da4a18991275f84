import { expect, expectSoundPage, signedOut, test } from '../page.ts'

test.beforeEach(async ({ page }) => {
  await signedOut(page)
  await page.goto('/sign-up')
})

test('is sound in both languages', async ({ page }) => {
  await expectSoundPage(page, 'sign-up-zh', '注册账号')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'sign-up-en', 'Create an account')
})

test('sends a code once and says where to', async ({ page }) => {
  await page.route('**/api/v1/verification-codes', (route) => route.fulfill({ status: 202 }))
  await page.getByRole('button', { name: '获取验证码' }).click()
  await expect(page.getByRole('alert')).toContainText('请填写手机号或电子邮箱')
  await page.getByLabel('手机号或电子邮箱').fill(' zhang＠example.com')
  await page.getByRole('button', { name: '获取验证码' }).click()
  await expect(page.getByText('验证码已发送到 zhang@example.com，请查收。')).toBeVisible()
  await expect(page.getByRole('button', { name: '秒后可重新获取' })).toBeDisabled()
})

test('puts what the server refuses at its field', async ({ page }) => {
  await page.route('**/api/v1/accounts', (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      json: { status: 422, errors: [{ pointer: '/code', code: 'code.wrong', message: '验证码不对，请核对后再填一次' }] },
    }),
  )
  await page.getByLabel('手机号或电子邮箱').fill('zhang@example.com')
  await page.getByLabel('验证码').fill('123456')
  await page.getByLabel('设置密码').fill('a sentence to remember')
  await page.getByRole('button', { name: '注册并登录' }).click()
  await expect(page.getByLabel('验证码')).toHaveAccessibleDescription(/验证码不对，请核对后再填一次/)
  await expectSoundPage(page, 'sign-up-refused', '注册账号')
})
