import { expect, expectSoundPage, test } from '../../page.ts'
import { applicant, detected, finding, hunan, order, refusal } from '../case.ts'

const path = '/orders/261124-7K3M9QXR'

test('lists the steps, and why one cannot start', async ({ page }) => {
  await applicant(page)
  await page.goto(path)
  const steps = page.locator('.tasks li')
  await expect(steps).toHaveCount(6)
  await expect(steps.nth(3)).toContainText('还不能开始')
  await expect(steps.nth(3)).toContainText('先填写主体信息')
  await expect(page.getByText('您的主体已通过其他接入服务商备案。')).toBeVisible()
  await expect(page.getByRole('link', { name: '400-000-0000' })).toBeVisible()
  await expectSoundPage(page, 'order', '订单 261124-7K3M9QXR')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'order-en', 'Order 261124-7K3M9QXR')
  await page.getByRole('button', { name: 'Continue: Subject' }).click()
  await expect(page).toHaveURL(path + '/subject')
})

test('a returned order leads from each finding to its field', async ({ page }) => {
  const findings = [{ id: 'f1', pointer: '/subject/address', severity: 'error', source: 'review', message: '通信地址没有门牌号', advice: '请写到门牌号', mended: false }]
  await applicant(page, { [`GET ${path}`]: order({ state: 'changes_requested', round: 1, findings }) })
  await page.goto(path)
  await expect(page.getByText('请写到门牌号')).toBeVisible()
  await expectSoundPage(page, 'order-returned', '订单 261124-7K3M9QXR')
  await page.getByRole('link', { name: '通信地址没有门牌号' }).click()
  await expect(page.getByRole('textbox', { name: /通信地址/ })).toBeFocused()
  await expect(page.getByRole('textbox', { name: /通信地址/ })).toHaveAccessibleDescription(/请写到门牌号/)
})

const person = (id: string, more: Record<string, unknown> = {}) => ({
  id, round: 1, name: '王*', tail: '0001', pointers: ['/subject/principal', '/websites/0/principal'], subject: true,
  websites: [{ name: '云杉数字', domain: 'yunshan-keji.cn' }], state: 'waiting', until: new Date(Date.now() + 5 * 3_600_000).toISOString(), ...more,
})
const lin = { name: '林*', tail: '7000', pointers: ['/websites/1/principal'], subject: false, websites: [{ name: '云杉本站', domain: 'yunshan-benzhan.cn' }] }

test('the check by text message counts down and is told done for each person', async ({ page }) => {
  const pending = (state: string) =>
    order({
      state: 'sms_pending', round: 1, allowed_actions: ['confirm_sms', 'pass_sms'],
      deadlines: [{ kind: 'sms', due_at: new Date(Date.now() + 5 * 3_600_000).toISOString(), party: 'applicant' }, { kind: 'sms_reminder_2', due_at: '2046-11-25T03:00:00Z', party: 'applicant' }],
      sms: [person('1-1', state === 'done' ? { state, by: 'applicant', at: '2026-11-24T05:00:00Z' } : {}), person('1-2', lin)],
    })
  const told: unknown[] = []
  await applicant(page, {
    [`GET ${path}`]: pending('waiting'),
    [`POST ${path}/sms-confirmation`]: (route) => {
      told.push(route.request().postDataJSON())
      return route.fulfill({ json: pending('done') })
    },
  })
  await page.goto(path)
  await expect(page.getByRole('timer')).toHaveText(/^0[45]:\d\d:\d\d$/)
  const people = page.locator('.people li')
  await expect(people).toHaveCount(2)
  await expect(people.first()).toContainText('手机尾号 0001')
  await expect(people.last()).toContainText('云杉本站 (yunshan-benzhan.cn)')
  await expect(page.getByRole('link', { name: 'beian.miit.gov.cn' })).toHaveAttribute('href', 'https://beian.miit.gov.cn/')
  await expect(page.getByText('2046')).toHaveCount(0)
  await expectSoundPage(page, 'order-sms', '订单 261124-7K3M9QXR')
  await page.getByRole('button', { name: '王*：已填写验证码' }).click()
  await expect(page.getByText('王* 已记为核验完成。')).toBeVisible()
  await expect(people.first()).toContainText('您已告知')
  await expect(page.getByRole('button', { name: /已填写验证码/ })).toHaveCount(1)
  expect(told).toEqual([{ check: '1-1' }])
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { name: 'Please complete the SMS check' })).toBeVisible()
  await expectSoundPage(page, 'order-sms-en', 'Order 261124-7K3M9QXR')
})

