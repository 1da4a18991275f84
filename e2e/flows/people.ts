/** The demo's people, and what they do on several pages. */

import { expect } from '../page.ts'
import type { Browser, Locator, Page } from '@playwright/test'

const password = 'beian-demo-2026'

/** A page of its own for one person, signed in. */
export async function person(browser: Browser, login: string): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByLabel(/邮箱|手机/).first().fill(login)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('button', { name: '退出登录' })).toBeVisible()
  return page
}

/** Opens a drop-down by keyboard and takes an option. */
export async function choose(page: Page, box: Locator, option: string | RegExp): Promise<void> {
  await box.focus()
  await box.press('Enter')
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).and(page.locator(':visible')).first().click()
}

/** Checks a domain and waits for the verdict. */
export async function checkDomain(page: Page, domain: string): Promise<void> {
  await page.getByLabel('要备案的域名').fill(domain)
  await page.getByRole('button', { name: '立即检测' }).click()
  await expect(page.getByText(`${domain} 可以备案`)).toBeVisible({ timeout: 20_000 })
}

/** Proves the filing that the subject holds at another provider. */
export async function proveFiling(page: Page, number: string): Promise<void> {
  await page.getByLabel('主体备案号').fill(number)
  await page.getByLabel('备案密码', { exact: true }).fill('beian-2026')
  await page.getByRole('button', { name: '核对备案密码' }).click()
  await expect(page.getByText(/核对一致/).first()).toBeVisible({ timeout: 20_000 })
}

/** Chooses a province, city and district, level by level. */
export async function chooseRegion(page: Page, names: readonly string[] = ['北京市', '市辖区', '海淀区']): Promise<void> {
  for (const [i, name] of names.entries()) {
    await choose(page, page.getByRole('combobox', { name: new RegExp(`^${'省市区'[i]}`) }), name)
  }
}

/** Waits until what was typed is with the server. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByText(/已保存/).first()).toBeVisible({ timeout: 15_000 })
}

/** Gives a draft up, so that its domain is free again. */
export async function abandon(page: Page, order: string): Promise<void> {
  await page.goto(`/orders/${order}`)
  await page.getByRole('button', { name: '放弃订单' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '放弃订单' }).click()
  await expect(page.getByText('已放弃')).toBeVisible()
}

/** A picture of some hundred kilobytes, made in the page, of nobody. */
async function picture(page: Page, name: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const data = await page.evaluate((title) => {
    const canvas = document.createElement('canvas')
    canvas.width = 1200
    canvas.height = 800
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    const pixels = pen.createImageData(1200, 800)
    let seed = 7
    for (let i = 0; i < pixels.data.length; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648
      pixels.data[i] = i % 4 === 3 ? 255 : 200 + (seed % 40)
    }
    pen.putImageData(pixels, 0, 0)
    pen.font = '64px sans-serif'
    pen.fillText(title, 60, 400)
    return canvas.toDataURL('image/jpeg', 0.92)
  }, name)
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(data.slice(data.indexOf(',') + 1), 'base64') }
}

/** Uploads a picture for each material asked for. */
export async function upload(page: Page, ...materials: string[]): Promise<void> {
  for (const name of materials) {
    const button = page.getByRole('button', { name: new RegExp(`^(上传|更换)${name.replace(/[（）]/g, '.')}`) })
    const chooser = page.waitForEvent('filechooser')
    await button.click()
    await (await chooser).setFiles(await picture(page, `${name} ${Date.now()}`))
    await expect(page.getByRole('button', { name: `更换${name}` })).toBeVisible({ timeout: 20_000 })
    await expect(page.getByText(/正在上传|正在检查/)).toHaveCount(0, { timeout: 20_000 })
  }
}

/** Agrees to both texts and submits; the order page tells what comes next. */
export async function submit(page: Page): Promise<void> {
  await expect(page.getByRole('checkbox', { name: /我已阅读并同意/ })).toHaveCount(2)
  for (const box of await page.getByRole('checkbox', { name: /我已阅读并同意/ }).all()) {
    await box.focus()
    await box.press('Space')
    await expect(box).toBeChecked()
  }
  await page.getByRole('button', { name: '提交备案' }).click()
  await expect(page.getByText('初审中').first()).toBeVisible({ timeout: 20_000 })
}

/** Takes the case, notes a call that reached somebody, and passes the review. */
export async function approve(page: Page, order: string): Promise<void> {
  await page.goto(`/staff/orders/${order}`)
  await page.getByRole('button', { name: '受理' }).click()
  await page.getByText('已接通', { exact: true }).click()
  await page.getByRole('button', { name: '记录通话' }).click()
  await expect(page.getByText('本次提交已经联系上负责人。')).toBeVisible()
  await page.getByRole('button', { name: '初审通过' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '初审通过' }).click()
  await expect(page.getByText('初审已通过。')).toBeVisible()
}

/** At the authority: the record with the domain passes the message check and is approved. */
export async function authorityApproves(page: Page, domain: string): Promise<void> {
  for (const act of ['核验通过', '审核通过']) {
    const button = page.getByRole('article').filter({ hasText: domain }).getByRole('button', { name: act })
    await expect(async () => {
      await page.goto('/sim/')
      await expect(button).toBeVisible({ timeout: 500 })
    }).toPass({ timeout: 30_000 })
    await button.click()
  }
}
