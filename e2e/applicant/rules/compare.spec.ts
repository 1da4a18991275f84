import type { Page } from '@playwright/test'
import { expect, expectSoundPage, test } from '../../page.ts'

async function choose(page: Page, list: string, option: string) {
  await page.locator('.el-select__wrapper', { has: page.getByRole('combobox', { name: list, exact: true }) }).click()
  await page.getByRole('listbox', { name: list, exact: true }).getByRole('option', { name: option, exact: true }).click()
}

test('two provinces stand side by side under a link to pass on, in both languages', async ({ page }) => {
  test.slow() // three accessibility checks of long pages
  await page.goto('/rules')
  await page.getByRole('link', { name: '对比两个省份' }).click()
  await expect(page.getByText('请选择要对比的两项')).toBeVisible()
  await expectSoundPage(page, 'compare-empty', '对比规则')
  await choose(page, '省份一', '北京市')
  await expect(page.getByText('请再选择一项')).toBeVisible()
  await choose(page, '省份二', '四川省')
  await expect(page).toHaveURL('/rules/compare?a=110000&b=510000')
  await expect(page.getByRole('status')).toContainText(/\d+ 条不同.*条只有北京市有.*条只有四川省有.*条相同/s)
  const differ = page.getByRole('region', { name: '要求不同的' })
  await expect(differ).toContainText(/北京市[^省]*承诺书四川省[^省]*写明服务器 IP 的承诺书/)
  await expect(differ.getByRole('link', { name: '四川省的这条规则' }).first()).toHaveAttribute('href', /^\/rules\/sichuan\./)
  await expectSoundPage(page, 'compare-zh', '对比规则')
  await page.reload()
  await expect(differ).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('region', { name: 'Ruled differently' })).toBeVisible()
  await expectSoundPage(page, 'compare-en', 'Compare rules')
})

test('sides change places, and who files narrows both', async ({ page }) => {
  await page.goto('/rules/compare?a=110000&b=430000')
  const status = page.getByRole('status')
  await expect(status).toContainText('只有湖南省有')
  const before = await status.textContent()
  await page.getByRole('button', { name: '左右互换' }).click()
  await expect(page).toHaveURL('/rules/compare?a=430000&b=110000')
  await choose(page, '主办单位性质', '个人')
  await expect(page).toHaveURL('/rules/compare?a=430000&b=110000&nature=5')
  await expect(status).not.toHaveText(before ?? '')
})

test('the same on both sides, and an unknown edition, are told in words', async ({ page }) => {
  await page.goto('/rules/compare?a=110000&b=110000')
  await expect(page.getByText('两边相同，请换一项')).toBeVisible()
  await page.goto('/rules/compare?from=none&to=other')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.goto('/rules/compare?mode=editions')
  await page.locator('.el-select__wrapper', { has: page.getByRole('combobox', { name: '旧版本', exact: true }) }).click()
  await expect(page.getByRole('option', { name: /第 \d+ 版，/ }).first()).toBeVisible()
})
