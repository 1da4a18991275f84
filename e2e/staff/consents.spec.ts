import { expect, test } from '../page.ts'
import { admin, desk, expectSoundInBoth, sent } from './desk.ts'

const text = { text: 'assist_terms', edition: 2, title_zh: '服务条款', title_en: 'Terms of service', body_zh: '一、委托', body_en: '1. Mandate' }

test('is sound in both languages, with the form open', async ({ page }) => {
  await desk(page, admin, { 'GET /consent-texts': { items: [text] } })
  await page.goto('/staff/consents')
  await page.getByRole('button', { name: '编写“服务条款”的新版本' }).click()
  await expectSoundInBoth(page, 'consents', '协议文本', 'Consent texts')
})

test('publishes a new edition after a question', async ({ page }) => {
  await desk(page, admin, { 'GET /consent-texts': { items: [text] }, 'POST /consent-texts': { ...text, edition: 3 } })
  await page.goto('/staff/consents')
  await page.getByRole('button', { name: /新版本/ }).click()
  await page.getByLabel('中文正文').fill('一、新的委托')
  await page.getByRole('button', { name: '发布新版本' }).click()
  const body = sent(page, 'POST', '/consent-texts')
  await page.getByRole('dialog').getByRole('button', { name: '发布新版本' }).click()
  expect(await body).toMatchObject({ text: 'assist_terms', title_zh: '服务条款', body_zh: '一、新的委托' })
  await expect(page.getByText('已发布第 3 版。')).toBeVisible()
})
