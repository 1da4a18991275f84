import { expect, expectSoundPage, test } from '../page.ts'
import { applicant, refusal } from './case.ts'

const tables = {
  natures: [{ value: 4, label: '企业' }],
  certificate_types: [
    { value: 1, label: '营业执照', natures: [4], principal: false },
    { value: 2, label: '居民身份证', natures: [5], principal: true },
  ],
  provinces: [],
}

test('the real name is refused at its field and then sent', async ({ page }) => {
  let tries = 0
  await applicant(page, {
    'GET /reference/tables': tables,
    'PUT /me/real-name': (route) => {
      expect(route.request().postDataJSON()).toMatchObject({ kind: 'unit', name: '北京云杉数字科技有限公司', certificate_type: 1 })
      return ++tries === 1
        ? route.fulfill(refusal(422, { code: 'invalid', errors: [{ pointer: '/certificate_number', code: 'x', message: '证件号码的校验位不对' }] }))
        : route.fulfill({ json: {} })
    },
  })
  await page.goto('/account')
  await page.getByRole('button', { name: '提交实名信息' }).click()
  await expect(page.getByRole('alert')).toContainText('请填写名称')
  await page.getByRole('textbox', { name: '单位名称' }).fill('北京云杉数字科技有限公司')
  await page.getByRole('textbox', { name: '证件号码' }).fill('91110108MA0YK7W262')
  await page.getByRole('button', { name: '提交实名信息' }).click()
  await expect(page.getByRole('textbox', { name: '证件号码' })).toHaveAccessibleDescription(/校验位不对/)
  await expectSoundPage(page, 'account', '账号')
  await page.getByRole('button', { name: '提交实名信息' }).click()
  await expect(page.getByText('我们会尽快确认并通知您')).toBeVisible()
})

test('the password is changed', async ({ page }) => {
  await applicant(page, {
    'GET /reference/tables': tables,
    'PUT /me/password': (route) => {
      expect(route.request().postDataJSON()).toEqual({ old: 'the present one', password: 'a longer new one' })
      return route.fulfill({ status: 204 })
    },
  })
  await page.goto('/account')
  await page.getByLabel('现在的密码').fill('the present one')
  await page.getByLabel('新密码', { exact: true }).fill('a longer new one')
  await page.getByRole('button', { name: '保存新密码' }).click()
  await expect(page.getByText('密码已修改。')).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'account-en', 'Account')
})
