/** What a visitor does on the pre-check's form, on the demo server. */

import { expect } from '../page.ts'
import type { Page } from '@playwright/test'
import { choose } from '../flows/people.ts'

export interface Told {
  domain: string
  who?: '企业（含个体工商户）' | '个人' | '其他机构'
  kind?: string
  region?: string
  filed?: '备案过' | '没有' | '不清楚'
  number?: string
  name?: string
  resource?: string
}

/** The demo's own people, as the simulated authority knows them. */
export const unitNumber = '91110108MA0YK7W261'
export const personNumber = '110108199305160025'

/** Fills in what is told, unfolding only what is needed. */
export async function tell(page: Page, { domain, who = '企业（含个体工商户）', kind, region = '北京市', filed, number, name, resource }: Told): Promise<void> {
  await page.goto('/precheck')
  await page.getByLabel('域名').fill(domain)
  await page.getByRole('radio', { name: who, exact: true }).check({ force: true })
  if (kind) await choose(page, page.getByRole('combobox', { name: '哪一类机构' }), kind)
  await choose(page, page.getByRole('combobox', { name: '在哪个省份备案' }), region)
  const part = (title: string) => page.locator('details').filter({ hasText: title })
  if (filed || number) await part('以前备案过吗').locator('summary').click()
  if (filed) await page.getByRole('radio', { name: filed, exact: true }).check({ force: true })
  if (number) await page.getByLabel('证件号码').fill(number)
  if (name) {
    await part('网站叫什么、做什么').locator('summary').click()
    await page.getByLabel('网站名称').fill(name)
  }
  if (resource) {
    await part('网站放在哪里').locator('summary').click()
    await page.getByRole('radio', { name: resource, exact: true }).check({ force: true })
  }
}

/** Runs the pre-check and waits for its report with a verdict; gives its path. */
export async function run(page: Page, told: Told, verdict: string): Promise<string> {
  await tell(page, told)
  await page.getByRole('button', { name: '开始预检' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${told.domain} 的备案预检`, { timeout: 20_000 })
  await expect(page.getByRole('region', { name: verdict, exact: true })).toBeVisible()
  return new URL(page.url()).pathname
}
