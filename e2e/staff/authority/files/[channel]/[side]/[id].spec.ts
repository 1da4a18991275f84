import { expect, expectSoundPage, test } from '../../../../../page.ts'
import { desk, expectSoundInBoth, operator, sent } from '../../../../desk.ts'
import type { Answers } from '../../../../desk.ts'
import { call, download, upload } from '../../../answers.ts'

const main = '/authority/channels/main'
const reveals = [...operator, 'personal.reveal']
const masked = '<UploadData version="V.3.0">\n  <Fzr_xm>周**</Fzr_xm>\n</UploadData>'
const inside = { size: 70, unknown: ['/UploadData/Neu'], pictures: [{ path: '/UploadData/ICP/XZWZ/Xzxx/Fj/Fjxx/Fjnr', size: 88_000 }] }
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const files: Answers = {
  [`GET ${main}/uploads/u41`]: { ...upload(), orders: ['261124-7K3M9QXR'], inside },
  [`GET ${main}/uploads/u41/content`]: { text: masked },
  [`GET ${main}/calls`]: { items: [call()] },
  [`GET ${main}/downloads/d1`]: {
    ...download({ state: 'applied', error_text: undefined }),
    inside: { size: 70, unknown: [], pictures: [] },
    results: [
      { kind: 'check', code: 1005, class: 'back_to_applicant', passed: false, ref: '京ICP备2024012345号', words: '域名已经备案', text: '结果描述' },
      { kind: 'review', passed: false, order: '261124-7K3M9QXR', text: '主体信息与证件不符' },
      { kind: 'filed', passed: false, ref: '京ICP备2024012345号-2', order: '261124-7K3M9QXR' },
    ],
  },
  [`GET ${main}/downloads/d1/content`]: { text: '<DownloadData/>' },
  [`GET ${main}/downloads/d2`]: { ...download({ id: 'd2' }), inside: { fault: '校验值不一致', size: 0, unknown: [], pictures: [] }, results: [] },
}
const page41 = '/staff/authority/files/main/uploads/u41'

test('shows a file sent, masked, beside its raw text, and is sound in both languages', async ({ page }) => {
  await desk(page, reveals, files)
  await page.goto(page41)
  await expect(page.getByRole('region', { name: '解码内容' }).getByText('周**')).toBeVisible()
  await expect(page.getByRole('link', { name: '261124-7K3M9QXR' })).toBeVisible()
  await expect(page.getByText('/UploadData/Neu')).toBeVisible()
  await expectSoundInBoth(page, 'authority-file', '上报文件 41', 'File sent: 41')
})

test('reveals for a reason, page by page, and masks again', async ({ page }) => {
  await desk(page, reveals, {
    ...files,
    [`POST ${main}/uploads/u41/reveal`]: async (route) => {
      const { offset } = route.request().postDataJSON() as { offset?: number }
      await route.fulfill({ json: offset ? { text: '远</Fzr_xm>' } : { text: '<Fzr_xm>周明', next: 14 } })
    },
  })
  await page.goto(page41)
  const part = page.getByRole('group', { name: '解码内容' })
  await part.getByRole('button', { name: '显示个人信息' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').fill('核对姓名')
  const body = sent(page, 'POST', '/reveal')
  await dialog.getByRole('button', { name: '显示个人信息' }).click()
  expect(await body).toEqual({ part: 'decoded', offset: 0, reason: '核对姓名' })
  await expect(part.getByText('正在显示个人信息')).toBeVisible()
  const again = sent(page, 'POST', '/reveal')
  await part.getByRole('button', { name: '继续显示' }).click()
  expect(await again).toEqual({ part: 'decoded', offset: 14, reason: '核对姓名' })
  await expect(part.getByText('<Fzr_xm>周明远</Fzr_xm>')).toBeVisible()
  await part.getByRole('button', { name: '重新遮盖' }).click()
  await expect(part.getByText('周**')).toBeVisible()
})

test('never shows the envelope without a reason', async ({ page }) => {
  await desk(page, reveals, files)
  await page.goto(page41)
  await page.getByText('密文（base64）').click()
  await expect(page.getByText('密文无法遮盖个人信息，写明原因后可以查看。')).toBeVisible()
})

test('shows a picture for a reason', async ({ page }) => {
  await desk(page, reveals, { ...files, [`POST ${main}/uploads/u41/reveal-picture`]: { media_type: 'image/png', content: pixel } })
  await page.goto(page41)
  await page.getByRole('button', { name: '显示图片 1' }).click()
  await page.getByRole('dialog').getByLabel('原因').fill('核对证件')
  const body = sent(page, 'POST', '/reveal-picture')
  await page.getByRole('dialog').getByRole('button', { name: '显示个人信息' }).click()
  expect(await body).toEqual({ number: 0, reason: '核对证件' })
  await expect(page.getByRole('img', { name: '图片 1' })).toBeVisible()
})

test('tells the results in a file received, with their orders', async ({ page }) => {
  await desk(page, reveals, files)
  await page.goto('/staff/authority/files/main/downloads/d1')
  await expect(page.getByRole('row', { name: /数据检查.*1005.*域名已经备案.*由申请人改正/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /管局审核.*未通过.*主体信息与证件不符.*261124-7K3M9QXR/ })).toBeVisible()
  await expectSoundInBoth(page, 'authority-download', '下载文件 BAJG_1.zip', 'File received: BAJG_1.zip')
})

test('says why a parked file cannot be opened, and offers what can be done', async ({ page }) => {
  await desk(page, operator, files)
  await page.goto('/staff/authority/files/main/downloads/d2')
  await expect(page.getByText('文件无法打开：校验值不一致。')).toBeVisible()
  await expect(page.getByRole('button', { name: '重试' })).toBeVisible()
  await expect(page.getByRole('button', { name: '丢弃' })).toBeVisible()
})

test('reveals nothing to who may only read', async ({ page }) => {
  await desk(page, ['authority.read'], files)
  await page.goto(page41)
  await expect(page.getByRole('region', { name: '解码内容' }).getByText('周**')).toBeVisible()
  await expect(page.getByRole('button', { name: /显示|下载|放弃|导出/ })).toHaveCount(0)
})

test('follows a large file that is applied in parts', async ({ page }) => {
  const far = (bytes: number, more = {}) => ({ records: 400, bytes, total: 1000, added: 380, changed: 2, gone: 0, events: 2, left_out: 0, unknown: [], begun_at: '2026-11-24T03:00:00Z', ...more })
  const looks = [far(400), far(1000, { records: 1000, done_at: '2026-11-24T03:01:00Z' })]
  await desk(page, operator, { ...files, [`GET ${main}/downloads/d1/import`]: (route) => route.fulfill({ json: looks.length > 1 ? looks.shift() : looks[0] }) })
  await page.goto('/staff/authority/files/main/downloads/d1')
  const part = page.getByRole('region', { name: '入库结果' })
  await expect(part.getByRole('progressbar', { name: '正在分批入库：已读取 40%' })).toHaveAttribute('value', '40')
  await expect(part.getByRole('progressbar'), 'done').toHaveCount(0)
  await expect(part.getByText('1000')).toBeVisible()
  await expectSoundPage(page, 'authority-import', '下载文件 BAJG_1.zip')
})
