import { expect, expectSoundPage, test } from '../../page.ts'
import { detected, finding, hunan } from '../../applicant/case.ts'
import { desk, expectSoundInBoth, outcomes, refusal, reviewer, sent, taken } from '../desk.ts'

const path = '/staff/orders/261124-7K3M9QXR'
const act = 'POST /orders/261124-7K3M9QXR'

test('is sound in both languages, and shows documents, answers and what machines found', async ({ page }) => {
  await desk(page, reviewer)
  await page.goto(path)
  await expect(page.getByRole('heading', { name: '上次退回的问题' })).toBeVisible()
  await expect(page.getByText('网站名称过于宽泛')).toBeVisible()
  await expect(page.getByText('管局没有答复')).toBeVisible()
  await expect(page.getByText('缺少：主体负责人证件（人像面）')).toBeVisible()
  await expect(page.getByText('请填写通信地址').first()).toBeVisible()
  await expectSoundInBoth(page, 'case', '审核订单 261124-7K3M9QXR', 'Case 261124-7K3M9QXR')
})

test('collects findings over a reload and sends them all at once', async ({ page }) => {
  await desk(page, reviewer, { [`${act}/return`]: taken({ state: 'changes_requested', version: 8, allowed_actions: [] }) })
  await page.goto(path)
  await page.getByRole('button', { name: '通信地址：提出问题' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '记下，稍后一起退回' }).click()
  await expect(dialog).toContainText('请写明原因')
  await dialog.getByRole('button', { name: '地址没有写到门牌号' }).click()
  await dialog.getByRole('button', { name: '记下，稍后一起退回' }).click()
  await expectSoundPage(page, 'case-collected', '审核订单 261124-7K3M9QXR')
  await page.reload()
  await page.getByRole('toolbar', { name: '查看工具' }).getByRole('button', { name: '提出问题' }).click()
  await dialog.getByLabel('问题').first().fill('看不清公章')
  await dialog.getByRole('button', { name: '记下，稍后一起退回' }).click()
  await page.getByRole('button', { name: '退回修改（2）' }).first().click()
  const body = sent(page, 'POST', '/return')
  await dialog.getByRole('button', { name: '退回修改（2）' }).click()
  expect(await body).toEqual({
    findings: [
      { pointer: '/subject/address', reason: '地址没有写到门牌号', advice: '请补充街道、门牌号和房间号。' },
      { pointer: '/materials/subject_certificate', reason: '看不清公章' },
    ],
  })
  await expect(page.getByText('已退回申请人。')).toBeVisible()
  expect(await page.evaluate(() => sessionStorage.getItem('beian.findings.261124-7K3M9QXR'))).toBeNull()
})

test('loads the case again when it has changed, and loses no finding', async ({ page }) => {
  let version = 7
  await desk(page, reviewer, {
    'GET /orders/261124-7K3M9QXR': (route) => route.fulfill({ json: taken({ version }) }),
    [`${act}/return`]: (route) => {
      version = 8
      return route.fulfill(refusal(412, { code: 'stale_version' }))
    },
  })
  await page.goto(path)
  await page.getByRole('button', { name: '通信地址：提出问题' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '地址没有写到门牌号' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '记下，稍后一起退回' }).click()
  await page.getByRole('button', { name: '退回修改（1）' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '退回修改（1）' }).click()
  await expect(page.getByText('您记下的 1 个问题都还在')).toBeVisible()
  const again = page.waitForRequest((request) => request.url().endsWith('/return'))
  await page.getByRole('button', { name: '退回修改（1）' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '退回修改（1）' }).click()
  expect((await again).headers()['if-match']).toBe('"v8"')
})

