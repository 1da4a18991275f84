import type { Page } from '@playwright/test'
import { expect, expectSoundPage, test } from '../page.ts'

/** Chooses in one of the lists above the rules. */
async function choose(page: Page, list: string, option: string) {
  await page.locator('.el-select__wrapper', { has: page.getByRole('combobox', { name: list }) }).click()
  await page.getByRole('listbox', { name: list, exact: true }).getByRole('option', { name: option, exact: true }).click()
}

test('an overview of the provinces leads to the rules of one, in both languages', async ({ page }) => {
  await page.goto('/rules')
  await expect(page.getByRole('link', { name: /当地规定 \d+ 条/ })).toHaveCount(31)
  await expectSoundPage(page, 'rules-overview-zh', '备案规则')
  await page.getByRole('link', { name: /湖南省/ }).click()
  await expect(page).toHaveURL('/rules?province=430000')
  await expect(page.getByRole('status')).toContainText(/湖南省共 \d+ 条规则，其中当地规定 \d+ 条/)
  await expect(page.getByText(/管局审核一般需要 \d+ 至 \d+ 个工作日/)).toBeVisible()
  // The province's own rules come first.
  await expect(page.getByRole('heading', { level: 2 })).toHaveText([/^湖南省的规定/, /^全国通用规定/])
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText('Rules of Hunan')
  await page.goto('/rules?province=430000&nature=5&type=add_website&severity=error')
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText('Rules of Hunan')
  await expectSoundPage(page, 'rules-hunan-en', 'Filing rules')
})

test('all rules of a province are sound on one page', async ({ page }) => {
  test.slow() // more than a hundred rules for the accessibility check to go through
  await page.goto('/rules?province=430000')
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText('湖南省的规定')
  await expectSoundPage(page, 'rules-hunan-zh', '备案规则')
})

test('what is looked for stays in the URL and comes back', async ({ page }) => {
  await page.goto('/rules?province=430000')
  const status = page.getByRole('status')
  await expect(status).toContainText('湖南省')
  const all = await status.textContent()
  await choose(page, '主办单位性质', '个人')
  await expect(page).toHaveURL(/nature=5/)
  await choose(page, '备案类型', '新增网站')
  await choose(page, '程度', '必须符合')
  await expect(page).toHaveURL('/rules?province=430000&nature=5&type=add_website&severity=error')
  await page.getByRole('searchbox', { name: '查找内容' }).fill('个人空间 名称')
  await expect(page).toHaveURL(/q=/)
  const link = page.getByRole('link', { name: '个人网站的名称不能含：个人空间、个人博客、个人网站、个人主页' })
  await expect(link).toBeVisible()
  await expect(status).toContainText('湖南省共 1 条规则')
  await page.reload()
  await expect(link).toBeVisible()
  await expect(page.getByRole('searchbox', { name: '查找内容' })).toHaveValue('个人空间 名称')
  // A search is no step of its own: one step back loosens the last choice.
  await page.goBack()
  await expect(page).toHaveURL('/rules?province=430000&nature=5&type=add_website')
  await page.getByRole('link', { name: '清除条件' }).click()
  await expect(page).toHaveURL('/rules')
  await page.getByRole('link', { name: /湖南省/ }).click()
  await expect(status).toHaveText(all ?? '')
})

test('a search without a province goes through all of them; one without a result says so', async ({ page }) => {
  await page.goto('/rules')
  await page.getByRole('searchbox', { name: '查找内容' }).fill('授权书')
  await expect(page.getByRole('heading', { level: 2, name: /湖南省的规定/ })).toBeVisible()
  await expect(page.getByRole('heading', { level: 2, name: /上海市的规定/ })).toBeVisible()
  await page.getByRole('searchbox', { name: '查找内容' }).fill('没有这样的规则')
  await expect(page.getByText('没有符合条件的规则')).toBeVisible()
  await expectSoundPage(page, 'rules-none', '备案规则')
  await page.goto('/rules?province=national')
  await expect(page.getByRole('heading', { level: 2 })).toHaveText([/^全国通用规定/])
})

test('source and scope are folded, open by keyboard and are there on paper', async ({ page }) => {
  await page.goto('/rules?province=430000&q=hunan.owner')
  const fold = page.getByText('来源与适用范围')
  const source = page.getByText('湖南省通信管理局要求，由接入服务商公布（2018 至 2022 年各版）')
  await expect(fold).toHaveCount(1)
  await expect(source).toBeHidden()
  await fold.focus()
  await page.keyboard.press('Enter')
  await expect(source).toBeVisible()
  await expectSoundPage(page, 'rules-unfolded', '备案规则')
  await page.keyboard.press('Enter')
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  await expect(source).toBeVisible()
  await expect(page.getByRole('search')).toBeHidden()
  await expect(page.getByRole('banner')).toBeHidden()
  await page.screenshot({ path: test.info().outputPath('rules-paper.png') })
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await expect(source).toBeHidden()
})

test('visitors find the rules from the sign-in page', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('navigation', { name: '主要页面' }).getByRole('link', { name: '备案规则' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('备案规则')
})
