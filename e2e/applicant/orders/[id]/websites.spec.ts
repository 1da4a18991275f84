import { expect, expectSoundPage, test } from '../../../page.ts'
import { applicant, order, refusal } from '../../case.ts'

const base = '/orders/261124-7K3M9QXR'

test('websites are sorted by keyboard and removed after asking', async ({ page }) => {
  const [first, second] = order()['websites'] as Record<string, unknown>[]
  await applicant(page, {
    [`PUT ${base}/website-order`]: (route) => {
      expect(route.request().postDataJSON()).toEqual({ websites: ['w2', 'w1'] })
      return route.fulfill({ json: order({ version: 8, websites: [second, first] }) })
    },
    [`DELETE ${base}/websites/w2`]: (route) => {
      expect(route.request().headers()['if-match']).toBe('"v8"')
      return route.fulfill({ json: order({ version: 9, websites: [first] }) })
    },
  })
  await page.goto(base + '/websites')
  await page.getByRole('button', { name: '把 yunshan-benzhan.cn 上移' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: '现在是第 1 个' })).toBeAttached()
  await expect(page.getByRole('button', { name: '把 yunshan-benzhan.cn 下移' })).toBeFocused()
  await expectSoundPage(page, 'websites', '填写网站信息')
  await page.getByRole('button', { name: '删除 yunshan-benzhan.cn' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await expect(page.getByRole('link', { name: 'yunshan-benzhan.cn' })).toHaveCount(0)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Add a website' }).click()
  await expect(page.getByRole('textbox', { name: 'Domain to file' })).toBeVisible()
  await expectSoundPage(page, 'websites-add-en', 'Websites')
})

test('a website that is not complete stops the way on', async ({ page }) => {
  await applicant(page, { [`GET ${base}`]: order({ findings: [{ pointer: '/websites/1/name', severity: 'error', source: 'rule', message: '请填写', mended: false }] }) })
  await page.goto(base + '/websites')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('alert').getByRole('link', { name: 'yunshan-benzhan.cn 还没有填完' }).click()
  await expect(page.getByRole('link', { name: 'yunshan-benzhan.cn', exact: true })).toBeFocused()
})

test('a website of another filing type says why it cannot join, and every way out', async ({ page }) => {
  const exits = [{ id: 'separate_orders', title: '分开办理', text: '请另建订单办理' }]
  await applicant(page, {
    'POST /domain-checks': { id: 'c2', domain: 'yunshan-jiuzhan.cn', unicode: 'yunshan-jiuzhan.cn', at: '2026-11-24T03:00:00Z', fileable: true, checks: [] },
    [`POST ${base}/websites`]: (route) => route.fulfill(refusal(409, { code: 'type.mixed', detail: '一个订单只能办理一种类型', exits })),
  })
  await page.goto(base + '/websites?add=1')
  await page.getByRole('textbox', { name: '要备案的域名' }).fill('yunshan-jiuzhan.cn')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'yunshan-jiuzhan.cn 可以备案' })).toBeVisible()
  await page.getByRole('button', { name: '添加这个网站' }).click()
  const box = page.getByRole('alert')
  await expect(box).toContainText('一个订单只能办理一种类型')
  await expect(box.getByRole('listitem')).toHaveText(/分开办理\s*请另建订单办理/)
})