const failed = (more: Record<string, unknown>) =>
  order({
    state: 'returned_to_provider', waiting_on: 'applicant', round: 1, deadlines: [], allowed_actions: ['resend_sms', 'withdraw'],
    sms: [person('1-1', { state: 'done', by: 'applicant', at: '2026-11-24T05:00:00Z', until: '2026-11-25T03:00:00Z' }), person('1-2', { ...lin, state: 'timed_out', until: '2026-11-25T03:00:00Z' })],
    findings: [{ id: 'f1', pointer: '/websites/1/principal/mobile', severity: 'error', source: 'review', code: 'sms.timed_out', message: '林*（手机尾号 7000）没有在期限内完成短信核验', mended: false }],
    ...more,
  })

test('after a check that ran out one click sends the order again', async ({ page }) => {
  await applicant(page, {
    [`GET ${path}`]: failed({ sms_resend: { possible: true, findings: [] } }),
    [`POST ${path}/sms-resend`]: (route) => {
      expect(route.request().headers()['if-match']).toBe('"v7"')
      return route.fulfill({ json: order({ state: 'ready', waiting_on: 'system', round: 1, deadlines: [], allowed_actions: ['abandon'], version: 8 }) })
    },
  })
  await page.goto(path)
  await expect(page.getByRole('alert')).toContainText('短信核验没有完成')
  await expect(page.locator('.people li').last()).toContainText('没有核验')
  await expectSoundPage(page, 'order-sms-failed', '订单 261124-7K3M9QXR')
  await page.getByRole('button', { name: '重新上报' }).click()
  await expect(page.getByText('已安排重新上报')).toBeVisible()
})

test('a check that ran out and a new rule lead to the field', async ({ page }) => {
  const objection = finding('/websites/1/name', '网站名称至少 3 个字', { label: '网站名称' })
  let withdrawn = false
  await applicant(page, {
    [`GET ${path}`]: (route) => route.fulfill({ json: withdrawn ? order({ version: 8 }) : failed({ sms_resend: { possible: false, findings: [objection] } }) }),
    [`POST ${path}/withdrawal`]: (route) => {
      withdrawn = true
      return route.fulfill({ json: order({ version: 8 }) })
    },
  })
  await page.goto(path)
  await expect(page.getByText('现在还不能直接重新上报')).toBeVisible()
  await expect(page.getByText('网站名称至少 3 个字')).toBeVisible()
  await expect(page.getByRole('button', { name: '重新上报' })).toHaveCount(0)
  await expectSoundPage(page, 'order-sms-blocked', '订单 261124-7K3M9QXR')
  await page.getByRole('button', { name: '撤回修改' }).click()
  await expect(page).toHaveURL(`${path}/websites/w2#field-websites-0-name`)
})

test('a rule that only the server knows of is told after the click', async ({ page }) => {
  await applicant(page, {
    [`GET ${path}`]: failed({ sms_resend: { possible: true, findings: [] } }),
    [`POST ${path}/sms-resend`]: (route) => route.fulfill(refusal(422, { code: 'invalid', errors: [{ pointer: '/websites/0/resource', code: 'x', message: '云服务器还有 20 天到期' }] })),
  })
  await page.goto(path)
  await page.getByRole('button', { name: '重新上报' }).click()
  await expect(page.getByText('云服务器还有 20 天到期')).toBeVisible()
  await expect(page.getByRole('button', { name: '撤回修改' })).toBeVisible()
})

