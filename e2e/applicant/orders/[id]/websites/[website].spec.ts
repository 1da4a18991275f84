import { expect, expectSoundPage, test } from '../../../../page.ts'
import { applicant, checked, finding, order } from '../../../case.ts'

const base = '/orders/261124-7K3M9QXR'
type Site = Record<string, unknown>

test('other content asks for a remark, and both kinds of faults are shown at once', async ({ page }) => {
  let sent: Site = {}
  const [first, second] = order()['websites'] as Site[]
  await applicant(page, {
    [`PUT ${base}/websites/w1`]: (route) => {
      sent = route.request().postDataJSON() as Site
      const websites = [{ ...first, ...sent }, second]
      return route.fulfill({ json: order({ version: 8, websites, findings: [{ pointer: '/websites/0/name', severity: 'error', source: 'rule', message: '网站名称不能全是数字', mended: false }] }) })
    },
  })
  await page.goto(base + '/websites/w1')
  await page.getByRole('textbox', { name: '网站名称' }).fill('12345')
  await page.locator('.el-select__wrapper', { has: page.locator('#field-websites-0-service-content') }).click()
  await page.getByRole('option', { name: '其他' }).click()
  await page.getByRole('button', { name: '添加前置或专项审批' }).click()
  await page.getByRole('textbox', { name: '批准文件上的编号' }).fill('京新出审字 1 号')
  await expectSoundPage(page, 'website', '网站 yunshan-keji.cn')
  await page.getByRole('button', { name: '保存网站' }).click()
  await expect(page.getByRole('alert')).toContainText('网站名称不能全是数字')
  await expect(page.getByRole('alert')).toContainText('请填写网站备注')
  expect(sent).toMatchObject({ name: '12345', service_content: 9, pre_approvals: [{ type: 0, number: '京新出审字 1 号' }] })
  expect(sent, 'an unchanged resource is not asked for again').not.toHaveProperty('resource')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'website-en', 'Website yunshan-keji.cn')
})

test('a website that is gone says so', async ({ page }) => {
  await applicant(page)
  await page.goto(base + '/websites/w9')
  await expectSoundPage(page, 'website-gone', '没有这个页面')
})

test('a text that a rule proposes is put into the field, and can be changed', async ({ page }) => {
  const pledge = '本网站为本人的个人网站，不含单位内容。'
  const said = (remark: unknown) => (remark === '' ? [finding('/websites/0/remark', '当地管局要求在备注里作出承诺', { rule: 'guangxi.pledge', suggestion: pledge })] : [])
  const [first, second] = order()['websites'] as Site[]
  await applicant(page, {
    [`GET ${base}`]: order({ findings: said('') }),
    [`POST ${base}/check`]: (route) => {
      const { websites } = route.request().postDataJSON() as { websites: Site[] }
      expect(websites).toHaveLength(1)
      expect(websites[0]).toMatchObject({ id: 'w1' })
      return route.fulfill({ json: checked(said(websites[0]?.['remark'])) })
    },
    [`PUT ${base}/websites/w1`]: (route) => {
      const sent = route.request().postDataJSON() as Site
      return route.fulfill({ json: order({ version: 8, websites: [{ ...first, ...sent }, second], findings: said(sent['remark']) }) })
    },
  })
  await page.goto(base + '/websites/w1')
  const remark = page.getByRole('textbox', { name: /^网站备注/ })
  await expect(page.getByText(pledge)).toBeVisible()
  await expectSoundPage(page, 'website-suggestion', '网站 yunshan-keji.cn')
  await page.getByRole('button', { name: '使用这段文字' }).click()
  await expect(remark).toHaveValue(pledge)
  await expect(remark).toBeFocused()
  await expect(page.getByRole('button', { name: '使用这段文字' })).toHaveCount(0)
  await remark.pressSequentially('另附说明。')
  await expect(remark).toHaveValue(pledge + '另附说明。')
  await expect(page.getByText(/^已保存/)).toBeVisible()
})

test('a remark that can be mended by waiting says until when', async ({ page }) => {
  const said = finding('/websites/0/name', '实名认证还不满三天', { severity: 'warning', rule: 'national.name.fresh', retry_at: '2046-01-01T00:00:00Z' })
  await applicant(page, { [`GET ${base}`]: order({ findings: [said] }) })
  await page.goto(base + '/websites/w1')
  await expect(page.getByRole('textbox', { name: '网站名称' })).toHaveAccessibleDescription(/请留意 实名认证还不满三天/)
  await expect(page.getByText(/2046-01-01/)).toBeVisible()
})