test('says before approval what stands against it, and why it was refused', async ({ page }) => {
  await desk(page, reviewer, { [`${act}/approval`]: (route) => route.fulfill(refusal(409, { code: 'review.call_first', detail: '请先致电核实' })) })
  await page.goto(path)
  await expect(page.getByText('通过前还差 3 项')).toBeVisible()
  await page.getByRole('button', { name: '初审通过' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('本次提交还没有电话联系上负责人')
  await dialog.getByRole('button', { name: '初审通过' }).click()
  await expect(dialog.getByRole('alert')).toContainText('请先致电核实')
})

test('asks for a reason before refusing for good', async ({ page }) => {
  await desk(page, reviewer, { [`${act}/rejection`]: taken({ state: 'provider_rejected', waiting_on: 'nobody', allowed_actions: [] }) })
  await page.goto(path)
  await page.getByRole('button', { name: '不予备案' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '不予备案' }).click()
  await expect(dialog).toContainText('请写明原因')
  await dialog.getByLabel('原因').fill('主体被列入黑名单')
  const body = sent(page, 'POST', '/rejection')
  await dialog.getByRole('button', { name: '不予备案' }).click()
  expect(await body).toEqual({ reason: '主体被列入黑名单' })
  await expect(page.getByText('已不予备案。')).toBeVisible()
})

test('records a call', async ({ page }) => {
  await desk(page, reviewer, { [`${act}/calls`]: taken({ calls: [{ at: '2026-11-24T06:00:00Z', round: 2, whom: '/subject/principal', outcome: 'reached' }] }) })
  await page.goto(path)
  await page.getByRole('button', { name: '记录通话' }).click()
  await expect(page.getByText('请选择通话结果')).toBeVisible()
  await page.getByRole('group', { name: '结果' }).getByText('已接通').click()
  const body = sent(page, 'POST', '/calls')
  await page.getByRole('button', { name: '记录通话' }).click()
  expect(await body).toMatchObject({ whom: '/subject/principal', outcome: 'reached' })
  await expect(page.getByText('本次提交已经联系上负责人。')).toBeVisible()
})

test('offers only what is allowed', async ({ page }) => {
  await desk(page, reviewer, { 'GET /orders/261124-7K3M9QXR': taken({ reviewer: 'a2', allowed_actions: [] }) })
  await page.goto(path)
  await expect(page.getByRole('heading', { name: '填报内容' })).toBeVisible()
  for (const name of [/提出问题/, '初审通过', /退回修改/, '不予备案', '记录通话', '添加备注', '受理', '放回队列']) {
    await expect(page.getByRole('button', { name })).toHaveCount(0)
  }
})

test('works by keyboard: documents, fields, panes, help', async ({ page, isMobile }) => {
  test.skip(isMobile, 'keys and panes are for wide screens')
  await desk(page, reviewer)
  await page.goto(path)
  await expect(page.getByText('1 / 2')).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText('2 / 2')).toBeVisible()
  await page.keyboard.press('+')
  await expect(page.getByText('125%')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('separator').focus()
  await page.keyboard.press('End')
  await page.reload()
  await expect(page.getByRole('separator')).toHaveAttribute('aria-valuenow', '75')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: '键盘操作' })).toBeVisible()
  await page.getByText('使用单键操作').click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText('1 / 2')).toBeVisible()
})

test('lists what came of each rule, what failed first, and whether the applicant knew', async ({ page }) => {
  await desk(page, reviewer)
  await page.goto(path)
  const rules = page.getByRole('region', { name: '规则', exact: true })
  const rows = rules.getByRole('listitem')
  await expect(rows).toHaveText([/错误\s*订单中的网站/, /注意\s*网站 1：网站名称/])
  await expect(rows.nth(1)).toContainText('申请人提交时已看到')
  await expect(rows.nth(0)).not.toContainText('申请人提交时已看到')
  await rows.nth(0).getByText('依据：湖南省的要求').click()
  await expect(rows.nth(0)).toContainText('一个订单最多 1 个网站')
  await rules.getByText('未能判断 1').click()
  await expect(page).toHaveURL(/rules=unjudged/)
  await expect(rows).toHaveText([/域名须在本单位名下/])
  await rules.getByText('全部 5').click()
  await expect(rows).toHaveCount(5)
  await rules.getByRole('textbox', { name: '在规则里查找' }).fill('办公室')
  await expect(rows).toHaveText([/提示.*当地管局会拨打办公室电话/])
  await expectSoundInBoth(page, 'case-rules', '审核订单 261124-7K3M9QXR', 'Case 261124-7K3M9QXR')
})

test('a failed rule becomes a finding with its words, its place and its basis', async ({ page }) => {
  await desk(page, reviewer, { [`${act}/return`]: taken({ state: 'changes_requested', version: 8, allowed_actions: [] }) })
  await page.goto(path)
  await page.getByRole('button', { name: '订单中的网站：记为问题' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('问题', { exact: true })).toHaveValue('当地管局要求一个订单只能有 1 个网站')
  await expect(dialog).toContainText('一个订单最多 1 个网站')
  await expectSoundPage(page, 'case-rule-taken', '审核订单 261124-7K3M9QXR')
  await dialog.getByRole('button', { name: '记下，稍后一起退回' }).click()
  await expect(page.getByRole('button', { name: '订单中的网站：已提出' })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: '退回修改（1）' }).first().click()
  const body = sent(page, 'POST', '/return')
  await dialog.getByRole('button', { name: '退回修改（1）' }).click()
  expect(await body).toEqual({ findings: [{ pointer: '/websites', reason: '当地管局要求一个订单只能有 1 个网站', rule: 'hunan.websites' }] })
})

