import { expect, test } from '../page.ts'
import { desk, expectSoundInBoth, operator, sent } from './desk.ts'

const upload = { id: 'u41', sequence: 41, operation: 'XZWZ', state: 'accepted', records: 3, size: 20_480, code: 0, message: '成功', tries: 1, created_at: '2026-11-24T03:00:00Z' }
const download = { id: 'd1', file_name: 'BAJG_1.zip', state: 'parked', kinds: 'BAJG', tries: 5, last_error: 'schema', received_at: '2026-11-24T03:00:00Z' }
const files = {
  'GET /authority/uploads': { items: [upload] },
  'GET /authority/uploads/u41': { ...upload, decoded: '<UploadData>***</UploadData>', orders: ['261124-7K3M9QXR'] },
  'GET /authority/downloads': { items: [download] },
  'GET /authority/downloads/d1': { ...download, decoded: '<DownloadData/>' },
}

test('is sound in both languages, with a file open beside the list', async ({ page }) => {
  await desk(page, operator, files)
  await page.goto('/staff/authority')
  await page.getByRole('button', { name: '查看文件 41' }).click()
  await expect(page.getByText('<UploadData>***</UploadData>')).toBeVisible()
  await expect(page.getByRole('link', { name: '261124-7K3M9QXR' })).toBeVisible()
  await expect(page).toHaveURL(/file=u41/)
  await expectSoundInBoth(page, 'authority', '管局通道', 'Authority')
})

test('resumes a channel for a reason', async ({ page }) => {
  await desk(page, operator, { ...files, 'POST /authority/channels/main/resume': (route) => route.fulfill({ status: 204 }) })
  await page.goto('/staff/authority')
  await page.getByRole('button', { name: '恢复示例管局' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '确认' }).click()
  await expect(dialog).toContainText('请写明原因')
  await dialog.getByLabel('原因').fill('维护结束')
  const body = sent(page, 'POST', '/resume')
  await dialog.getByRole('button', { name: '确认' }).click()
  expect(await body).toEqual({ reason: '维护结束' })
  await expect(page.getByText('示例管局已恢复。')).toBeVisible()
})

test('gives a parked file up for a reason', async ({ page }) => {
  await desk(page, operator, { ...files, 'POST /authority/downloads/d1/discard': (route) => route.fulfill({ status: 204 }) })
  await page.goto('/staff/authority?side=downloads')
  await page.getByRole('button', { name: '丢弃 BAJG_1.zip' }).click()
  await page.getByRole('dialog').getByLabel('原因').fill('重复的文件')
  const body = sent(page, 'POST', '/discard')
  await page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
  expect(await body).toEqual({ reason: '重复的文件' })
})

test('only shows, to who may only read', async ({ page }) => {
  await desk(page, ['authority.read'], files)
  await page.goto('/staff/authority?side=downloads')
  await expect(page.getByRole('button', { name: '查看文件 BAJG_1.zip' })).toBeVisible()
  await expect(page.getByRole('button', { name: /恢复|暂停|丢弃|重试|立即上报/ })).toHaveCount(0)
})
