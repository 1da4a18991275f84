/** An individual files one site on the phone: not asked twice, one site, its own principal. */

import { expect, expectSoundPage, test } from '../page.ts'
import { approve, authorityApproves, checkDomain, choose, chooseRegion, person, proveFiling, saved, submit, upload } from './people.ts'
import type { Page } from '@playwright/test'

test('an individual files one site on the phone', async ({ browser }, info) => {
  test.skip(info.project.name !== 'phone', 'a domain is filed once; the unit files on the wide screen')
  test.setTimeout(300_000)
  const me = await person(browser, 'person@example.com')
  await expectSoundPage(me, 'home', '我的备案')
  await me.goto('/start')
  await me.getByText('我的小站').click()
  await checkDomain(me, 'linzhixia.com')
  await expectSoundPage(me, 'start', '验证备案信息')
  await me.getByRole('button', { name: '立即备案' }).click()
  await me.waitForURL(/\/orders\/[0-9A-Z-]+$/)
  const order = me.url().split('/').pop() ?? ''

  await fill(me, order)
  await submit(me)

  const reviewer = await person(browser, 'reviewer@example.com')
  await approve(reviewer, order)
  const bureau = await browser.newPage()
  await authorityApproves(bureau, 'linzhixia.com')
  await expect(async () => {
    await me.goto(`/orders/${order}`)
    await expect(me.getByText('备案完成')).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 60_000 })
  await me.goto('/filings')
  await expect(me.getByText('京ICP备2022000002号-2', { exact: true })).toBeVisible()
  await expectSoundPage(me, 'filings', '已备案')
})

/** All steps from the subject to the overview. */
async function fill(me: Page, order: string): Promise<void> {
  await me.goto(`/orders/${order}/subject`)
  await expect(me.getByLabel('姓名')).toHaveCount(1)
  await proveFiling(me, '京ICP备2022000002号')
  await chooseRegion(me)
  await me.getByLabel('证件住址').fill('北京市海淀区成府路 2 号 5 楼 3 单元 402')
  await me.getByLabel('通信地址').fill('成府路 2 号 5 楼 3 单元 402')
  await me.getByText('长期有效', { exact: true }).click()
  await me.getByLabel('应急联系电话').fill('13700137000')
  await saved(me)
  await expectSoundPage(me, 'subject', '填写主体信息')
  await me.getByRole('button', { name: '保存并下一步，填写网站信息' }).click()
  await expect(me.getByRole('button', { name: '添加网站' })).toBeHidden()
  await me.getByRole('link', { name: 'linzhixia.com' }).click()
  await me.getByLabel('网站名称').fill('知夏的植物笔记')
  await choose(me, me.getByRole('combobox', { name: '网站服务内容' }), '其他')
  await me.getByRole('textbox', { name: '网站备注' }).fill('记录自己种植的花草，个人网站，不含任何单位信息，不经营。')
  await saved(me)
  await expectSoundPage(me, 'website', '网站 linzhixia.com')
  await me.getByRole('button', { name: /^保存网站/ }).click()
  await me.getByRole('button', { name: '下一步，上传材料' }).click()
  await upload(me, '主体负责人证件（人像面）', '主体负责人证件（国徽面）')
  await expectSoundPage(me, 'materials', '上传材料')
  await me.getByRole('button', { name: '下一步，确认信息' }).click()
  await expectSoundPage(me, 'confirm', '确认并提交初审')
}
