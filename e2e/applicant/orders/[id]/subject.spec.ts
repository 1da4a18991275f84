import type { Route } from '@playwright/test'
import { expect, expectSoundPage, test } from '../../../page.ts'
import { applicant, checked, detected, finding, hunan, order, refusal } from '../../case.ts'

const base = '/orders/261124-7K3M9QXR'
type Subject = Record<string, unknown>

test('saves by itself, and says what is missing only when one goes on', async ({ page }) => {
  let saved: Subject | undefined
  await applicant(page, {
    [`PUT ${base}/subject`]: (route) => {
      saved = route.request().postDataJSON() as Subject
      return route.fulfill({ json: order({ version: 8, subject: saved }) })
    },
  })
  await page.goto(base + '/subject')
  await page.getByRole('textbox', { name: '通信地址' }).fill('中关村大街甲 59 号')
  await expect(page.getByText(/^已保存 \d\d:\d\d$/)).toBeVisible()
  expect(saved?.['address']).toBe('中关村大街甲 59 号')
  await expectSoundPage(page, 'subject', '填写主体信息')
  await page.getByRole('button', { name: '保存并下一步' }).click()
  await expect(page.getByRole('alert')).toContainText('请选择证件有效期至')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'subject-faults-en', '填写主体信息')
})

test('what another tab saved is merged; the same field asks which to keep', async ({ page }) => {
  let version = 7
  let elsewhere = ''
  await applicant(page, {
    [`GET ${base}`]: (route) => {
      const subject = { ...(order()['subject'] as Subject), address: elsewhere }
      return route.fulfill({ json: order({ version, subject }) })
    },
    [`PUT ${base}/subject`]: (route) => {
      if (route.request().headers()['if-match'] !== `"v${version}"`) return route.fulfill(refusal(412, { code: 'stale_version' }))
      version++
      elsewhere = String((route.request().postDataJSON() as Subject)['address'])
      return route.fulfill({ json: order({ version, subject: route.request().postDataJSON() as Subject }) })
    },
  })
  await page.goto(base + '/subject')
  await expect(page.getByRole('textbox', { name: '通信地址' })).toBeVisible()
  version = 9
  elsewhere = '别处填写的地址'
  await page.getByRole('textbox', { name: '通信地址' }).fill('我填写的地址')
  const picker = page.getByRole('group', { name: '通信地址' })
  await expect(picker).toContainText('我填写的：我填写的地址')
  await expect(picker).toContainText('别处保存的：别处填写的地址')
  await expectSoundPage(page, 'subject-conflict', '填写主体信息')
  await picker.getByRole('button', { name: '保留我填写的' }).click()
  await expect(page.getByText(/^已保存/)).toBeVisible()
  expect(elsewhere).toBe('我填写的地址')
})

test('the filing password has its own check and its own answer', async ({ page }) => {
  await applicant(page, {
    [`PUT ${base}/filing`]: (route) => {
      const { password } = route.request().postDataJSON() as { password: string }
      return route.fulfill({ json: order({ version: 8, filing: { licence_no: '京ICP备2021000001号', check: password === 'right' ? 'matches' : 'mismatches', ...(password === 'right' ? {} : { tries: { left: 2, renews: '2026-11-24T04:10:00Z' } }) } }) })
    },
  })
  await page.goto(base + '/subject')
  await page.getByRole('button', { name: '核对备案密码' }).click()
  await expect(page.getByLabel('备案密码')).toBeFocused()
  await page.getByLabel('备案密码').fill('wrong')
  await page.getByRole('button', { name: '核对备案密码' }).click()
  await expect(page.getByText('备案号与备案密码不符')).toBeVisible()
  await expect(page.getByText('2026-11-24 12:10 之前还可以核对 2 次')).toBeVisible()
  await page.getByLabel('备案密码').fill('right')
  await page.getByRole('button', { name: '重新核对' }).click()
  await expect(page.getByText('核对一致')).toBeVisible()
  await expect(page.getByLabel('备案密码')).toHaveValue('')
})

test('a filing password that was tried too often says when the next try is possible', async ({ page }) => {
  await applicant(page, {
    [`GET ${base}`]: order({ filing: { licence_no: '京ICP备2021000001号', check: 'mismatches', tries: { left: 0, renews: '2046-11-24T04:10:00Z' } } }),
    [`PUT ${base}/filing`]: (route) => route.fulfill(refusal(429, { code: 'authority.password_checks', detail: '请在 2046-11-24 12:10 之后再试' })),
  })
  await page.goto(base + '/subject')
  await expect(page.getByText('核对次数已用完，2046-11-24 12:10 之后可以再试。')).toBeVisible()
  await page.getByLabel('备案密码').fill('guess')
  await page.getByRole('button', { name: '重新核对' }).click()
  await expect(page.getByLabel('备案密码')).toHaveAccessibleDescription(/请在 2046-11-24 12:10 之后再试/)
  await expectSoundPage(page, 'subject-tries', '填写主体信息')
})

/** Answers checks by what was typed, and counts them. */
function rulesOf(judge: (subject: Subject) => Record<string, unknown>) {
  const asked: Subject[] = []
  return {
    asked,
    answers: {
      [`POST ${base}/check`]: (route: Route) => {
        const { subject } = route.request().postDataJSON() as { subject: Subject }
        asked.push(subject)
        return route.fulfill({ json: judge(subject) })
      },
      [`PUT ${base}/subject`]: (route: Route) => {
        const subject = route.request().postDataJSON() as Subject
        return route.fulfill({ json: order({ version: 8, subject, findings: judge(subject)['findings'], detected: judge(subject)['detected'] }) })
      },
    },
  }
}

