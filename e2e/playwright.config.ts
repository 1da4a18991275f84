import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

/** Tries a server that already runs when BEIAN_URL names one; else starts the built binary with sample data. */
const given = process.env.BEIAN_URL
const addr = '127.0.0.1:8089'
const url = given ?? `http://${addr}`
// Where the operator's rules lie, for the tests to write; workers take it over from the first process. For a
// server that already runs, name its folder, or what publishes rules is left out.
if (!given) process.env.BEIAN_RULES_FOLDER ??= mkdtempSync(join(tmpdir(), 'beian-e2e-rules-'))

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
        // The server refuses variables that it does not know; those of the gate are not for it.
        command: 'env -u BEIAN_CI -u BEIAN_XSD_DIR -u BEIAN_REQUIRE_XSD -u BEIAN_URL ../bin/beian serve --demo',
        // Fresh data: the flows file domains, and each can be filed once.
        env: { BEIAN_ADDR: addr, BEIAN_BASE_URL: url, BEIAN_DATA: mkdtempSync(join(tmpdir(), 'beian-e2e-')), BEIAN_LOG_LEVEL: 'warn', BEIAN_RULES_FOLDER: process.env.BEIAN_RULES_FOLDER ?? '' },
        // "Who am I" answers 401 as soon as the server listens; that is enough.
        url: `${url}/api/v1/me`,
        timeout: 60_000,
        stdout: 'pipe',
      },
})
