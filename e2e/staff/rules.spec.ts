import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { person } from '../flows/people.ts'
import { expect, expectSoundPage, test } from '../page.ts'
import { desk, expectSoundInBoth, operator, refusal } from './desk.ts'

const edition = (seq: number, more = {}) => ({ seq, version: `2026-11-24+0000000${seq}`, kind: 'operator', note: '收紧名称要求', at: '2026-11-24T03:00:00Z', active: seq === 2, ...more })
const folder = (more = {}) => ({ configured: true, folder: '/etc/beian/rules', active: edition(2), publishable: false, problems: [], changes: [], ...more })
const editions = { items: [edition(2), edition(1, { kind: 'program', note: 'beian 1.0' })] }
const rule = (id: string, more = {}) => ({
  id, severity: 'error', field: '/websites/*/name', field_label: '网站名称', group: 'website', text: '网站名称不能含测试用词', source: '本平台要求', scope: 'national', pack: 'own', edition: '2026-11-24', own: true, ...more,
})
const changed = {
  publishable: true,
  version: '2026-11-24+00000003',
  changes: [
    { change: 'added', id: 'own.name.trial', what: [], after: rule('own.name.trial') },
    { change: 'changed', id: 'own.mobile', what: ['severity', 'changed'], before: rule('own.mobile', { severity: 'warning', text: '手机号码须实名' }), after: rule('own.mobile', { text: '手机号码须实名', changed: '管局抽查' }) },
    { change: 'removed', id: 'own.old', what: [], before: rule('own.old', { text: '已经不用的规定' }) },
  ],
}

test('says in both languages how to set the folder, and that this node lags behind', async ({ page }) => {
  await desk(page, operator, { 'GET /rules/folder': folder({ configured: false, folder: undefined, behind: 'own.yaml:7: unknown predicate' }), 'GET /rules/editions': editions })
  await page.goto('/staff/rules')
  await expect(page.getByRole('alert')).toContainText('own.yaml:7: unknown predicate')
  await expect(page.getByText('BEIAN_RULES_FOLDER=/etc/beian/rules')).toBeVisible()
  await expectSoundInBoth(page, 'rules-unset', '规则发布', 'Rules')
})

test('shows faults by file and line, and what publishing would change', async ({ page }) => {
  let broken = true
  await desk(page, operator, {
    'GET /rules/folder': (route) => route.fulfill({ json: broken ? folder({ problems: [{ file: 'names/own.yaml', line: 7, message: 'unknown field "predicat"' }] }) : folder(changed) }),
    'GET /rules/editions': editions,
  })
  await page.goto('/staff/rules')
  await expect(page.getByRole('row', { name: /names\/own.yaml:7/ })).toContainText('unknown field "predicat"')
  await expect(page.getByRole('button', { name: '发布规则' })).toHaveCount(0)
  await expectSoundPage(page, 'rules-faults', '规则发布')
  broken = false
  await page.getByRole('button', { name: '重新检查' }).click()
  const changes = page.getByRole('region', { name: '发布后的变化' })
  for (const kind of ['新增 1 条', '修改 1 条', '删除 1 条']) await expect(changes.getByRole('heading', { name: kind })).toBeVisible()
  await expect(changes).toContainText('本平台有调整：管局抽查')
  await expect(changes.getByText('建议符合')).toBeVisible()
  await expectSoundInBoth(page, 'rules-changes', '规则发布', 'Rules')
})

test('tries rules on open orders, shows that it works, and leads to the cases', async ({ page }) => {
  let answer = () => {}
  const ready = new Promise<void>((done) => (answer = done))
  const judged = (id: string) => ({ rule: id, pointer: '/websites/0/name', label: '网站名称', severity: 'error', text: '网站名称不能含测试用词' })
  await desk(page, operator, {
    'GET /rules/folder': folder(changed),
    'GET /rules/editions': editions,
    'POST /rules/replay': async (route) => {
      expect(route.request().postDataJSON()).toEqual({})
      await ready
      await route.fulfill({ json: { from: 'a', to: changed.version, orders: 10_000, changed: 1, truncated: true, items: [{ order: '261124-7K3M9QXR', state: 'draft', type: 'add_website', added: [judged('own.name.trial')], gone: [judged('own.old')] }] } })
    },
  })
  await page.goto('/staff/rules')
  await page.getByRole('button', { name: '在未提交的订单上试算' }).click()
  const region = page.getByRole('region', { name: '试算：文件夹中的规则' })
  await expect(region.getByRole('status')).toContainText('正在逐个检查')
  await expect(region.getByRole('heading')).toBeFocused()
  answer()
  await expect(region.getByRole('link', { name: '261124-7K3M9QXR' })).toHaveAttribute('href', '/staff/orders/261124-7K3M9QXR')
  await expect(region).toContainText('只检查了前 10000 个')
  await expect(region.getByRole('row', { name: /261124/ })).toContainText(/新增.*own\.name\.trial.*不再提示.*own\.old/s)
  await expectSoundInBoth(page, 'rules-replay', '规则发布', 'Rules')
})

test('a trial can be broken off, and a refusal is told', async ({ page }) => {
  let tries = 0
  await desk(page, operator, {
    'GET /rules/folder': folder(changed),
    'GET /rules/editions': editions,
    'POST /rules/replay': async (route) => {
      // The first is never answered: only breaking it off ends it.
      if (++tries > 1) await route.fulfill(refusal(422, { code: 'rules.folder_broken', detail: '文件夹中的规则有 1 处错误', errors: [{ pointer: '/own.yaml/7', code: 'rules.file_fault', message: 'own.yaml:7: unknown' }] }))
    },
  })
  await page.goto('/staff/rules')
  await page.getByRole('button', { name: '用第 1 版试算' }).click()
  await page.getByRole('region', { name: '试算：第 1 版的规则' }).getByRole('button', { name: '停止' }).click()
  await expect(page.getByRole('region', { name: /试算/ })).toHaveCount(0)
  await page.getByRole('button', { name: '在未提交的订单上试算' }).click()
  await expect(page.getByRole('alert')).toContainText(/1 处错误.*own\.yaml:7/s)
})

