import { person } from '../flows/people.ts'
import { expect, expectSoundPage, test } from '../page.ts'
import { desk, expectSoundInBoth, operator, refusal } from './desk.ts'

const file = (name: string, more = {}) => ({ name, title: name === 'workdays.json' ? '工作日历' : '语种', source: '公开资料整理', as_of: '2026-11-24', origin: 'builtin', rows: 17, provisional: 0, ...more })
const list = {
  items: [file('languages.json', { provisional: 3, licence: 'MIT', note: '按主管部门的编号' }), file('workdays.json', { last_day: '2026-12-31', origin: 'operator' })],
  warnings: [{ code: 'reference.calendar_ends', file: 'workdays.json', day: '2026-12-31', days: 30, text: '工作日历将于 30 天后到期' }],
}

test('is sound in both languages, with what runs out on top', async ({ page }) => {
  await desk(page, operator, { 'GET /reference/files': list, 'GET /reference/files/workdays.json': (route) => route.fulfill({ body: '{"rows": []}', contentType: 'application/json' }) })
  await page.goto('/staff/reference')
  await expect(page.getByText('工作日历将于 30 天后到期')).toBeVisible()
  await expect(page.getByRole('row', { name: /语种/ })).toContainText('暂定 3 条')
  await expect(page.getByRole('row', { name: /工作日历/ })).toContainText('到 2026-12-31 为止')
  await expectSoundInBoth(page, 'reference', '参考数据', 'Reference data')
  await page.getByRole('link', { name: /Show the file/ }).click()
  await expect(page).toHaveURL('/staff/reference?file=workdays.json')
  await expect(page.getByRole('heading', { level: 2, name: '工作日历' })).toBeFocused()
  await page.getByText('Contents').click()
  await expect(page.getByText('{"rows": []}')).toBeVisible()
  await page.getByRole('button', { name: 'Replace by a file of your own' }).click()
  await expectSoundPage(page, 'reference-file-en', 'Reference data')
  await page.getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('link', { name: '工作日历', exact: true })).toBeFocused()
})

test('a refused file says which row, a good one is put into force by a second step', async ({ page }) => {
  const queries: string[] = []
  let good = false
  await desk(page, operator, {
    'GET /reference/files': list,
    'PUT /reference/files/languages.json': (route) => {
      queries.push(new URL(route.request().url()).search)
      expect(route.request().postData()).toBe(good ? '{"ok":1}' : '{"bad":1}')
      return good
        ? route.fulfill({ json: file('languages.json', { origin: 'operator', rows: 18, source: '本平台' }) })
        : route.fulfill(refusal(422, { code: 'reference.broken_row', detail: '文件 languages.json 无法使用，第 2 条记录：id 重复。请修改该记录后重试', errors: [{ pointer: '/rows/1', code: 'reference.broken_row', message: '第 2 条记录' }] }))
    },
  })
  await page.goto('/staff/reference?file=languages.json')
  await page.getByRole('button', { name: '用自己的文件替换' }).click()
  const choose = (text: string) => page.getByLabel('新文件').setInputFiles({ name: 'languages.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await choose('{"bad":1}')
  await expect(page.getByLabel('新文件')).toHaveAccessibleDescription(/第 2 条记录：id 重复/)
  await expect(page.getByRole('button', { name: '启用这个文件' })).toHaveCount(0)
  await expectSoundPage(page, 'reference-refused', '参考数据')
  good = true
  await choose('{"ok":1}')
  await expect(page.getByText('检查通过：18 条记录（现在 17 条）')).toBeVisible()
  await page.getByLabel('这次改了什么').fill('增加一种语言')
  await expectSoundPage(page, 'reference-checked', '参考数据')
  await page.getByRole('button', { name: '启用这个文件' }).click()
  await expect(page.getByText('语种已更新，共 18 条记录。')).toBeVisible()
  expect(queries.map((query) => new URLSearchParams(query).get('dry_run'))).toEqual(['true', 'true', 'false'])
  expect(new URLSearchParams(queries[2]).get('note')).toBe('增加一种语言')
})

test('a list of the real server is replaced, downloaded and reset', async ({ browser }, info) => {
  test.skip(info.project.name !== 'wide', 'one table of one server')
  test.setTimeout(120_000)
  const page = await person(browser, 'operator@example.com')
  const own = JSON.stringify({ table: 'languages', source: '本平台', as_of: '2026-11-24', rows: [{ id: 1, zh: '中文简体', en: 'Simplified Chinese' }, { id: 1, zh: '世界语', en: 'Esperanto' }] })
  await page.goto('/staff/reference')
  await page.getByRole('link', { name: '语种' }).click()
  await page.getByRole('button', { name: '用自己的文件替换' }).click()
  const choose = (text: string) => page.getByLabel('新文件').setInputFiles({ name: 'own.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await choose(own)
  await expect(page.getByText(/languages\.json 无法使用，第 2 条记录/).first()).toBeVisible()
  // The server's own list with a language more, so that nothing else misses one.
  const now = await (await page.request.get('/api/v1/reference/files/languages.json')).json()
  delete now.origin
  now.rows.push({ id: 990, zh: '世界语', en: 'Esperanto' })
  await choose(JSON.stringify(now))
  await page.getByRole('button', { name: '启用这个文件' }).click()
  await expect(page.getByText(/语种已更新/)).toBeVisible()
  await expect(page.getByRole('row', { name: /语种/ })).toContainText('本平台')
  await page.getByRole('link', { name: '语种' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载' }).click()
  expect((await download).suggestedFilename()).toBe('languages.json')
  await page.getByText('文件内容').click()
  await expect(page.getByRole('region', { name: 'languages.json' })).toContainText('世界语')
  await page.getByRole('button', { name: '恢复随程序提供的文件' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '恢复随程序提供的文件' }).click()
  await expect(page.getByText('语种已恢复为随程序提供的文件。')).toBeVisible()
  await expect(page.getByRole('row', { name: /语种/ })).toContainText('随程序提供')
})
