import { expect, expectSoundPage, test } from '../page.ts'
import { applicant, order, refusal, resources, server } from './case.ts'

const check = (id: string, state: string, more = {}) => ({ id, label: id, state, severity: 'fine', blocking: false, message: `${id} ${state}`, evidence: {}, ...more })
const result = (fileable: boolean) => ({
  id: 'c1',
  domain: 'yunshan-keji.cn',
  unicode: 'yunshan-keji.cn',
  home_url: 'www.yunshan-keji.cn',
  at: '2026-11-24T03:00:00Z',
  fileable,
  subdomain_cut: true,
  until: '2026-11-25T03:00:00Z',
  checks: [
    check('registered', 'passed', { evidence: { registrar: '某注册商' } }),
    check('site_closed', 'unknown'),
    ...(fileable ? [] : [check('not_expired', 'failed', { blocking: true, severity: 'blocker', remedy: '请续费', retry_at: '2046-01-01T00:00:00Z' })]),
  ],
})

test('a good domain on a server becomes an order, once', async ({ page }) => {
  const keys: (string | undefined)[] = []
  await applicant(page, {
    'POST /domain-checks': result(true),
    'POST /orders': async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      expect(route.request().headers()['x-beian-channel']).toBe('web')
      expect(route.request().postDataJSON()).toEqual({ domain_check: 'c1', resource: { kind: 'server', server: 's1' } })
      await route.fulfill(keys.length === 1 ? refusal(503, { code: 'unavailable' }) : { status: 201, json: order() })
    },
  })
  await page.goto('/start')
  await expect(page.getByRole('radio', { name: /业务服务器/ }), 'the only fit server is chosen').toBeChecked()
  await page.getByText('不能用于备案，看看原因').click()
  await expect(page.getByText('购买时长不足 3 个月')).toBeVisible()
  await expect(page.getByText('再续费 2 个月')).toBeVisible()
  await page.getByRole('textbox', { name: '要备案的域名' }).fill('HTTPS://yunshan-keji.cn/a')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'yunshan-keji.cn 可以备案' })).toBeVisible()
  await expect(page.getByText('暂时查不到')).toBeVisible()
  await expectSoundPage(page, 'start', '验证备案信息')
  await page.getByRole('button', { name: '立即备案' }).click()
  await expect(page.getByRole('alert')).toContainText('服务暂时没有响应')
  await page.getByRole('button', { name: '立即备案' }).click()
  await expect(page).toHaveURL('/orders/261124-7K3M9QXR')
  expect(keys[0]).toBeTruthy()
  expect(keys[1], 'a retry is the same act').toBe(keys[0])
})

test('a domain that cannot be filed says what to do and until when', async ({ page }) => {
  await applicant(page, { 'POST /domain-checks': result(false) })
  await page.goto('/start')
  await page.getByRole('textbox', { name: '要备案的域名' }).fill('yunshan-keji.cn')
  await page.getByRole('button', { name: '立即检测' }).click()
  const bad = page.getByRole('listitem').filter({ hasText: 'not_expired failed' })
  await expect(bad).toContainText('没有通过')
  await expect(bad).toContainText('请续费')
  await expect(bad).toContainText('2046-01-01')
  await expect(page.getByRole('button', { name: '立即备案' })).toHaveCount(0)
  await page.getByRole('button', { name: 'English' }).click()
  await expectSoundPage(page, 'start-bad-en', 'Check service and domain')
})

test('without a fit server a code can be entered', async ({ page }) => {
  await applicant(page, { 'GET /resources': { ...resources, eligible: false, servers: [server('s2', { eligible: false })], advice: [{ code: 'a', message: '购买一台大陆服务器' }] } })
  await page.goto('/start')
  await expect(page.getByText('购买一台大陆服务器')).toBeVisible()
  await page.getByRole('radio', { name: /使用授权码备案/ }).check()
  await page.getByRole('textbox', { name: '备案授权码' }).fill('BA-1234')
  await expect(page).toHaveURL(/code=BA-1234/)
})

test('an order that cannot begin says why, and every way out', async ({ page }) => {
  const exits = [{ id: 'old_number', title: '换过证的，填写备案时的证件号码', text: '系统按管局记录的证件号码识别主体' }]
  await applicant(page, {
    'POST /domain-checks': result(true),
    'POST /orders': (route) => route.fulfill(refusal(409, { code: 'type.first_filing_not_offered', detail: '管局没有您主体的备案记录，需要办理首次备案', exits })),
  })
  await page.goto('/start')
  await page.getByRole('textbox', { name: '要备案的域名' }).fill('yunshan-keji.cn')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '立即备案' }).click()
  const box = page.getByRole('alert')
  await expect(box).toContainText('需要办理首次备案')
  await expect(box).toContainText('换过证的，填写备案时的证件号码')
  await expect(box).toBeInViewport()
  await expectSoundPage(page, 'start-dead-end', '验证备案信息')
})

test('a domain in one of my own orders leads there', async ({ page }) => {
  await applicant(page, {
    'POST /domain-checks': result(true),
    'POST /orders': (route) => route.fulfill(refusal(409, { code: 'domain.in_process_mine', detail: '域名 yunshan-keji.cn 已在您的订单 261124-7KQ2M4XD 里', order: '261124-7KQ2M4XD' })),
  })
  await page.goto('/start')
  await page.getByRole('textbox', { name: '要备案的域名' }).fill('yunshan-keji.cn')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '立即备案' }).click()
  await expect(page.getByRole('alert').getByRole('link', { name: /已在您的订单/ })).toHaveAttribute('href', '/orders/261124-7KQ2M4XD')
})
