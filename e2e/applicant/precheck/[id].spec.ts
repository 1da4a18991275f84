import type { Page } from '@playwright/test'
import { expect, expectSoundPage, test } from '../../page.ts'
import { abandon, person } from '../../flows/people.ts'
import { personNumber, run, unitNumber } from '../asked.ts'

test('can be read by its link without a session, in either language', async ({ page, browser }) => {
  const path = await run(page, { domain: 'yunshan-yujian.cn', number: unitNumber, name: '云杉数字科技' }, '可以备案')
  await expectSoundPage(page, 'report', 'yunshan-yujian.cn 的备案预检')
  await expect(page.getByLabel('报告链接')).toHaveValue(new RegExp(`${path}$`))
  await page.getByRole('button', { name: '复制链接' }).click()
  await expect(page.getByRole('status').filter({ hasText: /已复制|Ctrl\+C/ })).toBeVisible()

  const stranger = await (await browser.newContext({ locale: 'en' })).newPage()
  await stranger.goto(path)
  await expectSoundPage(stranger, 'report-en', 'Filing pre-check of yunshan-yujian.cn')
  for (const part of await stranger.locator('main summary:visible').all()) await part.click()
  await expectSoundPage(stranger, 'report-en-open', 'Filing pre-check of yunshan-yujian.cn')
  await expect(stranger.getByText(unitNumber)).toHaveCount(0)
})

test('is sound with faults, and in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await run(page, { domain: 'yunshan-kaifang.cn', who: '个人', number: personNumber, name: '北京知夏公司论坛', resource: '还没有' }, '现在还不能备案')
  await expectSoundPage(page, 'report-faults-dark', 'yunshan-kaifang.cn 的备案预检')
})

test('prints on two pages of A4 without what only works on a screen', async ({ page }, info) => {
  test.skip(info.project.name !== 'wide', 'paper has one size')
  await run(page, { domain: 'yunshan-kaifang.cn', who: '个人', number: personNumber, name: '北京知夏公司论坛', resource: '还没有' }, '现在还不能备案')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: '修改后再预检' })).toBeHidden()
  await expect(page.getByRole('banner')).toBeHidden()
  await expect(page.getByText(/\/precheck\/[A-Z2-7]{26}$/), 'the link is on paper').toBeVisible()
  await expect(page.getByText('可能适用，取决于还没有填写的内容'), 'what is folded on the screen').toBeVisible()
  const paper = await page.pdf({ format: 'A4', path: info.outputPath('report.pdf') })
  expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2)
  await page.setViewportSize({ width: 680, height: 960 })
  await page.screenshot({ path: info.outputPath('report-print.png'), fullPage: true })
})

test('another try begins with the same answers', async ({ page }) => {
  await run(page, { domain: 'yunshan-yujian.cn', who: '个人', region: '广东省', filed: '备案过', number: personNumber, name: '知夏公司' }, '现在还不能备案')
  await page.getByRole('button', { name: '修改后再预检' }).click()
  await expect(page.getByLabel('域名')).toHaveValue('yunshan-yujian.cn')
  await expect(page.getByRole('radio', { name: '个人', exact: true })).toBeChecked()
  for (const part of await page.locator('summary').all()) await part.click()
  await expect(page.getByLabel('证件号码'), 'from this tab').toHaveValue(personNumber)
  await page.getByLabel('网站名称').fill('知夏的植物笔记')
  await page.getByRole('button', { name: '开始预检' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('yunshan-yujian.cn 的备案预检', { timeout: 20_000 })
  await expect(page.getByText('广东省').first()).toBeVisible()
})

test('going on asks nothing again', async ({ page, browser }, info) => {
  test.skip(info.project.name !== 'wide', 'once is enough: it lends a server')
  const mine = await person(browser, 'person@example.com')
  await run(mine, { domain: 'linzhixia.com', who: '个人', number: personNumber, name: '知夏的植物笔记' }, '可以备案')
  await mine.getByRole('button', { name: '开始备案' }).click()
  await expect(mine.getByText('接着预检继续')).toBeVisible()
  await expect(mine.getByText('linzhixia.com 可以备案'), 'checked by itself').toBeVisible({ timeout: 20_000 })
  await mine.getByText('我的小站').click()
  await mine.getByRole('button', { name: '立即备案' }).click()
  await mine.waitForURL(/\/orders\/[0-9A-Z-]+$/)
  const order = mine.url().split('/').pop() ?? ''
  await mine.goto(`/orders/${order}/subject`)
  await expect(mine.getByText('北京市', { exact: true }).first(), 'the province').toBeVisible()
  await mine.goto(`/orders/${order}/websites`)
  await mine.getByRole('link', { name: 'linzhixia.com' }).click()
  await expect(mine.getByLabel('网站名称')).toHaveValue('知夏的植物笔记')
  expect(await mine.evaluate(() => sessionStorage.getItem('beian.precheck'))).toBeNull()
  await abandon(mine, order)

  await page.goto(`/precheck/none`)
  await expect(page.getByText('没有找到这份报告')).toBeVisible()
  await page.getByRole('link', { name: '先做备案预检' }).click()
  await expect(page).toHaveURL('/precheck')
})

test('who has no session is asked to sign in on the way', async ({ page }) => {
  const path = await run(page, { domain: 'yunshan-yujian.cn', filed: '备案过' }, '可以备案')
  await page.getByRole('button', { name: '开始备案' }).click()
  await expect(page).toHaveURL(`/sign-in?next=/start?precheck=${path.split('/').pop()}`)
})

test('a newcomer signs up on the way and finds the answers again', async ({ page }) => {
  await run(page, { domain: 'linzhixia.com', who: '个人', filed: '备案过', number: personNumber, name: '知夏的植物笔记' }, '可以备案')
  await page.getByRole('button', { name: '开始备案' }).click()
  await page.getByRole('link', { name: '注册' }).click()
  const login = `xia${Date.now()}${Math.floor(Math.random() * 1000)}@example.com`
  await page.getByLabel('手机号或电子邮箱').fill(login)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByLabel('验证码', { exact: true }).fill(await codeFor(await page.context().newPage(), login))
  await page.getByLabel('设置密码', { exact: true }).fill('a quiet morning 77')
  await page.getByRole('button', { name: '注册并登录' }).click()
  await expect(page.getByText('接着预检继续')).toBeVisible()
  await expect(page.getByText('linzhixia.com 可以备案')).toBeVisible({ timeout: 20_000 })
  await expectSoundPage(page, 'start-newcomer', '验证备案信息')
  await page.getByRole('link', { name: '去实名认证' }).click()
  await expect(page.getByText('取自您刚才的预检')).toBeVisible()
  await expect(page.getByRole('radio', { name: '个人' })).toBeChecked()
  await expect(page.getByLabel('证件号码')).toHaveValue(personNumber)
})

/** The code that the demo sent to an address. */
async function codeFor(inbox: Page, login: string): Promise<string> {
  let code = ''
  await expect(async () => {
    await inbox.goto('/inbox')
    const message = inbox.getByRole('listitem').filter({ hasText: login })
    code = /(?<!\d)(\d{6})(?!\d)/.exec(await message.first().innerText({ timeout: 1500 }))?.[1] ?? ''
    expect(code).not.toBe('')
  }).toPass({ timeout: 20_000 })
  return code
}
