/** Ten cases through the pre-check and the form: each province's own rule is told in words, with its source, until it is kept. */

import { run } from '../applicant/asked.ts'
import { expect, expectSoundPage, test } from '../page.ts'
import { individuals, units } from './cases.ts'
import type { Case, Met } from './cases.ts'
import { person, upload } from './people.ts'
import type { Locator, Page } from '@playwright/test'

interface Order {
  id: string
  version: number
  subject: Record<string, unknown> & { principal: Record<string, unknown> }
  websites: (Record<string, unknown> & { id: string; domain: string })[]
}

/** One account's order, prepared behind the pages. */
class Draft {
  constructor(
    private readonly page: Page,
    public order: Order,
  ) {}

  static async begin(page: Page, domain: string, server: string): Promise<Draft> {
    return new Draft(page, await call(page, 'POST', '/orders', await picked(page, domain, server)))
  }

  async add(domain: string, server: string): Promise<void> {
    await this.change('POST', '/websites', await picked(this.page, domain, server))
  }

  /** Changes answers; what the pages saved meanwhile counts. */
  async change(method: string, path: string, body: unknown): Promise<void> {
    this.order = await call(this.page, 'GET', `/orders/${this.order.id}`)
    await call(this.page, method, `/orders/${this.order.id}${path}`, body, this.order.version)
    this.order = await call(this.page, 'GET', `/orders/${this.order.id}`)
  }

  /** The order as a case has it: the place of filing, who answers, the website. */
  async prepare({ region, principal = {}, website = {} }: Met): Promise<void> {
    const { subject } = this.order
    await this.change('PUT', '/subject', { ...asked(subject, subjectFields), region, principal: { ...subject.principal, ...principal } })
    const [site] = this.order.websites
    if (site) {
      const plain = { name: '', service_content: 0, languages: [], pre_approvals: [], same_as_subject: true, principal: {} }
      await this.change('PUT', `/websites/${site.id}`, { ...plain, ...website })
    }
  }

  path(page: Met['page']): string {
    const at = `/orders/${this.order.id}`
    return page === 'website' ? `${at}/websites/${this.order.websites[0]?.id ?? ''}` : `${at}/${page}`
  }

  async abandon(): Promise<void> {
    await this.change('POST', '/abandonment', undefined)
  }
}

const subjectFields = ['region', 'nature', 'certificate_type', 'certificate_number', 'name', 'certificate_address', 'address', 'investor', 'remark']
const asked = (answers: Record<string, unknown>, names: string[]) => Object.fromEntries(Object.entries(answers).filter(([name]) => names.includes(name)))

async function call<T>(page: Page, method: string, path: string, data?: unknown, version?: number): Promise<T> {
  const headers = { 'Accept-Language': 'zh-CN', Origin: new URL(page.url()).origin, 'Idempotency-Key': crypto.randomUUID(), ...(version === undefined ? {} : { 'If-Match': `"v${version}"` }) }
  const response = await page.request.fetch(`/api/v1${path}`, { method, data, headers })
  expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true)
  return (await response.json()) as T
}

/** A checked domain and the server that a website is to run on. */
async function picked(page: Page, domain: string, server: string): Promise<unknown> {
  const check = await call<{ id: string }>(page, 'POST', '/domain-checks', { domain })
  const { servers } = await call<{ servers: { id: string; name: string }[] }>(page, 'GET', '/resources')
  return { domain_check: check.id, resource: { kind: 'server', server: servers.find(({ name }) => name === server)?.id } }
}

/** The pre-check says what it should, and shows where the province's rules stand. */
async function precheck(page: Page, one: Case, name: string): Promise<void> {
  await run(page, one.told, one.verdict)
  await page.screenshot({ path: test.info().outputPath(`${name}-report.png`), fullPage: true })
  for (const words of one.report) await expect(page.locator('main').getByText(words).first(), words).toBeAttached()
  const province = one.told.region ?? '北京市'
  await expect(page.getByRole('link', { name: `查看${province}的全部规定` })).toHaveAttribute('href', /\/rules\?province=\d{2}0000&nature=\d+$/)
  await expect(page.getByRole('button', { name: '开始备案' })).toHaveCount(one.verdict === '现在还不能备案' ? 0 : 1)
}

