import { choose, person } from '../flows/people.ts'
import { expect, expectSoundPage, test } from '../page.ts'
import { call, channel, download, troubled, upload } from './authority/answers.ts'
import { desk, expectSoundInBoth, operator, refusal, sent } from './desk.ts'
import type { Answers } from './desk.ts'

const main = '/authority/channels/main'
const reveals = [...operator, 'personal.reveal']
const files: Answers = {
  'GET /authority/channels': { items: [channel()] },
  [`GET ${main}/uploads`]: { items: [upload()] },
  [`GET ${main}/downloads`]: { items: [download()] },
  [`GET ${main}/calls`]: { items: [call(), call({ id: 'c2', operation: 'isp_querybeianstatus', outcome: 'lost', cause: 'timeout', code: -1, code_text: undefined, about: 'domain', upload: undefined, sequence: undefined })] },
}

test('tells what needs a person first, and is sound in both languages', async ({ page }) => {
  await desk(page, reveals, { ...files, 'GET /authority/channels': { items: [troubled()] } })
  await page.goto('/staff/authority')
  const alert = page.getByRole('alert')
  await expect(alert.getByRole('heading', { level: 3 })).toHaveText(['管局在我们的序号下已有另一个文件', '有 1 个管局文件等待处理'])
  await expect(alert.getByRole('link', { name: '查看 BAJG_1.zip' })).toHaveAttribute('href', '/staff/authority/files/main/downloads/d1')
  await expect(alert).toContainText('docs/runbooks/authority.md#sequence_conflict')
  await expectSoundInBoth(page, 'authority', '管局通道', 'Authority')
})

test('lists calls by operation and outcome, and keeps the choice in the address', async ({ page }) => {
  await desk(page, operator, files)
  await page.goto('/staff/authority?tab=calls')
  await expect(page.getByRole('row', { name: /答复丢失.*超时.*按域名/ })).toBeVisible()
  await expect(page.getByText(/空轮询|没有新文件的轮询/).last()).toContainText('1440')
  const asked = page.waitForRequest((request) => request.url().includes('outcome=failed'))
  await choose(page, page.getByRole('combobox', { name: '结果' }), '未成功')
  await asked
  await expect(page).toHaveURL(/outcome=failed/)
  await expectSoundInBoth(page, 'authority-calls', '管局通道', 'Authority')
})

for (const [act, button, ending] of [
  ['resume', '恢复通道', '/resume'],
  ['take the number over', '采用管局序号', '/resync'],
] as const)
  test(`can ${act} for a reason`, async ({ page }) => {
    await desk(page, operator, {
      ...files,
      'GET /authority/channels': { items: [channel({ paused: true, pause_reason: '管局维护', pause_cause: 'person' })] },
      [`POST ${main}${ending}`]: (route) => route.fulfill(ending === '/resync' ? { json: { last_sequence: 41 } } : { status: 204 }),
    })
    await page.goto('/staff/authority')
    await page.getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: button }).click()
    await expect(dialog).toContainText('请写明原因')
    await dialog.getByLabel('原因').fill('维护结束')
    const body = sent(page, 'POST', ending)
    await dialog.getByRole('button', { name: button }).click()
    expect(await body).toEqual({ reason: '维护结束' })
    await expect(page.getByRole('status').filter({ hasText: '示例管局已' })).toBeVisible()
  })

test('says why an act was refused, and keeps the reason', async ({ page }) => {
  await desk(page, operator, { ...files, [`POST ${main}/resync`]: (route) => route.fulfill(refusal(409, { code: 'authority.upload_state', detail: '上一个上报文件尚无明确结果' })) })
  await page.goto('/staff/authority')
  await page.getByRole('button', { name: '采用管局序号' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').fill('序号不一致')
  await dialog.getByRole('button', { name: '采用管局序号' }).click()
  await expect(dialog).toContainText('上一个上报文件尚无明确结果')
  await expect(dialog.getByLabel('原因')).toHaveValue('序号不一致')
})

test('gives a parked file up for a reason', async ({ page }) => {
  await desk(page, operator, { ...files, [`POST ${main}/downloads/d1/discard`]: (route) => route.fulfill({ status: 204 }) })
  await page.goto('/staff/authority?tab=downloads')
  await page.getByRole('button', { name: '丢弃 BAJG_1.zip' }).click()
  await page.getByRole('dialog').getByLabel('原因').fill('重复的文件')
  const body = sent(page, 'POST', '/discard')
  await page.getByRole('dialog').getByRole('button', { name: '丢弃' }).click()
  expect(await body).toEqual({ reason: '重复的文件' })
})

test('exports chosen files, with personal data only for a reason', async ({ page }) => {
  await desk(page, reveals, {
    ...files,
    [`POST ${main}/export`]: { ticket: 't', path: '/api/v1/authority/channels/main/export?ticket=t', expires_at: '2026-11-24T04:00:00Z' },
    [`GET ${main}/export`]: (route) => route.fulfill({ body: 'PK', contentType: 'application/zip', headers: { 'Content-Disposition': 'attachment; filename=authority.zip' } }),
  })
  await page.goto('/staff/authority')
  await page.getByRole('checkbox', { name: '选择 41' }).check()
  await page.getByRole('button', { name: '导出往来' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('所选的 1 个文件')
  await dialog.getByText('包含个人信息和原始密文').click()
  await dialog.getByRole('button', { name: '导出', exact: true }).click()
  await expect(dialog).toContainText('请写明原因')
  await dialog.getByLabel('原因').fill('管局要求')
  const body = sent(page, 'POST', '/export')
  const kept = page.waitForEvent('download')
  await dialog.getByRole('button', { name: '导出', exact: true }).click()
  expect(await body).toEqual({ uploads: ['u41'], downloads: [], unmasked: true, reason: '管局要求' })
  expect((await kept).url()).toContain('/export?ticket=t')
})

test('only shows, to who may only read', async ({ page }) => {
  await desk(page, ['authority.read'], files)
  await page.goto('/staff/authority?tab=downloads')
  await expect(page.getByRole('link', { name: 'BAJG_1.zip' })).toBeVisible()
  await expect(page.getByRole('button', { name: /恢复|暂停|丢弃|重试|立即|序号|导出/ })).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
})

test('shows the real channel to an operator', async ({ browser }) => {
  const page = await person(browser, 'operator@example.com')
  await page.goto('/staff/authority?tab=calls')
  await expect(page.getByText('我方序号')).toBeVisible()
  await expect(page.getByText('调用保留 100 天')).toBeVisible()
  await expectSoundPage(page, 'authority-real', '管局通道')
  await page.context().close()
})
