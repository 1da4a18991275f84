import { expect, expectSoundPage, test } from '../../../../page.ts'
import { applicant, order } from '../../../case.ts'

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
