/** What every page is held to, whatever else its own test tries. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base } from '@playwright/test'
import type { Page } from '@playwright/test'

/** A test whose page must not report errors of its own. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ page }, use) => {
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      await use()
      expect(faults, 'errors thrown in the page').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** One h1 that is the tab's title, no accessibility fault, nothing wider than the screen; leaves a picture. */
export async function expectSoundPage(page: Page, name: string, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  await expect(page).toHaveTitle(new RegExp(heading.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(tooWide, 'pixels wider than the screen').toBeLessThanOrEqual(0)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  await page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true })
}

/** Answers "who am I" as the server would, for pages whose own data do not matter. */
export async function signedInAs(page: Page, roles: string[], permissions: string[] = []): Promise<void> {
  await page.route('**/api/v1/me', (route) =>
    route.fulfill({
      json: { id: 'a1', login: 'zhang@example.com', roles, permissions, real_name: null },
    }),
  )
}

/** Answers as a server without a session. */
export async function signedOut(page: Page): Promise<void> {
  await page.route('**/api/v1/me', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', json: { status: 401, code: 'sign_in' } }),
  )
}