test('a rule of the province stands at its field while one types, and is a fault once the field was left', async ({ page }) => {
  const said = finding('/subject/address', '当地管局要求写到门牌号', { rule: 'hunan.address', reference: hunan('通信地址须写到门牌号') })
  const { asked, answers } = rulesOf(({ address }) => checked(String(address).includes('号') || address === '' ? [] : [said]))
  await applicant(page, answers)
  await page.goto(base + '/subject')
  const address = page.getByRole('textbox', { name: '通信地址' })
  await address.pressSequentially('中关村大街甲')
  await expect(page.getByText('当地管局要求写到门牌号')).toBeVisible()
  await expect(address, 'nobody is scolded while typing').not.toHaveAttribute('aria-invalid', 'true')
  await expect(address).toHaveAccessibleDescription(/须知 当地管局要求写到门牌号/)
  await page.getByText('依据：湖南省的要求').click()
  await expect(page.getByText('通信地址须写到门牌号')).toBeVisible()
  await expect(page.getByText(/湖南省通信管理局要求.*2022/)).toBeVisible()
  await expect(page.getByRole('link', { name: /查看这条规则/ })).toHaveAttribute('href', '/rules/hunan.address')
  await expect(address).toHaveAttribute('aria-invalid', 'true')
  await expect(address).toHaveAccessibleDescription(/须修改 当地管局要求写到门牌号/)
  await expectSoundPage(page, 'subject-rule', '填写主体信息')
  expect(asked.length, 'one question for what was typed in one go').toBe(1)
  await address.fill('中关村大街甲 59 号')
  await expect(page.getByText('当地管局要求写到门牌号')).toHaveCount(0)
  await expect(page.getByText(/^已保存/)).toBeVisible()
  await address.focus()
  await address.blur()
  expect(asked.length, 'nothing more is asked about the same answers').toBe(2)
})

test('what a province wants of an empty field is told without blame, and the field is no longer optional', async ({ page }) => {
  const said = finding('/subject/address', '当地管局要求填写通信地址', { rule: 'hunan.address', reference: hunan('须填写通信地址') })
  await applicant(page, { [`GET ${base}`]: order({ findings: [said] }) })
  await page.goto(base + '/subject')
  const address = page.getByRole('textbox', { name: '通信地址' })
  await address.focus()
  await address.blur()
  await expect(address).toHaveAccessibleDescription(/须知 当地管局要求填写通信地址/)
  await expect(address).not.toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: '保存并下一步' }).click()
  await expect(address).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByRole('alert')).toContainText('当地管局要求填写通信地址')
})

test('the filing type is worked out again while one types, and no answer is lost', async ({ page }) => {
  const reason = '管局没有您主体的备案记录，需要办理首次备案'
  const exits = [{ id: 'old_number', title: '换过证的，填写备案时的证件号码', text: '系统按管局记录的证件号码识别主体' }]
  const stopped = detected({ type: 'first_filing', code: 'type.first_filing_not_offered', reason, offered: false, stops: true, exits })
  const { answers } = rulesOf(({ address }) => (address === '别处' ? checked([finding('/subject/certificate_number', reason, { rule: 'types', exits })], { detected: stopped }) : checked([])))
  await applicant(page, answers)
  await page.goto(base + '/subject')
  await expect(page.getByText('您的主体已通过其他接入服务商备案。')).toBeVisible()
  const address = page.getByRole('textbox', { name: '通信地址' })
  await address.fill('别处')
  const box = page.getByRole('alert').filter({ hasText: reason })
  await expect(box).toContainText('换过证的，填写备案时的证件号码')
  await expect(address).toHaveValue('别处')
  await expectSoundPage(page, 'subject-dead-end', '填写主体信息')
  await address.fill('原处')
  await expect(box).toHaveCount(0)
  await expect(page.getByText('您的主体已通过其他接入服务商备案。')).toBeVisible()
})

test('without a connection nothing is said, and what was known of changed answers is forgotten', async ({ page }) => {
  const said = finding('/subject/address', '当地管局要求写到门牌号')
  const subject = { ...(order()['subject'] as Subject), address: '中关村大街甲' }
  await applicant(page, { [`GET ${base}`]: order({ subject, findings: [said] }), [`POST ${base}/check`]: (route) => route.abort() })
  await page.goto(base + '/subject')
  await expect(page.getByText('当地管局要求写到门牌号')).toBeVisible()
  await page.getByRole('textbox', { name: '通信地址' }).fill('中关村大街甲 5')
  await expect(page.getByText('当地管局要求写到门牌号')).toHaveCount(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('the rules of the step stand beside it, the province’s own first', async ({ page, isMobile }) => {
  await applicant(page)
  await page.goto(base + '/subject')
  const rules = page.locator('.step-rules')
  await expect(rules.getByRole('heading', { name: '北京市在这一步的要求（1）' })).toBeVisible()
  if (isMobile) await rules.getByRole('heading', { name: /北京市/ }).click()
  await rules.getByText('须填写应急联系电话').click()
  await expect(rules.getByText(/来源：接入服务商公布的要求/).first()).toBeVisible()
  await rules.getByText('全国统一的要求（1）').click()
  await expect(rules.getByText('通信地址从街道写到门牌号')).toBeVisible()
  await expect(rules.getByText('网站名称至少 3 个字'), 'a rule of another step').toHaveCount(0)
  await expect(rules.getByRole('link', { name: /北京市的全部规则/ })).toHaveAttribute('href', '/rules?province=110000&nature=4&type=add_website')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'subject-rules-en', '填写主体信息')
})
