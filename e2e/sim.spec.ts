import { expect, expectSoundPage, test } from './page.ts'

const pages = [
  ['', '备案申请', 'Requests'],
  ['behaviour', '故障与设置', 'Faults and settings'],
  ['downloads', '下发文件', 'Downloads'],
  ['registry', '备案库', 'Registry'],
  ['calls', '接口与日志', 'Interface and log'],
] as const

for (const [path, chinese, english] of pages) {
  test(`the authority's page ${chinese} is sound in both languages`, async ({ page }) => {
    await page.goto(`/sim/${path}`)
    await expectSoundPage(page, `sim-${path}-zh`, chinese)
    await page.getByRole('link', { name: 'English' }).click()
    await expectSoundPage(page, `sim-${path}-en`, english)
  })
}

test('the authority’s registry is filled by keyboard alone', async ({ page }, info) => {
  const name = `键盘试验有限公司${info.project.name}${Date.now()}`
  await page.goto('/sim/')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused()
  for (const link of ['English', '备案申请', '故障与设置', '下发文件', '备案库']) {
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: link, exact: true })).toBeFocused()
  }
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('备案库')
  await page.getByRole('form', { name: '添加已备案主体' }).getByLabel('主办单位').focus()
  await page.keyboard.type(name)
  for (const value of ['', '', '91110108MA00000000', '', 'tea12345', '键盘试验', `${info.project.name}-${Date.now()}.example.cn`]) {
    await page.keyboard.press('Tab')
    if (value) await page.keyboard.type(value)
  }
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status')).toHaveText('已完成。')
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('tea12345')
})

test('the authority says why it did nothing', async ({ page }) => {
  await page.goto('/sim/registry')
  const form = page.getByRole('form', { name: '列入网站' })
  await form.getByLabel('网站名称').fill('假网站')
  await form.getByLabel('域名').fill('x')
  await form.getByRole('button').click()
  await expect(page.getByRole('alert')).toContainText('请填写主体名称和证件，或网站名称和域名。')
})
