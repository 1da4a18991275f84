import { expect, expectSoundPage, test } from '../page.ts'
import { personNumber, run, tell, unitNumber } from './asked.ts'
import { refusal } from './case.ts'

test('is found without an account and sound in both languages', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('link', { name: '先做备案预检' }).click()
  await expectSoundPage(page, 'precheck', '备案预检')
  for (const part of await page.locator('summary').all()) await part.click()
  await page.getByRole('radio', { name: '有云服务器' }).check({ force: true })
  await expectSoundPage(page, 'precheck-open', '备案预检')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'precheck-en', 'Filing pre-check')
})

test('says what is missing on top and at the field, until it is there', async ({ page }) => {
  await page.goto('/precheck')
  await page.getByRole('button', { name: '开始预检' }).click()
  const summary = page.getByRole('alert')
  await expect(summary).toBeFocused()
  await expect(summary).toContainText('有 3 处需要修改')
  await summary.getByRole('link', { name: '请填写域名' }).click()
  await expect(page.getByLabel('域名')).toBeFocused()
  await page.keyboard.type('yunshan-yujian.cn')
  await expect(summary).toContainText('有 2 处需要修改')
  await summary.getByRole('link', { name: '请选择谁来办网站' }).click()
  await expect(page.getByRole('group', { name: '谁来办这个网站' })).toBeFocused()
  await expectSoundPage(page, 'precheck-missing', '备案预检')
})

test('sees the form of a domain and a number while they are typed', async ({ page }) => {
  await tell(page, { domain: '203.0.113.7', number: '91110108MA0YK7W262' })
  await page.getByLabel('证件号码').blur()
  await expect(page.getByLabel('域名')).toHaveAccessibleDescription(/这是 IP 地址/)
  await expect(page.getByLabel('证件号码')).toHaveAccessibleDescription(/校验位不对/)
  await page.getByLabel('证件号码').fill(unitNumber)
  await expect(page.getByLabel('证件号码')).toHaveAccessibleDescription('只用来查询一次，不会保存')
  await page.getByRole('button', { name: '开始预检' }).click()
  await expect(page.getByRole('alert'), 'the server says the same').toContainText('IP')
})

test('a fault in a folded part unfolds it', async ({ page }) => {
  await tell(page, { domain: 'yunshan-yujian.cn', resource: '有云服务器' })
  await page.getByLabel('累计购买了几个月').fill('许多')
  await page.locator('details').filter({ hasText: '网站放在哪里' }).locator('summary').click()
  await page.getByRole('button', { name: '开始预检' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('累计购买了几个月')).toBeVisible()
})

test('works by keyboard alone', async ({ page }) => {
  await page.goto('/precheck')
  await page.getByLabel('域名').focus()
  await page.keyboard.type('yunshan-yujian.cn')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('证件号码')).toBeVisible()
  await page.getByRole('button', { name: '开始预检' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('yunshan-yujian.cn 的备案预检', { timeout: 20_000 })
})

test('a unit that is filed elsewhere can begin', async ({ page }) => {
  await run(page, { domain: 'yunshan-yujian.cn', number: unitNumber, name: '云杉数字科技' }, '可以备案')
  await expect(page.getByRole('region', { name: '备案类型' })).toContainText('新增网站')
  await expect(page.getByRole('region', { name: '备案类型' })).toContainText('管局已答复这个证件号码')
  await expect(page.getByRole('region', { name: '材料清单' })).toContainText('主体证件')
  await expect(page.getByRole('region', { name: '时间' })).toContainText(/预计有结果\s*20\d\d-\d\d-\d\d 至 20\d\d-\d\d-\d\d/)
  await expect(page.getByRole('button', { name: '开始备案' })).toBeVisible()
})

test("an individual's bad name is told with the rule and its source", async ({ page }) => {
  await run(page, { domain: 'linzhixia.com', who: '个人', number: personNumber, name: '知夏公司' }, '现在还不能备案')
  const finding = page.getByRole('listitem').filter({ hasText: '必须解决' })
  await expect(finding).toContainText('公司')
  await finding.getByText('依据').click()
  await expect(finding).toContainText('来源')
  await expect(page.getByText('知夏公司'), 'the name is not kept').toHaveCount(0)
  await expect(page.getByRole('button', { name: '开始备案' })).toHaveCount(0)
})

test('an expired domain is renewed first', async ({ page }) => {
  await run(page, { domain: 'yunshan-guoqi.cn', filed: '备案过' }, '现在还不能备案')
  await expect(page.getByRole('listitem').filter({ hasText: '必须解决' })).toContainText('续费')
  await expect(page.getByRole('region', { name: '时间' })).toContainText('提交后约')
})

test('a filed domain has ways out', async ({ page }) => {
  await run(page, { domain: 'yunshan-jiuzhan.cn', filed: '没有' }, '现在还不能备案')
  await expect(page.getByRole('region', { name: '备案类型' })).toContainText('请原备案所在省的管局注销')
  await expect(page.getByText('域名现在的备案号：京ICP备2021000001号-1')).toBeVisible()
})

test('an overseas organisation files with a mainland certificate', async ({ page }) => {
  await run(page, { domain: 'yunshan-yujian.cn', who: '其他机构', kind: '境外机构' }, '现在还不能备案')
  await expect(page.getByRole('region', { name: '备案类型' })).toContainText('由内地的公司备案')
})

test('a domain verified yesterday has to wait, and so does the account of a person', async ({ page }) => {
  await run(page, { domain: 'yunshan-xinzhan.cn', who: '个人', filed: '备案过' }, '还要等一等')
  await expect(page.getByRole('region', { name: '时间' })).toContainText(/最早可以提交\s*20\d\d-\d\d-\d\d/)
  await expect(page.getByRole('link', { name: '先注册账号、完成实名认证' })).toBeVisible()
})

test('says when to come back after too many', async ({ page }) => {
  await page.route('**/api/v1/prechecks', (route) => route.fulfill(refusal(429, { code: 'precheck.too_often', detail: '请稍后再试' })))
  await tell(page, { domain: 'yunshan-yujian.cn' })
  await page.getByRole('button', { name: '开始预检' }).click()
  await expect(page.getByRole('alert')).toContainText('请稍后再试')
  await expect(page.getByLabel('域名')).toHaveValue('yunshan-yujian.cn')
})