test('publishing and restoring ask for words first, and a refusal stays in the dialog', async ({ page }) => {
  const sent: unknown[] = []
  await desk(page, operator, {
    'GET /rules/folder': folder(changed),
    'GET /rules/editions': editions,
    'POST /rules/editions': (route) => {
      sent.push(route.request().postDataJSON())
      return sent.length === 1 ? route.fulfill(refusal(409, { code: 'stale_version', detail: '别人刚刚发布了新的规则，请核对后再发布' })) : route.fulfill({ status: 201, json: edition(3) })
    },
  })
  await page.goto('/staff/rules')
  await page.getByRole('button', { name: '发布规则' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('将新增 1 条、修改 1 条、删除 1 条规则')
  await expect(dialog).toContainText('还没有在未提交的订单上试算')
  await dialog.getByRole('button', { name: '发布规则' }).click()
  await expect(dialog).toContainText('请写明这次改了什么')
  expect(sent).toEqual([])
  await dialog.getByLabel('这次改了什么').fill('名称不能含测试用词')
  await expectSoundPage(page, 'rules-publish', '规则发布')
  await dialog.getByRole('button', { name: '发布规则' }).click()
  await expect(dialog.getByRole('alert')).toContainText('别人刚刚发布了新的规则')
  await dialog.getByRole('button', { name: '取消' }).click()
  await page.getByRole('button', { name: '恢复第 1 版' }).click()
  await dialog.getByLabel('恢复的原因').fill('误伤太多')
  await dialog.getByRole('button', { name: '恢复', exact: true }).click()
  await expect(page.getByText('第 3 版已生效')).toBeVisible()
  expect(sent[1]).toEqual({ note: '误伤太多', restore: '2026-11-24+00000001' })
})

const pack = (predicate: string) => `id: own.trial
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.trial.word
    ${predicate}: contains_word
    params: {words: [仅供试运行]}
    severity: error
    field: /websites/*/name
    text: {zh: "网站名称不能含“{word}”。请改用正式名称", en: "Please take {word} out of the name"}
    about: {zh: 网站名称不能含试运行字样, en: No trial runs in the names of websites}
    examples:
      pass: [{websites: [{name: 海棠书屋}]}]
      fail: [{websites: [{name: 海棠仅供试运行}]}]
overrides:
  - {rule: national.name.commerce, severity: warning, reason: {zh: 近期常被退回, en: Often returned of late}}
`

const publish = async (page: Page, act: string, label: string, note: string) => {
  await page.getByRole('button', { name: act }).first().click()
  await page.getByRole('dialog').getByLabel(label).fill(note)
  await page.getByRole('dialog').getByRole('button', { name: /^(发布规则|恢复)$/ }).click()
  await expect(page.getByText(/第 \d+ 版已生效/)).toBeVisible()
}

test('a folder is mended, tried, published, read by everybody, compared and taken back', async ({ browser }, info) => {
  const where = process.env.BEIAN_RULES_FOLDER
  test.skip(info.project.name !== 'wide' || !where, 'one folder of one server')
  test.setTimeout(180_000)
  const file = join(where ?? '', 'trial.yaml')
  try {
    writeFileSync(file, pack('predicat'))
    const page = await person(browser, 'operator@example.com')
    await page.goto('/staff/rules')
    await expect(page.getByRole('row', { name: /trial\.yaml:7/ })).toContainText('predicat')
    writeFileSync(file, pack('predicate'))
    await page.getByRole('button', { name: '重新检查' }).click()
    await expect(page.getByRole('region', { name: '发布后的变化' })).toContainText('网站名称不能含试运行字样')
    await page.getByRole('button', { name: '在未提交的订单上试算' }).click()
    await expect(page.getByRole('region', { name: '试算：文件夹中的规则' }).getByText('检查的订单')).toBeVisible()
    await publish(page, '发布规则', '这次改了什么', '名称不能含试运行字样')
    await expect(page.getByText('与现行规则一致')).toBeVisible()

    await page.goto('/rules?q=own.trial')
    await page.getByRole('link', { name: '网站名称不能含试运行字样' }).click()
    await expect(page.getByRole('heading', { name: '这是本平台的规定' })).toBeVisible()
    await expect(page.getByRole('region', { name: '不符合的例子' })).toContainText('网站名称不能含“仅供试运行”')
    await page.goto('/rules/national.name.commerce')
    await expect(page.getByText('近期常被退回')).toBeVisible()

    await page.goto('/staff/rules')
    const before = page.getByRole('link', { name: /与现行对比/ }).first()
    await before.click()
    await expect(page.getByRole('region', { name: '只有一边有的' })).toContainText('网站名称不能含试运行字样')
    await expect(page.getByRole('region', { name: '要求不同的' })).toContainText('近期常被退回')
    await expectSoundPage(page, 'compare-editions', '对比规则')
    await page.goBack()
    await publish(page, '恢复第', '恢复的原因', '试运行结束')
    // What was read a moment ago may be shown for ten seconds.
    await expect(async () => {
      await page.goto('/rules/own.trial.word')
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有这个页面', { timeout: 1_000 })
    }).toPass({ timeout: 30_000 })
  } finally {
    rmSync(file, { force: true })
  }
})
