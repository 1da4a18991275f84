/** Where applicants meet the rules inside an order, against the real server: as they type, by province, with texts to take over and ways out. */

import { expect, expectSoundPage, test } from '../page.ts'
import { abandon, checkDomain, chooseRegion, person, saved } from './people.ts'
import type { Page } from '@playwright/test'

/** A draft for a domain that no other flow files. */
async function begin(me: Page, server: string, domain: string): Promise<string> {
  await me.goto('/start')
  await me.getByRole('radio', { name: new RegExp(server) }).check({ force: true })
  await checkDomain(me, domain)
  await me.getByRole('button', { name: '立即备案' }).click()
  await me.waitForURL(/\/orders\/[0-9A-Z-]+$/)
  return me.url().split('/').pop() ?? ''
}

test('a unit sees its province’s rules while it types, and another province’s when it moves', async ({ browser }, info) => {
  test.skip(info.project.name !== 'phone', 'each account has one such draft at a time')
  test.setTimeout(180_000)
  const unit = await person(browser, 'unit@example.com')
  const order = await begin(unit, '业务服务器', '云杉数字.中国')
  await unit.goto(`/orders/${order}/subject`)
  await chooseRegion(unit, ['湖南省', '长沙市', '岳麓区'])
  await unit.getByText('单位授权的其他人员', { exact: true }).click()
  const role = unit.getByRole('group', { name: '身份' })
  await expect(role).toContainText('须修改 当地管局要求主体负责人是法定代表人')
  await role.getByText('依据：湖南省的要求').click()
  await expect(role).toContainText('主体负责人须是法定代表人')
  await expect(role).toContainText('资料日期：2022')
  await expect(unit.getByRole('heading', { name: /^湖南省在这一步的要求/ })).toBeVisible()
  await expectSoundPage(unit, 'subject-hunan', '填写主体信息')
  await unit.getByRole('button', { name: 'English' }).click()
  await expect(unit.getByText('Why: a rule of Hunan').first()).toBeVisible()
  await unit.getByRole('button', { name: '中文' }).click()
  await chooseRegion(unit)
  await expect(role).toContainText('当地管局接受非法定代表人担任主体负责人')
  await expect(role).not.toContainText('须修改')
  await saved(unit)
  await nameWithoutSaving(unit, order)
  await abandon(unit, order)
})

/** A name is judged before it is saved, and told calmly until its field is left. */
async function nameWithoutSaving(unit: Page, order: string): Promise<void> {
  await unit.goto(`/orders/${order}/websites`)
  await unit.getByRole('link', { name: '云杉数字.中国' }).or(unit.getByRole('link', { name: /^xn--/ })).first().click()
  const name = unit.getByLabel('网站名称')
  const checked = unit.waitForResponse((response) => response.url().endsWith('/check'))
  await name.pressSequentially('长沙云杉数字')
  expect((await checked).status()).toBe(200)
  await expect(name).toHaveAccessibleDescription(/请留意 网站名称里的“长沙”超出了单位名称的地域范围/)
  await expect(unit.locator('.note.ask'), 'calm while typing').toContainText('长沙')
  await name.blur()
  await expect(unit.locator('.note.warning')).toContainText('长沙')
  await name.fill('云杉数字')
  await expect(name).not.toHaveAccessibleDescription(/长沙/)
  await saved(unit)
}

test('an individual takes over the text that a province wants, and finds the way out of a wrong number', async ({ browser }, info) => {
  test.skip(info.project.name !== 'wide', 'each account has one such draft at a time')
  test.setTimeout(180_000)
  const me = await person(browser, 'person@example.com')
  const order = await begin(me, '我的小站', '林知夏的书房.com')
  await me.goto(`/orders/${order}/subject`)
  await chooseRegion(me, ['广西壮族自治区', '南宁市', '青秀区'])
  await saved(me)
  await wrongNumber(me)
  await me.goto(`/orders/${order}/websites`)
  await me.locator('.sites a').first().click()
  await me.getByLabel('网站名称').fill('知夏的书房')
  await me.getByRole('button', { name: '使用这段文字' }).click()
  const remark = me.getByRole('textbox', { name: /^网站备注/ })
  await expect(remark).toHaveValue(/本网站“知夏的书房”为本人的个人网站/)
  await expect(me.getByRole('button', { name: '使用这段文字' })).toHaveCount(0)
  await saved(me)
  await abandon(me, order)
})

/** A number that the authority does not know needs a first filing, which is not to be had; the old number is the way back. */
async function wrongNumber(me: Page): Promise<void> {
  const number = me.getByLabel('证件号码').first()
  const before = await number.inputValue()
  await number.fill('110101199003074477')
  await number.blur()
  const stop = me.getByRole('alert').filter({ hasText: '需要办理首次备案' })
  await expect(stop).toContainText('换过证的，填写备案时的证件号码')
  await expectSoundPage(me, 'subject-dead-end', '填写主体信息')
  await number.fill(before)
  await number.blur()
  await expect(stop).toHaveCount(0)
  await saved(me)
}
