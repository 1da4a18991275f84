import { person } from '../../../flows/people.ts'
import { expect, test } from '../../../page.ts'
import { desk, expectSoundInBoth, operator, refusal, sent } from '../../desk.ts'
import type { Json } from '../../desk.ts'

const settings = (more: Json = {}): Json => ({
  name: '上海', province: '310000', upload_url: 'http://192.0.2.1:8080/ISPWebService/upDownLoad?wsdl', query_url: '', verify_url: '', isp_id: 4712, user: 'cloud',
  profile: {
    version: 'V.3.0', namespace: 'http://webservice.isp.beian.miit.gov.cn/', query_namespace: '', verify_namespace: '', style: 'document', qualified_parts: false,
    parts: {}, hash: 'raw', code_page: 'GBK', character_references: false, wide_codes: false, encrypt: false, entry_name: 'beianinfo.xml', upper_hex: false,
    password_form: 'plain', query_kinds: [],
  },
  hours: [{ day: 1, from: '08:30', to: '17:30' }, { day: 5, from: '20:00', to: '02:00' }],
  poll_seconds: 60, max_records: 1000, max_megabytes: 48, max_age_seconds: 60, keep_days: 100, timeout_seconds: 60, access_mode: 0, place: 0, places: [],
  regions: ['ap-shanghai'], default: false, ...more,
})
const view = (more: Json = {}): Json => ({
  id: 'shanghai', settings: settings(), password_set: true, key_set: false, iv_set: false, from_file: false, takes_rest: false, used: false, paused: false,
  health: '', last_sequence: 0, version: 3, ...more,
})
const tables: Json = { natures: [], certificate_types: [], provinces: [{ code: '11', name: '北京市', licence: '京' }, { code: '31', name: '上海市', licence: '沪' }] }
const failed: Json = {
  ok: false,
  steps: [
    { address: 'upload', operation: 'isp_querypreviousupload', outcome: 'code', status: 200, code: 5, class: 'fix_configuration', text: '通道密码不正确，请核对通道配置', took_ms: 41 },
    { address: 'query', operation: 'isp_querybeianstatus', outcome: 'timed_out', code: -1, took_ms: 15_000 },
    { address: 'verify', outcome: 'http_status', status: 404, code: -1, took_ms: 12 },
  ],
}
const page404 = 'GET /authority/channels/shanghai/settings'
const base = { 'GET /reference/tables': tables, [page404]: view({ opens_at: '2026-11-30T00:30:00Z' }) }

test('is sound in both languages, with a test that found faults', async ({ page }) => {
  test.setTimeout(120_000)
  await desk(page, operator, { ...base, 'POST /authority/channels/shanghai/test': failed })
  await page.goto('/staff/authority/channels/shanghai')
  await page.getByRole('button', { name: '测试连接' }).click()
  await expect(page.getByText('返回 5：通道密码不正确，请核对通道配置')).toBeVisible()
  await expect(page.getByText('404 或 405 表示路径不对')).toBeVisible()
  await page.getByText('协议与代码').click()
  await expectSoundInBoth(page, 'channel', '通道设置：上海', 'Settings of channel 上海')
})

test('puts what the server refuses at its field, keeps what was typed, and saves under the version', async ({ page }) => {
  let good = false
  await desk(page, operator, {
    ...base,
    'PUT /authority/channels/shanghai/settings': (route) =>
      good
        ? route.fulfill({ json: view({ version: 4 }) })
        : route.fulfill(refusal(422, { code: 'invalid', errors: [
            { pointer: '/keep_days', code: 'channel.range', message: '请填写 92 到 3650 之间的数字。' },
            { pointer: '/hours/1/from', code: 'channel.hours', message: '请按 08:30 的格式填写时间' },
          ] })),
  })
  await page.goto('/staff/authority/channels/shanghai')
  await page.getByLabel('文件保留天数').fill('30')
  await page.getByRole('button', { name: '保存' }).click()
  const summary = page.getByRole('alert').filter({ hasText: '请填写 92' })
  await expect(summary).toBeFocused()
  await summary.getByRole('link', { name: /92 到 3650/ }).click()
  await expect(page.getByLabel('文件保留天数')).toBeFocused()
  await expect(page.getByLabel('文件保留天数')).toHaveValue('30')
  good = true
  await page.getByLabel('文件保留天数').fill('１２０')
  const request = page.waitForRequest((one) => one.method() === 'PUT')
  const body = sent(page, 'PUT', '/settings')
  await page.getByRole('button', { name: '保存' }).click()
  expect(await body).toEqual(settings({ keep_days: 120 }))
  expect((await request).headers()['if-match']).toBe('"v3"')
  await expect(page.getByText('“上海”已保存')).toBeVisible()
})

