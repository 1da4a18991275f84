import { expect, expectSoundPage, test } from '../../../page.ts'
import { applicant, order } from '../../case.ts'

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
