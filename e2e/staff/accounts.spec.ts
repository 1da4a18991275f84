import { expect, test } from '../page.ts'
import { admin, desk, expectSoundInBoth, operator, sent } from './desk.ts'

const account = (id: string, more: object = {}) => ({ id, login: `${id}***@example.com`, roles: [], disabled: false, created_at: '2026-11-01T00:00:00Z', version: 3, ...more })
const list = { items: [account('r', { roles: ['reviewer'] }), account('u', { real_name: { kind: 'unit', status: 'pending' } })] }

test('is sound in both languages', async ({ page }) => {
  await desk(page, [...admin, ...operator], { 'GET /accounts': list })
  await page.goto('/staff/accounts')
  await expect(page.getByRole('row', { name: /u\*\*\*/ })).toContainText('单位 待确认')
  await expectSoundInBoth(page, 'accounts', '账号', 'Accounts')
})

test('finds an account by its log-in, as it was typed on any keyboard', async ({ page }) => {
  await desk(page, admin, { 'GET /accounts': list })
  await page.goto('/staff/accounts')
  await page.getByLabel('手机号或电子邮箱').fill('１３８ ００１３ ８０００')
  const asked = page.waitForRequest((request) => request.url().includes('login=13800138000'))
  await page.getByRole('button', { name: '查找' }).click()
  await asked
  await expect(page).toHaveURL(/login=13800138000/)
})

test('sets roles, adds staff, confirms names, each after a question', async ({ page }) => {
  await desk(page, [...admin, ...operator], {
    'GET /accounts': list,
    'PUT /accounts/r/roles': account('r', { roles: ['operator', 'reviewer'] }),
    'POST /accounts/u/real-name/confirm': account('u'),
    'POST /accounts/staff': account('n', { roles: ['reviewer'] }),
  })
  await page.goto('/staff/accounts')
  await page.getByRole('button', { name: '设置 r***@example.com 的角色' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('运营').first().click()
  const roles = sent(page, 'PUT', '/roles')
  await dialog.getByRole('button', { name: '确认' }).click()
  expect(await roles).toEqual({ roles: ['reviewer', 'operator'] })
  await page.getByRole('button', { name: '确认实名：u***@example.com' }).click()
  const confirmed = page.waitForRequest((request) => request.url().endsWith('/real-name/confirm'))
  await dialog.getByRole('button', { name: '确认' }).click()
  expect((await confirmed).headers()['if-match']).toBe('"v3"')
  await page.getByRole('button', { name: '添加员工' }).click()
  const form = page.getByRole('form', { name: '添加员工' })
  await form.getByLabel('手机号或电子邮箱').fill('wang@example.com')
  await form.getByLabel('初始密码').fill('a sentence to remember')
  await form.getByRole('button', { name: '添加员工' }).click()
  await expect(page.getByRole('alert')).toContainText('请至少选择一个角色')
  await form.getByText('审核专员').click()
  const added = sent(page, 'POST', '/staff')
  await form.getByRole('button', { name: '添加员工' }).click()
  expect(await added).toEqual({ login: 'wang@example.com', roles: ['reviewer'], password: 'a sentence to remember' })
})

test('offers nothing that one may not do', async ({ page }) => {
  await desk(page, ['account.read'], { 'GET /accounts': list })
  await page.goto('/staff/accounts')
  await expect(page.getByRole('row', { name: /r\*\*\*/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /角色|停用|实名|添加员工/ })).toHaveCount(0)
})