test('says that somebody else was first, and loads what is saved now', async ({ page }) => {
  let reads = 0
  await desk(page, operator, {
    ...base,
    [page404]: (route) => route.fulfill({ json: view(++reads > 1 ? { settings: settings({ name: '上海二', poll_seconds: 300 }), version: 4 } : {}) }),
    'PUT /authority/channels/shanghai/settings': (route) => route.fulfill(refusal(412, { code: 'stale_version' })),
  })
  await page.goto('/staff/authority/channels/shanghai')
  await page.getByLabel('查询间隔').fill('90')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('该通道刚刚被其他人修改')).toBeVisible()
  await expect(page.getByLabel('查询间隔')).toHaveValue('90')
  await page.getByRole('button', { name: '载入最新设置' }).click()
  await expect(page.getByLabel('查询间隔')).toHaveValue('300')
})

test('takes hours by keyboard', async ({ page, isMobile }) => {
  test.skip(isMobile, 'a phone has no keyboard of this kind')
  await desk(page, operator, { ...base, [page404]: view({ settings: settings({ hours: [] }) }), 'PUT /authority/channels/shanghai/settings': view({ version: 4 }) })
  await page.goto('/staff/authority/channels/shanghai')
  await page.getByRole('button', { name: '添加时段' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: '星期' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('9:00')
  await page.getByRole('button', { name: '添加时段' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '删除时段 2' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: '添加时段' })).toBeFocused()
  const body = sent(page, 'PUT', '/settings')
  await page.getByRole('button', { name: '保存' }).click()
  expect(await body).toMatchObject({ hours: [{ day: 1, from: '09:00', to: '17:30' }] })
})

test('shows the channel of the configuration file, and changes nothing of it', async ({ page }) => {
  await desk(page, operator, { ...base, [page404]: view({ from_file: true, version: 0, used: true }), 'POST /authority/channels/shanghai/test': { ok: true, steps: [], sequence: { theirs: 4, ours: 4, verdict: 'same' } } })
  await page.goto('/staff/authority/channels/shanghai')
  await expect(page.getByText('来自配置文件')).toBeVisible()
  await expect(page.getByLabel('用户名')).toBeDisabled()
  await expect(page.getByRole('button', { name: /保存|删除/ })).toHaveCount(0)
  const body = sent(page, 'POST', '/test')
  await page.getByRole('button', { name: '测试连接' }).click()
  expect(await body).toEqual({})
  await expect(page.getByText('管局 4，本地 4')).toBeVisible()
})

test('adds a channel on the real server, tests it and takes it away again', async ({ browser }, info) => {
  test.setTimeout(180_000)
  const page = await person(browser, 'operator@example.com')
  const id = `try-${info.project.name}`
  await page.goto('/staff/authority')
  await page.getByRole('link', { name: '通道设置' }).click()
  await expect(page.getByText('来自配置文件')).toBeVisible()
  const address = await page.getByLabel('上报与下载地址').inputValue()
  await page.getByRole('button', { name: '测试连接' }).click()
  await expect(page.getByText('一切正常')).toBeVisible()
  await page.getByRole('link', { name: '添加通道' }).click()
  await page.getByLabel('编号', { exact: true }).fill(id)
  await page.getByLabel('名称', { exact: true }).fill(`试用 ${info.project.name}`)
  await page.getByLabel('管局所在省份').click()
  await page.getByRole('option', { name: '上海市' }).click()
  await page.getByLabel('上报与下载地址').fill(address)
  // Each project tries an account of its own at the simulator's number, so that they do not meet.
  await page.getByLabel('报备单位编号').fill(info.project.name === 'phone' ? '1003' : '1002')
  await page.getByLabel('用户名').fill('demo2')
  await page.getByLabel('口令', { exact: true }).fill('not-the-password')
  await page.getByRole('button', { name: '测试连接' }).click()
  await expect(page.getByText('有问题需要处理')).toBeVisible()
  if (info.project.name !== 'phone') {
    await page.getByLabel('口令', { exact: true }).fill('demo2-secret')
    await page.getByRole('button', { name: '测试连接' }).click()
    await expect(page.getByText('一切正常')).toBeVisible()
  }
  // Nobody is called while it is there, so that it stays unused.
  await page.getByRole('button', { name: '周一至周五 08:30 至 17:30' }).click()
  await page.getByRole('button', { name: '添加通道' }).click()
  await expect(page).toHaveURL(new RegExp(`/staff/authority/channels/${id}$`))
  await expect(page.getByText('已设置，不会显示')).toBeVisible()
  await expect(page.getByLabel('口令', { exact: true })).toHaveValue('')
  await page.getByRole('button', { name: '删除通道' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除通道' }).click()
  await expect(page).toHaveURL(/\/staff\/authority$/)
  await page.context().close()
})
