import { expect, expectSoundPage, test } from '../../page.ts'

const text = '个人网站的名称不能含：个人空间、个人博客、个人网站、个人主页'

test('a rule is told with examples that everybody understands, in both languages', async ({ page }) => {
  await page.goto('/rules/hunan.name.personal_space')
  await expect(page.getByText('不符合时不能提交订单')).toBeVisible()
  const fails = page.getByRole('region', { name: '不符合的例子' })
  await expect(fails).toContainText('网站名称')
  await expect(fails).toContainText('知秋个人博客')
  await expect(fails).toContainText('系统会提示：')
  await expect(page.getByRole('region', { name: '符合的例子', exact: true })).toContainText('知秋手作笔记')
  const raw = fails.getByText('"websites"')
  await expect(raw).toBeHidden()
  await fails.getByText('查看原始数据').click()
  await expect(raw).toBeVisible()
  await expect(page.getByText('hunan.name.personal_space')).toBeVisible()
  await expectSoundPage(page, 'rule-zh', text)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('region', { name: 'These break the rule' })).toContainText('What you would be told:')
  await expectSoundPage(page, 'rule-en', (await page.getByRole('heading', { level: 1 }).textContent()) ?? '')
})

test('leads to the rule that it stands for, and back', async ({ page }) => {
  await page.goto('/rules/hunan.name.personal_space')
  await page.getByRole('region', { name: '它代替' }).getByRole('link').click()
  await expect(page).toHaveURL('/rules/national.name.personal_space')
  await expect(page.getByText('不符合时可以提交，但可能被退回')).toBeVisible()
  const by = page.getByRole('region', { name: '由更具体的规定代替' })
  await by.getByRole('link', { name: text }).first().click()
  await expect(page).toHaveURL(/\/rules\/\w+\.name\.personal_space/)
})

test('a paper says that it is one; what no example shows says why', async ({ page }) => {
  await page.goto('/rules/hunan.website_letter')
  await expect(page.getByText('缺少这份材料时不能提交订单')).toBeVisible()
  await expect(page.getByText('网站负责人授权书', { exact: true })).toBeVisible()
  await page.goto('/rules/national.domain.suffix')
  await expect(page.getByText('没有单独的例子')).toBeVisible()
  await expect(page.getByText('域名检测', { exact: true })).toBeVisible()
  await expectSoundPage(page, 'rule-elsewhere', '域名后缀须经工业和信息化部批准，并受当地管局受理')
})

test('what the operator changed, and an edition of before, are said on top', async ({ page }) => {
  await page.route(/\/api\/v1\/rules\/national\.name\.short\?version=/, async (route) => {
    const rule = await (await page.request.get('/api/v1/rules/national.name.short')).json()
    await route.fulfill({ json: { ...rule, active: false, version: '2026-01-01+00000000', changed: '本地管局从严', off: '与当地要求不符', own: true } })
  })
  await page.goto('/rules/national.name.short?version=2026-01-01%2B00000000')
  for (const title of ['这不是现行的规则', '本平台已停用这条规则', '本平台调整了这条规则', '这是本平台的规定']) await expect(page.getByRole('heading', { name: title })).toBeVisible()
  await expect(page.getByText('与当地要求不符')).toBeVisible()
  await expectSoundPage(page, 'rule-changed', '网站名称至少 3 个字，括号和横线不算')
  await page.getByRole('link', { name: '查看现行版本' }).click()
  await expect(page).toHaveURL('/rules/national.name.short')
})

test('a rule that there is none of is not found', async ({ page }) => {
  await page.goto('/rules/no.such.rule')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有这个页面')
})