test('giving up asks once more', async ({ page }) => {
  await applicant(page, {
    [`POST ${path}/abandonment`]: (route) => {
      expect(route.request().headers()['if-match']).toBe('"v7"')
      return route.fulfill({ json: order({ state: 'withdrawn', waiting_on: 'nobody', allowed_actions: [], version: 8 }) })
    },
  })
  await page.goto(path)
  await page.getByRole('button', { name: '放弃订单' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('不能恢复')
  await dialog.getByRole('button', { name: '放弃订单' }).click()
  await expect(page.getByText('已放弃')).toBeVisible()
})

test('after submitting it tells the reference, what comes next and who calls', async ({ page }) => {
  const review = { kind: 'review', due_at: '2046-11-25T03:00:00Z', party: 'provider' }
  await applicant(page, { [`GET ${path}`]: order({ state: 'provider_review', waiting_on: 'provider', round: 1, submitted_at: '2026-11-24T03:00:00Z', deadlines: [review], allowed_actions: ['withdraw', 'abandon'] }) })
  await page.goto(path)
  await expect(page.getByRole('heading', { name: '已提交，订单编号 261124-7K3M9QXR' })).toBeVisible()
  await expect(page.getByText('来电号码：010-00000000').first()).toBeVisible()
  await expect(page.getByRole('button', { name: '撤回修改' })).toBeVisible()
  await expectSoundPage(page, 'order-submitted', '订单 261124-7K3M9QXR')
})

const exits = [
  { id: 'recover_account', title: '找回原备案账号', text: '用备案时的手机号码或邮箱登录' },
  { id: 'move_filing', title: '把备案迁移到本账号', text: '请联系客服迁移' },
]

test('a dead end says why, and every way out', async ({ page }) => {
  const reason = '这个证件号码已在本接入商的另一个账号里备案'
  const stopped = detected({ type: undefined, code: 'type.other_account', reason, offered: false, dead_end: true, stops: true, exits })
  await applicant(page, { [`GET ${path}`]: order({ detected: stopped, findings: [finding('/subject/certificate_number', reason, { rule: 'types', exits })] }) })
  await page.goto(path)
  const box = page.getByRole('alert')
  await expect(box).toContainText(reason)
  await expect(box.getByRole('listitem')).toHaveText([/找回原备案账号\s*用备案时的手机号码或邮箱登录/, /把备案迁移到本账号/])
  await expect(box).toContainText('已经填写的内容都会保留')
  await expectSoundPage(page, 'order-dead-end', '订单 261124-7K3M9QXR')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('alert')).toContainText('This order cannot be submitted yet')
  await expectSoundPage(page, 'order-dead-end-en', 'Order 261124-7K3M9QXR')
})

test('newer rules tell what they change for the order', async ({ page }) => {
  const added = finding('/websites/0/remark', '当地管局要求在这里写明网站的具体内容', { rule: 'hunan.remark', label: '网站备注', reference: hunan('须在网站备注里写明具体内容') })
  const gone = finding('/subject/principal/role', '主体负责人须是法定代表人', { rule: 'hunan.role', label: '身份' })
  const submitted = { state: 'changes_requested', round: 1, rules_version: '2026-11-01+aaaa' }
  await applicant(page, {
    [`GET ${path}`]: order(submitted),
    [`GET ${path}/rule-changes`]: { judged_by: '2026-11-01+aaaa', active: '2026-11-24+bbbb', known: true, added: [added], gone: [gone] },
  })
  await page.goto(path)
  await expect(page.getByRole('heading', { name: '提交之后，规则有更新' })).toBeVisible()
  await page.getByText('依据：湖南省的要求').click()
  await expect(page.getByText('须在网站备注里写明具体内容')).toBeVisible()
  await expect(page.getByText('主体负责人须是法定代表人')).toBeVisible()
  await expectSoundPage(page, 'order-newer-rules', '订单 261124-7K3M9QXR')
  await page.getByRole('link', { name: /当地管局要求在这里写明/ }).click()
  await expect(page).toHaveURL(`${path}/websites/w1#field-websites-0-remark`)
})

test('newer rules that change nothing are no alarm, and before a submission there are none', async ({ page }) => {
  let asked = 0
  const changes = { judged_by: '2026-11-01+aaaa', active: '2026-11-24+bbbb', known: true, added: [], gone: [] }
  let version = ''
  await applicant(page, {
    [`GET ${path}`]: (route) => route.fulfill({ json: order({ state: 'provider_review', waiting_on: 'provider', round: 1, allowed_actions: ['withdraw'], rules_version: version }) }),
    [`GET ${path}/rule-changes`]: (route) => {
      asked++
      return route.fulfill({ json: changes })
    },
  })
  await page.goto(path)
  await expect(page.getByRole('heading', { name: '办理步骤' })).toBeVisible()
  expect(asked).toBe(0)
  version = '2026-11-01+aaaa'
  await page.reload()
  await expect(page.getByText('对这份订单没有影响')).toBeVisible()
  await expect(page.getByRole('heading', { name: '提交之后，规则有更新' })).toHaveCount(0)
})
