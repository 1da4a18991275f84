import { expect, expectSoundPage, test } from '../../../page.ts'
import { applicant, hunan, need, order, refusal } from '../../case.ts'

const base = '/orders/261124-7K3M9QXR'
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const photo = { name: '营业执照.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([pixel, Buffer.alloc(4000)]) }

test('a refused picture says why and can be sent again; a good one is kept', async ({ page }) => {
  let tries = 0
  let now = order()
  const [first, other] = order()['needs'] as Record<string, unknown>[]
  const material = { id: 'm1', kind: 'subject_certificate', label: '单位证件', media_type: 'image/png', size: 4068, width: 800, height: 600, file_name: '营业执照.jpg', hash: 'h', at: '2026-11-24T03:00:00Z' }
  await applicant(page, {
    [`GET ${base}`]: (route) => route.fulfill({ json: now }),
    [`POST ${base}/materials`]: (route) => {
      const query = new URL(route.request().url()).searchParams
      expect(query.get('kind')).toBe('subject_certificate')
      expect(query.get('name')).toBe('营业执照.jpg')
      if (++tries === 1) return route.fulfill(refusal(422, { code: 'invalid', errors: [{ pointer: '/file', code: 'image.blurred', message: '照片看不清，请重拍' }] }))
      now = order({ version: 8, materials: [material], needs: [{ ...first, given: ['m1'] }, other] })
      return route.fulfill({ status: 201, json: { material, order: now } })
    },
    [`GET ${base}/materials/m1`]: (route) => route.fulfill({ contentType: 'image/png', body: pixel }),
    [`DELETE ${base}/materials/m1`]: order({ version: 9 }),
  })
  await page.goto(base + '/materials')
  await expectSoundPage(page, 'materials', '上传材料')
  const section = page.getByRole('region', { name: '单位证件' })
  await section.locator('input:not([capture])').setInputFiles(photo)
  await expect(section.getByRole('alert')).toHaveText('照片看不清，请重拍')
  await section.getByRole('button', { name: '重试' }).click()
  await expect(section.getByText('已上传')).toBeVisible()
  await expect(section.getByRole('img', { name: '营业执照.jpg' })).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'materials-en', 'Materials')
  await page.getByRole('button', { name: /^Remove: / }).click()
  await expect(page.getByRole('button', { name: /^Upload: 单位证件/ })).toBeVisible()
})

test('a file that is too small is said before it is sent', async ({ page }) => {
  await applicant(page)
  await page.goto(base + '/materials')
  await page.getByRole('region', { name: '单位证件' }).locator('input:not([capture])').setInputFiles({ ...photo, buffer: pixel })
  await expect(page.getByRole('alert')).toContainText('请上传原图')
})

test('a missing material stops the way on', async ({ page }) => {
  await applicant(page, { [`GET ${base}`]: order({ findings: [{ pointer: '/materials/subject_certificate', severity: 'error', source: 'rule', message: '请上传这份材料', mended: false }] }) })
  await page.goto(base + '/materials')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('alert').getByRole('link', { name: /单位证件/ }).click()
  await expect(page.getByRole('button', { name: '上传单位证件' })).toBeFocused()
})

test('each material tells whether it must be, and every reason with its source', async ({ page }) => {
  const text = '当地管局要求每个域名都有域名证书。请从注册服务机构下载'
  const needs = [
    need('subject_certificate', '单位证件', '用来核对单位名称'),
    need('domain_certificate', '域名证书', text, { website: 'w1', reasons: [{ text, required: true, rule: 'hunan.domain_certificate', reference: hunan('每个域名须提供 45 天以内出具的域名证书') }] }),
    need('pledge', '承诺书', '多数申请人会一并上传', { required: false, reasons: [{ text: '多数申请人会一并上传', required: false, rule: 'hunan.pledge' }] }),
    need('other', '其他材料', '可以不传', { required: false, most: 10 }),
  ]
  await applicant(page, { [`GET ${base}`]: order({ needs }) })
  await page.goto(base + '/materials')
  const certificate = page.getByRole('region', { name: /^域名证书/ })
  await expect(certificate).toHaveAccessibleName('域名证书（yunshan-keji.cn） 必须上传')
  await certificate.getByText('依据：湖南省的要求').click()
  await expect(certificate.getByText('每个域名须提供 45 天以内出具的域名证书')).toBeVisible()
  await expect(certificate.getByRole('link', { name: /查看这条规则/ })).toHaveAttribute('href', '/rules/hunan.domain_certificate')
  await expect(page.getByRole('region', { name: '承诺书 建议上传' })).toBeVisible()
  await expect(page.getByRole('region', { name: '其他材料 可以不传' })).toBeVisible()
  await expectSoundPage(page, 'materials-reasons', '上传材料')
})
