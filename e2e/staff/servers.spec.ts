import { server } from '../applicant/case.ts'
import { expect, test } from '../page.ts'
import { desk, expectSoundInBoth, operator, refusal, sent } from './desk.ts'

const list = { items: [server('ins-1', { account: 'acc1' }), server('ins-2', { account: 'acc2', eligible: false, reasons: [{ code: 'r', message: '云服务不是包年包月' }] })] }

test('is sound in both languages', async ({ page }) => {
  await desk(page, operator, { 'GET /servers': list })
  await page.goto('/staff/servers')
  await expect(page.getByRole('row', { name: /ins-2/ })).toContainText('云服务不是包年包月')
  await expectSoundInBoth(page, 'servers', '服务器', 'Servers')
})

test('puts what the server refuses at its field, and saves', async ({ page }) => {
  let good = false
  await desk(page, operator, {
    'GET /servers': list,
    'POST /servers': (route) =>
      good
        ? route.fulfill({ json: { id: 's9', change: 'added' } })
        : route.fulfill(refusal(422, { code: 'invalid', errors: [{ pointer: '/public_ip', code: 'server.public_ip.private', message: '这不是公网地址' }] })),
  })
  await page.goto('/staff/servers')
  await page.getByRole('button', { name: '添加服务器' }).click()
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('alert')).toContainText('请填写资源编号')
  await page.getByLabel('资源编号').fill('ins-9')
  await page.getByLabel('所属账号').fill('unit@example.com')
  await page.getByRole('textbox', { name: '名称', exact: true }).fill('新机器')
  await page.getByRole('textbox', { name: '地域', exact: true }).fill('ap-beijing')
  await page.getByLabel('公网 IP').fill('10.0.0.1')
  await page.getByLabel('累计购买月数').fill('１２')
  await page.getByLabel('到期时间').fill('2027-11-24T12:00')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('alert')).toContainText('这不是公网地址')
  good = true
  await page.getByLabel('公网 IP').fill('203.0.113.9')
  const body = sent(page, 'POST', '/servers')
  await page.getByRole('button', { name: '保存' }).click()
  expect(await body).toEqual({
    external_id: 'ins-9', account: 'unit@example.com', name: '新机器', region: 'ap-beijing', mainland: true, public_ip: '203.0.113.9',
    billing: 'prepaid', bought_months: 12, expires_at: '2027-11-24T04:00:00.000Z',
  })
  await expect(page.getByText('已添加服务器 新机器。')).toBeVisible()
})

test('tries a file before it takes it in, and says what is wrong by line', async ({ page }) => {
  const sums = { rows: 2, added: 1, updated: 0, unchanged: 0, failed: 1, errors: [{ line: 3, column: 'public_ip', code: 'c', message: '这不是公网地址' }] }
  const tried: boolean[] = []
  const bodies: (string | null)[] = []
  await desk(page, operator, {
    'GET /servers': list,
    'POST /servers/import': (route) => {
      const dry = new URL(route.request().url()).searchParams.get('dry_run') === 'true'
      tried.push(dry)
      bodies.push(route.request().postData())
      return route.fulfill({ json: { ...sums, dry_run: dry } })
    },
  })
  await page.goto('/staff/servers')
  await page.getByRole('button', { name: '从 CSV 导入' }).click()
  await page.getByLabel('CSV 文件').setInputFiles({ name: 'servers.csv', mimeType: 'text/csv', buffer: Buffer.from('external_id,account\nins-9,x\n') })
  await expect(page.getByRole('row', { name: /public_ip/ })).toContainText('这不是公网地址')
  await expect(page.getByText('还没有保存')).toBeVisible()
  await page.getByRole('button', { name: '导入没有问题的 1 行' }).click()
  await expect(page.getByText('已导入：2 行')).toBeVisible()
  expect(tried).toEqual([true, false])
  expect(bodies[1]).toBe('external_id,account\nins-9,x\n')
})
