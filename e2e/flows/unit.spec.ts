/** A unit files two sites, one on its server and one by an authorization code; returned once, mended, approved. */

import { expect, expectSoundPage, test } from '../page.ts'
import { approve, authorityApproves, checkDomain, choose, chooseRegion, person, proveFiling, saved, submit, upload } from './people.ts'
import type { Page } from '@playwright/test'

test('a unit with two sites and an authorization code is returned once, mended and filed', async ({ browser }, info) => {
  test.skip(info.project.name !== 'wide', 'a domain is filed once; the individual files on the phone')
  test.setTimeout(300_000)
  const unit = await person(browser, 'unit@example.com')
  await expectSoundPage(unit, 'home', '我的备案')
  const code = await makeCode(unit)
  const order = await begin(unit)
  await fillSubject(unit)
  await fillSites(unit, code)
  await upload(unit, '主体证件', '主体负责人证件（人像面）', '主体负责人证件（国徽面）')
  await expectSoundPage(unit, 'materials', '上传材料')
  await unit.getByRole('button', { name: '下一步，确认信息' }).click()
  await expect(unit.getByRole('region', { name: '提交前请留意（1）' })).toContainText('网站名称含有“文化”')
  await expectSoundPage(unit, 'confirm', '确认并提交初审')
  await submit(unit)
  await expectSoundPage(unit, 'order-submitted', `订单 ${order}`)

  const reviewer = await person(browser, 'reviewer@example.com')
  await sendBack(reviewer, order)
  await mend(unit, order)
  await approve(reviewer, order)
  await authorityApproves(await browser.newPage(), 'yunshan-keji.cn')
  await readResult(unit, order)
})

/** An authorization code from one server, for the unit itself. */
async function makeCode(unit: Page): Promise<string> {
  await unit.goto('/codes')
  await choose(unit, unit.getByRole('combobox', { name: '服务器' }), /官网服务器/)
  await unit.getByLabel('给哪个账号使用').fill('unit@example.com')
  await unit.getByRole('button', { name: '生成', exact: true }).click()
  const made = await unit.getByText(/已生成授权码/).innerText()
  const code = /授权码 ([0-9A-Z-]+)/.exec(made)?.[1] ?? ''
  expect(code).not.toBe('')
  await expectSoundPage(unit, 'codes', '备案授权码')
  return code
}

/** Resource check, domain check, and the draft that follows from them. */
async function begin(unit: Page): Promise<string> {
  await unit.goto('/start')
  await unit.getByRole('radio', { name: /业务服务器/ }).check({ force: true })
  await checkDomain(unit, 'yunshan-keji.cn')
  await expectSoundPage(unit, 'start', '验证备案信息')
  await unit.getByRole('button', { name: '立即备案' }).click()
  await unit.waitForURL(/\/orders\/[0-9A-Z-]+$/)
  const order = unit.url().split('/').pop() ?? ''
  await expectSoundPage(unit, 'order-draft', `订单 ${order}`)
  return order
}

/** The subject's answers; they outlive a reload, and a rule of the province is told at its field. */
async function fillSubject(unit: Page): Promise<void> {
  await unit.getByRole('button', { name: '继续：填写主体信息' }).click()
  await proveFiling(unit, '京ICP备2021000001号')
  await chooseRegion(unit)
  await unit.getByLabel('证件住址').fill('北京市海淀区学院路 1 号 3 号楼 2 层 201 室')
  await unit.getByLabel('投资人或主管单位').fill('北京云杉数字科技有限公司')
  await unit.getByLabel('通信地址').fill('学院路 1 号 3 号楼 2 层 201 室')
  await unit.locator('#field-subject-principal-name').fill('周明远')
  await unit.getByText('法定代表人', { exact: true }).click()
  await choose(unit, unit.locator('#field-subject-principal-certificate-type'), '居民身份证')
  await unit.locator('#field-subject-principal-certificate-number').fill('110105 19860823 3718')
  await unit.getByText('长期有效', { exact: true }).click()
  await unit.getByLabel('办公室电话').fill('010-87654321')
  await saved(unit)
  const emergency = unit.getByLabel('应急联系电话')
  await expect(emergency, 'a rule of the province is told at its field beforehand').toHaveAccessibleDescription(/须知 当地管局要求填写应急联系电话/)
  await expect(emergency).not.toHaveAttribute('aria-invalid', 'true')
  await expect(unit.getByRole('heading', { name: /^北京市在这一步的要求/ })).toBeVisible()
  await expectSoundPage(unit, 'subject', '填写主体信息')
  await unit.reload()
  await expect(unit.locator('#field-subject-principal-certificate-number')).toHaveValue('110105198608233718')
  await unit.getByRole('button', { name: '保存并下一步，填写网站信息' }).click()
  await unit.getByRole('link', { name: /当地管局要求填写应急联系电话/ }).click()
  await expect(unit.getByLabel('应急联系电话')).toBeFocused()
  await unit.getByLabel('应急联系电话').fill('13900139000')
  await unit.getByRole('button', { name: '保存并下一步，填写网站信息' }).click()
  await expect(unit.getByRole('heading', { level: 1 })).toHaveText('填写网站信息')
}

