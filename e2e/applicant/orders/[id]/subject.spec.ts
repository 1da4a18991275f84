import { expect, expectSoundPage, test } from '../../../page.ts'
import { applicant, order, refusal } from '../../case.ts'

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
      return route.fulfill({ json: order({ version: 8, filing: { licence_no: '京ICP备2021000001号', check: password === 'right' ? 'matches' : 'mismatches' } }) })
    },
  })
  await page.goto(base + '/subject')
  await page.getByRole('button', { name: '核对备案密码' }).click()
  await expect(page.getByLabel('备案密码')).toBeFocused()
  await page.getByLabel('备案密码').fill('wrong')
  await page.getByRole('button', { name: '核对备案密码' }).click()
  await expect(page.getByText('备案号与备案密码不符')).toBeVisible()
  await page.getByLabel('备案密码').fill('right')
  await page.getByRole('button', { name: '重新核对' }).click()
  await expect(page.getByText('核对一致')).toBeVisible()
  await expect(page.getByLabel('备案密码')).toHaveValue('')
})
