import { defineConfig } from '@playwright/test'

/** Tries a server that already runs when BEIAN_URL names one; else starts the built binary with sample data. */
const given = process.env.BEIAN_URL
const url = given ?? 'http://127.0.0.1:8080'

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.BEIAN_CI === '1',
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report' }]],
  use: {
    baseURL: url,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 15_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'wide', use: { viewport: { width: 1440, height: 900 } } },
    { name: 'phone', use: { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true } },
  ],
  webServer: given
    ? undefined
    : {
        command: '../bin/beian serve --demo',
        // "Who am I" answers 401 as soon as the server listens; that is enough.
        url: `${url}/api/v1/me`,
        timeout: 60_000,
        stdout: 'pipe',
      },
})