/** A second site by the code, and the first with a name that is refused before one that is not. */
async function fillSites(unit: Page, code: string): Promise<void> {
  await unit.getByRole('button', { name: '添加网站' }).click()
  await unit.getByRole('radio', { name: '使用授权码备案' }).check({ force: true })
  await unit.getByRole('textbox', { name: '备案授权码' }).fill(code)
  await checkDomain(unit, 'yunshan-benzhan.cn')
  await unit.getByRole('button', { name: '添加这个网站' }).click()
  await answerSite(unit, 'yunshan-benzhan.cn', '云杉数字文化支持站')
  await unit.getByRole('link', { name: 'yunshan-keji.cn' }).click()
  await unit.getByLabel('网站名称').fill('云杉')
  await unit.getByRole('button', { name: /^保存网站/ }).click()
  await expect(unit.getByRole('alert')).toContainText('3 个')
  await expectSoundPage(unit, 'website-faulty', '网站 yunshan-keji.cn')
  const [one, other] = [await unit.getByText('中文简体').boundingBox(), await unit.getByText('英语', { exact: true }).boundingBox()]
  expect(Math.abs((one?.x ?? 0) - (other?.x ?? 0)) + Math.abs((one?.y ?? 0) - (other?.y ?? 0)), 'choices lie apart').toBeGreaterThan(20)
  await answerSite(unit, 'yunshan-keji.cn', '云杉数字科技')
  await expectSoundPage(unit, 'websites', '填写网站信息')
  await unit.getByRole('button', { name: '下一步，上传材料' }).click()
}

async function answerSite(unit: Page, domain: string, name: string): Promise<void> {
  await expect(unit.getByRole('heading', { level: 1 })).toContainText(domain)
  await unit.getByLabel('网站名称').fill(name)
  await choose(unit, unit.getByRole('combobox', { name: '网站服务内容' }), '单位门户网站')
  await saved(unit)
  await expectSoundPage(unit, `website-${domain}`, `网站 ${domain}`)
  await unit.getByRole('button', { name: /^保存网站/ }).click()
  await expect(unit.getByRole('heading', { level: 1 })).toHaveText('填写网站信息')
}

/** The reviewer returns the order with three findings at once: at a field, at a picture, and of a rule whose warning the applicant let stand. */
async function sendBack(reviewer: Page, order: string): Promise<void> {
  await reviewer.goto('/staff/queue')
  await expect(reviewer.getByText(order)).toBeVisible()
  await expectSoundPage(reviewer, 'queue', '审核队列')
  await reviewer.goto(`/staff/orders/${order}`)
  await reviewer.getByRole('button', { name: '受理' }).click()
  await reviewer.getByRole('button', { name: '网站名称：提出问题' }).first().click()
  await object(reviewer, '网站名称过于宽泛，看不出网站内容')
  await reviewer.getByRole('button', { name: '主体负责人证件（国徽面）', exact: true }).click()
  await reviewer.getByRole('button', { name: '提出问题', exact: true }).click()
  await object(reviewer, '图片不清晰，文字无法辨认')
  const warned = reviewer.getByRole('region', { name: '规则', exact: true }).getByRole('listitem').filter({ hasText: '网站名称含有“文化”' })
  await expect(warned).toContainText('申请人提交时已看到')
  await warned.getByRole('button', { name: /记为问题/ }).click()
  await reviewer.getByRole('dialog').getByRole('button', { name: '记下，稍后一起退回' }).click()
  await expectSoundPage(reviewer, 'case', `审核订单 ${order}`)
  await reviewer.getByRole('button', { name: '退回修改（3）' }).click()
  await reviewer.getByRole('dialog').getByRole('button', { name: /退回/ }).click()
  await expect(reviewer.getByText('已退回申请人。')).toBeVisible()
}

async function object(reviewer: Page, reason: string): Promise<void> {
  const dialog = reviewer.getByRole('dialog')
  await dialog.getByLabel('问题', { exact: true }).fill(reason)
  await dialog.getByRole('button', { name: '记下，稍后一起退回' }).click()
}

/** The unit follows each finding to its place, mends it and submits again. */
async function mend(unit: Page, order: string): Promise<void> {
  await unit.goto(`/orders/${order}`)
  await expect(unit.getByText('初审退回：请修改后重新提交')).toBeVisible()
  await expectSoundPage(unit, 'order-returned', `订单 ${order}`)
  await unit.getByRole('link', { name: /网站名称过于宽泛/ }).click()
  await unit.getByLabel('网站名称').fill('北京云杉数字科技')
  await saved(unit)
  await unit.goto(`/orders/${order}`)
  await expect(unit.getByText('依据：全国统一的要求').first(), 'the rule behind a finding is told').toBeVisible()
  await unit.getByRole('link', { name: /网站名称含有“文化”/ }).click()
  await unit.getByLabel('网站名称').fill('云杉数字支持站')
  await saved(unit)
  await unit.goto(`/orders/${order}/materials`)
  await upload(unit, '主体负责人证件（国徽面）')
  await unit.goto(`/orders/${order}/confirm`)
  await submit(unit)
}

/** The licence numbers arrive and everything tells of them. */
async function readResult(unit: Page, order: string): Promise<void> {
  await expect(async () => {
    await unit.goto(`/orders/${order}`)
    await expect(unit.getByText('备案完成')).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 60_000 })
  await expectSoundPage(unit, 'order-filed', `订单 ${order}`)
  await unit.goto('/filings')
  await expect(unit.getByText('京ICP备2021000001号-2', { exact: true })).toBeVisible()
  await expect(unit.getByText('京ICP备2021000001号-3', { exact: true })).toBeVisible()
  await expectSoundPage(unit, 'filings', '已备案')
  await unit.goto('/notices')
  await expectSoundPage(unit, 'notices', '通知')
  await unit.goto('/inbox')
  await expect(unit.getByText(/备案号/).first()).toBeVisible()
  await expectSoundPage(unit, 'inbox', '演示收件箱')
}
