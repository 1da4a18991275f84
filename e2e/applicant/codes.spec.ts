import { expect, expectSoundPage, test } from '../page.ts'
import { applicant, refusal, resources, server } from './case.ts'

const code = (id: string, more = {}) => ({ id, code: `BA-${id}`, server: 's1', server_name: '业务服务器', public_ip: '203.0.113.11', state: 'unused', usable: true, reasons: [], note: '', created_at: '2026-11-24T03:00:00Z', version: 3, ...more })

test('codes are made, moved and deleted, and a refusal says why', async ({ page }) => {
  let deletes = 0
  await applicant(page, {
    'GET /resources': { ...resources, servers: [server('s1'), server('s3', { name: '另一台' })] },
    'GET /authorization-codes': (route) => {
      const owner = new URL(route.request().url()).searchParams.get('side') === 'owner'
      return route.fulfill({ json: { items: owner ? [code('1')] : [code('2', { server: undefined, server_name: undefined }), code('3', { usable: false, reasons: [{ code: 'r', message: '服务器将在 20 天内到期' }] })] } })
    },
    'POST /authorization-codes': (route) => {
      expect(route.request().headers()['idempotency-key']).toBeTruthy()
      return route.fulfill(refusal(422, { code: 'invalid', errors: [{ pointer: '/account', code: 'x', message: '没有这个账号' }] }))
    },
    'PUT /authorization-codes/1': (route) => {
      expect(route.request().headers()['if-match']).toBe('"v3"')
      expect(route.request().postDataJSON()).toEqual({ server: 's3' })
      return route.fulfill({ json: code('1') })
    },
    'DELETE /authorization-codes/1': (route) => (++deletes === 1 ? route.fulfill(refusal(409, { code: 'c', detail: '授权码正在订单里，不能删除' })) : route.fulfill({ status: 204 })),
  })
  await page.goto('/codes')
  await expect(page.getByText('服务器将在 20 天内到期')).toBeVisible()
  await expectSoundPage(page, 'codes', '备案授权码')
  await page.getByRole('button', { name: '为授权码 BA-1 更换服务器' }).click()
  await page.locator('.el-select__wrapper', { has: page.locator('#to-1') }).click()
  await page.getByRole('option', { name: /另一台/ }).click()
  await page.getByRole('button', { name: '保存更换' }).click()
  await expect(page.getByText('BA-1 已更换服务器')).toBeVisible()
  await page.getByRole('button', { name: '删除授权码 BA-1' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await expect(page.getByText('授权码正在订单里，不能删除')).toBeVisible()
  await page.locator('.el-select__wrapper', { has: page.locator('#server') }).click()
  await page.getByRole('option', { name: /业务服务器/ }).click()
  await page.getByRole('textbox', { name: '给哪个账号使用' }).fill('nobody@example.com')
  await page.getByRole('button', { name: '生成' }).click()
  await expect(page.getByRole('textbox', { name: '给哪个账号使用' })).toHaveAccessibleDescription(/没有这个账号/)
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'codes-en', 'Authorization codes')
})
