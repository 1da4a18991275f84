import { expect, expectSoundPage, test } from '../../../page.ts'
import { applicant, finding, hunan, order, refusal } from '../../case.ts'

const base = '/orders/261124-7K3M9QXR'

test('nothing is agreed to beforehand, and a retry submits once', async ({ page }) => {
  const keys: (string | undefined)[] = []
  await applicant(page, {
    [`POST ${base}/submission`]: (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      expect(route.request().postDataJSON()).toEqual({ consents: [{ text: 'assist_terms', edition: 1 }, { text: 'privacy', edition: 2 }], seen: [] })
      if (keys.length === 1) return route.fulfill(refusal(422, { code: 'invalid', errors: [{ pointer: '/websites/1/name', code: 'n', message: '网站名称不能全是数字' }] }))
      return route.fulfill({ json: order({ state: 'provider_review', waiting_on: 'provider', round: 1, version: 8, allowed_actions: ['withdraw'] }) })
    },
  })
  await page.goto(base + '/confirm')
  await expect(page.getByText('北京市 市辖区 海淀区')).toBeVisible()
  await expectSoundPage(page, 'confirm', '确认并提交初审')
  const boxes = page.getByRole('checkbox')
  await expect(boxes).toHaveCount(2)
  for (const box of await boxes.all()) await expect(box).not.toBeChecked()
  await page.getByRole('button', { name: '提交备案' }).click()
  await expect(page.getByRole('alert')).toContainText('请阅读《备案信息隐私声明》')
  await page.getByText('查看《备案信息隐私声明》全文').click()
  await expect(page.getByText('一、收集')).toBeVisible()
  for (const title of ['协助办理备案服务条款', '备案信息隐私声明']) await page.getByText(`我已阅读并同意《${title}》`).click()
  await page.getByRole('button', { name: '提交备案' }).click()
  await expect(page.getByRole('link', { name: '网站名称不能全是数字' })).toHaveAttribute('href', `${base}/websites/w2?return=confirm#field-websites-0-name`)
  await page.getByRole('button', { name: '提交备案' }).click()
  await expect(page).toHaveURL(base)
  expect(keys[1], 'the same order is the same submission').toBe(keys[0])
})

test('a change comes straight back', async ({ page }) => {
  await applicant(page, { [`PUT ${base}/websites/w1`]: order({ version: 8 }) })
  await page.goto(base + '/confirm')
  await page.getByRole('link', { name: '修改 网站 yunshan-keji.cn' }).click()
  await page.getByRole('button', { name: '保存并返回确认页' }).click()
  await expect(page).toHaveURL(base + '/confirm')
})

test('it is read only while others have the order', async ({ page }) => {
  await applicant(page, { [`GET ${base}`]: order({ state: 'authority_review', waiting_on: 'authority', round: 1, allowed_actions: [] }) })
  await page.goto(base + '/subject')
  await expect(page).toHaveURL(base + '/confirm')
  await expect(page.getByRole('button', { name: '提交备案' })).toHaveCount(0)
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'confirm-read-only-en', 'Your answers')
})

test('warnings that stand are told before the consents, and sent as seen', async ({ page }) => {
  const findings = [
    finding('/websites/0/name', '网站名称里的“长沙”超出了单位名称的地域范围', { severity: 'warning', rule: 'national.name.place', label: '网站名称', reference: { text: '地名不能超出单位名称的地域范围', source: '接入服务商公布的要求' } }),
    finding('/subject/principal/mobile', '请确认机主就是本人', { severity: 'info', rule: 'hunan.mobile_own', label: '手机号码', reference: hunan('手机号码须是负责人本人的') }),
  ]
  await applicant(page, {
    [`GET ${base}`]: order({ findings }),
    [`POST ${base}/submission`]: order({ state: 'provider_review', waiting_on: 'provider', round: 1, version: 8, allowed_actions: ['withdraw'] }),
  })
  await page.goto(base + '/confirm')
  const note = page.getByRole('region', { name: '提交前请留意（1）' })
  await expect(note.getByRole('link', { name: /网站名称里的“长沙”/ })).toHaveAttribute('href', `${base}/websites/w1#field-websites-0-name`)
  await note.getByText('依据：全国统一的要求').click()
  await expect(note.getByText('地名不能超出单位名称的地域范围')).toBeVisible()
  await note.getByText('其他提示（1）').click()
  await expect(note.getByText('请确认机主就是本人')).toBeVisible()
  await expectSoundPage(page, 'confirm-note', '确认并提交初审')
  for (const title of ['协助办理备案服务条款', '备案信息隐私声明']) await page.getByText(`我已阅读并同意《${title}》`).click()
  const sent = page.waitForRequest((request) => request.url().endsWith('/submission'))
  await page.getByRole('button', { name: '提交备案' }).click()
  expect((await sent).postDataJSON()).toMatchObject({ seen: [{ rule: 'national.name.place', pointer: '/websites/0/name' }] })
})