test('says by which rules the case is judged, and what newer ones change', async ({ page }) => {
  const added = finding('/websites/0/remark', '须写明网站的具体内容', { rule: 'hunan.remark', label: '网站备注', reference: hunan('须写明具体内容') })
  await desk(page, reviewer, {
    'GET /orders/261124-7K3M9QXR/rules': outcomes({ judged_by: '2026-11-01+aaaa' }),
    'GET /orders/261124-7K3M9QXR/rule-changes': { judged_by: '2026-11-01+aaaa', active: '2026-11-24+5d41402a', known: true, added: [added], gone: [] },
  })
  await page.goto(path)
  await expect(page.getByText('按现行规则 2026-11-24+5d41402a 判断。')).toContainText('提交时的版本是 2026-11-01+aaaa')
  await expect(page.getByText('须写明网站的具体内容')).toBeVisible()
  await expectSoundPage(page, 'case-newer-rules', '审核订单 261124-7K3M9QXR')
})

test('the rules are reached and taken over by keyboard', async ({ page, isMobile }) => {
  test.skip(isMobile, 'keys are for wide screens')
  await desk(page, reviewer)
  await page.goto(path)
  await expect(page.getByRole('button', { name: '订单中的网站：记为问题' })).toBeVisible()
  await page.keyboard.press('l')
  await expect(page.getByRole('radio', { name: '未通过 2' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: '提示 1' })).toBeChecked()
  await page.keyboard.press('ArrowLeft')
  const take = page.getByRole('button', { name: '订单中的网站：记为问题' })
  await take.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
})

test('tells that the filing type stops the case, and the ways out', async ({ page }) => {
  const reason = '这个主体还有一个订单正在管局办理'
  const exits = [{ id: 'wait', title: '等另一个订单结束', text: '得到管局的结果后就可以提交' }]
  const stopped = detected({ type: undefined, code: 'type.in_process', reason, offered: false, dead_end: true, stops: true, exits })
  await desk(page, reviewer, { 'GET /orders/261124-7K3M9QXR': taken({ detected: stopped, findings: [finding('/subject/certificate_number', reason, { rule: 'types', exits })] }) })
  await page.goto(path)
  const checks = page.getByRole('region', { name: '核查结果' })
  await expect(checks).toContainText('不能办理')
  await expect(checks).toContainText(reason)
  await expect(checks.getByRole('listitem')).toHaveText(/等另一个订单结束\s*得到管局的结果后就可以提交/)
})

test('notes that a person verified by message, and who said so', async ({ page }) => {
  const person = (id: string, more: Record<string, unknown>) => ({ id, round: 2, name: '王*', tail: '0001', pointers: ['/subject/principal'], subject: true, websites: [], state: 'waiting', until: '2046-11-25T03:00:00Z', ...more })
  const lin = { name: '林*', tail: '7000', subject: false, websites: [{ name: '云杉本站', domain: 'yunshan-benzhan.cn' }] }
  const pending = (state: string) =>
    taken({
      state: 'sms_pending', waiting_on: 'applicant', reviewer: undefined, allowed_actions: ['confirm_sms', 'pass_sms'],
      sms: [
        person('1-1', { round: 1, state: 'timed_out', until: '2026-11-25T03:00:00Z' }),
        person('2-1', { state: 'done', by: 'applicant', at: '2026-11-25T05:00:00Z' }),
        person('2-2', { ...lin, ...(state === 'done' ? { state, by: 'provider', from: 'person', at: '2026-11-25T06:00:00Z' } : {}) }),
      ],
    })
  await desk(page, reviewer, { 'GET /orders/261124-7K3M9QXR': pending('waiting'), [`${act}/sms-confirmation`]: pending('done') })
  await page.goto(path)
  const rows = page.locator('#case-sms li')
  await expect(rows).toHaveCount(3)
  await expect(rows.first()).toContainText('申请人页面')
  await expect(rows.last()).toContainText('第 1 轮')
  await expectSoundInBoth(page, 'case-sms', '审核订单 261124-7K3M9QXR', 'Case 261124-7K3M9QXR')
  await page.getByRole('button', { name: '林*: note as verified' }).click()
  await expect(page.getByText('Please choose who told you')).toBeVisible()
  await page.getByRole('combobox', { name: '林*: Who told you' }).press('Enter')
  await page.getByRole('option', { name: 'told by the person' }).click()
  const body = sent(page, 'POST', '/sms-confirmation')
  await page.getByRole('button', { name: '林*: note as verified' }).click()
  expect(await body).toEqual({ check: '2-2', from: 'person' })
  await expect(rows.nth(1)).toContainText('Staff (told by the person)')
})