/** What is said on a page of an order, whatever shows it. */
function said(page: Page, { page: where, says, mend }: Met): Locator {
  if (where === 'websites') return page.locator('.notice .findings > li').filter({ hasText: says })
  if (where === 'materials' && 'upload' in mend) return page.locator('section, li, article').filter({ hasText: mend.upload }).filter({ hasText: says }).last()
  return page.locator('.note').filter({ hasText: says })
}

/** The rule is told with its province and source. */
async function told(page: Page, met: Met, name: string): Promise<void> {
  const note = said(page, met).first()
  await expect(note).toBeVisible()
  await page.screenshot({ path: test.info().outputPath(`${name}-form.png`), fullPage: true })
  await note.getByText(`依据：${met.province}的要求`).first().click()
  const basis = note.locator('.rule-source[open]')
  await expect(basis).toContainText(met.rule)
  await expect(basis).toContainText(/来源.*通信管理局要求/)
  await expect(basis).toContainText('资料日期：2022')
}

/** Does what the rule tells, and sees that it is content. */
async function settle(page: Page, met: Met): Promise<void> {
  const { mend: act } = met
  if ('upload' in act) {
    await upload(page, act.upload)
    return
  }
  if ('fill' in act) await page.getByLabel(act.fill).fill(act.with)
  if ('tick' in act) await page.getByRole('checkbox', { name: act.tick }).press('Space')
  if ('use' in act) await page.getByRole('button', { name: act.use }).first().click()
  if ('remove' in act) {
    await expect(page.getByText('这份订单最多 1 个网站，不能再添加'), 'nobody is invited to add what is refused').toBeVisible()
    await page.getByRole('button', { name: `删除 ${act.remove}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除', exact: true }).click()
  }
  await expect(said(page, met)).toHaveCount(0)
}

/** Takes each case through the pre-check and the same order, moved to its province. */
async function walk(page: Page, draft: Draft, cases: readonly Case[], more?: (met: Met) => Promise<void>): Promise<void> {
  for (const one of cases) {
    await test.step(one.title, async () => {
      const name = one.title.split(':')[0]?.replaceAll(' ', '-').toLowerCase() ?? ''
      await precheck(page, one, name)
      if (!one.met) return
      await draft.prepare(one.met)
      await more?.(one.met)
      await page.goto(draft.path(one.met.page))
      await told(page, one.met, name)
      await settle(page, one.met)
    })
  }
}

test('five units', async ({ browser }, info) => {
  test.skip(info.project.name !== 'wide', 'individuals come by phone')
  test.setTimeout(120_000)
  const unit = await person(browser, 'unit@example.com')
  const draft = await Draft.begin(unit, 'yunshan-jijiang.cn', '业务服务器')
  await walk(unit, draft, units, async ({ second }) => {
    if (second) await draft.add('yunshan-fenzhan.cn', '官网服务器')
  })
  await draft.abandon()
})

test('four individuals, and one who cannot begin', async ({ browser }, info) => {
  test.skip(info.project.name !== 'phone', 'units come by the wide screen')
  test.setTimeout(120_000)
  const me = await person(browser, 'person@example.com')
  const draft = await Draft.begin(me, 'zhixia-shouzhang.com', '我的小站')
  await walk(me, draft, individuals)
  await draft.abandon()
  await me.goto('/start')
  await me.getByLabel('要备案的域名').fill('yunshan-jiuzhan.cn')
  await me.getByRole('button', { name: '立即检测' }).click()
  await expect(me.getByText('已经备案').first()).toBeVisible({ timeout: 20_000 })
  await expect(me.getByRole('button', { name: '立即备案' })).toHaveCount(0)
  await expectSoundPage(me, 'filed-domain', '验证备案信息')
})
