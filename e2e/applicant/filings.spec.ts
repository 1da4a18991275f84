import { expect, expectSoundPage, test } from '../page.ts'
import { applicant } from './case.ts'

test('shows what is filed and where its number belongs', async ({ page }) => {
  const websites = [{ id: 'w1', licence_no: '京ICP备2021000001号-2', name: '云杉数字', domain: 'yunshan-keji.cn', home_url: 'www.yunshan-keji.cn', filed_at: '2026-11-24T03:00:00Z', public_ips: ['203.0.113.11'], duties: [], order: 'o1' }]
  await applicant(page, { 'GET /filings': { items: [{ id: 'f1', licence_no: '京ICP备2021000001号', name: '北京云杉数字科技有限公司', nature: 4, region: '110108', websites }] } })
  await page.goto('/filings')
  await expect(page.getByText('<a href="https://beian.miit.gov.cn/" target="_blank">京ICP备2021000001号-2</a>')).toBeVisible()
  await expectSoundPage(page, 'filings', '已备案')
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'filings-en', 'Filed websites')
})

test('says so when nothing is filed yet', async ({ page }) => {
  await applicant(page, { 'GET /filings': { items: [] } })
  await page.goto('/filings')
  await expect(page.getByText('还没有完成的备案')).toBeVisible()
})
