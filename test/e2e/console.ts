import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { CONSOLE } from '../../src/app/compose.ts'
import { ADMINISTRATOR, type Api, type ApiOptions, AS, openApi } from '../http/api.ts'
import { openBrowser } from '../support/browser.ts'
import { ROOT } from '../support/process.ts'

/** The console in a real browser, on a real server with a database of its own. */

export type Language = 'zh-CN' | 'en'
export type Theme = 'light' | 'dark'

export interface Look {
  readonly language?: Language
  readonly theme?: Theme
  readonly width?: number
  readonly height?: number
  /** Nobody is signed in; else it is the administrator. */
  readonly signedOut?: true
}

/** Every look that a page must stand. */
export const LOOKS: readonly Required<Pick<Look, 'language' | 'theme'>>[] = [
  { language: 'zh-CN', theme: 'light' },
  { language: 'zh-CN', theme: 'dark' },
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark' },
]

export interface Console {
  readonly api: Api
  readonly url: string
  /** A browser window of its own, at this address of the console. Whatever goes wrong in it fails the test file. */
  open(path: string, look?: Look): Promise<Page>
  /** From now on such errors of the browser are what a test means to happen. */
  expectFault(pattern: RegExp): void
}

/** Starts the server and a browser; both go with the test file. */
export async function openConsole(more: Pick<ApiOptions, 'practice' | 'names'> = {}): Promise<Console> {
  const started = await openBrowser()
  const contexts: BrowserContext[] = []
  const faults: string[] = []
  const meant: RegExp[] = []
  // Before the server is asked to stop, so that no window sees it go.
  after(async () => {
    for (const context of contexts) await context.close()
    await started.close()
  })
  const api = await openApi({ core: true, ...more, consoleFolder: CONSOLE })
  after(() => {
    const real = faults.filter(fault => !meant.some(pattern => pattern.test(fault)))
    assert.deepEqual(real, [], 'errors in the browser')
  })
  const url = `http://127.0.0.1:${await api.listen()}`
  return {
    api,
    url,
    expectFault: pattern => void meant.push(pattern),
    async open(path, { language = 'zh-CN', theme = 'light', width = 1440, height = 900, signedOut } = {}) {
      const context = await started.newContext({
        viewport: { width, height },
        locale: language,
        colorScheme: theme,
        timezoneId: 'Asia/Shanghai',
        ...(!signedOut && { extraHTTPHeaders: { [AS]: ADMINISTRATOR.id } }),
      })
      contexts.push(context)
      const page = await context.newPage()
      watch(page, faults)
      await page.goto(url + path)
      await page.locator('#root > *').first().waitFor()
      return page
    },
  }
}

/** A page that breaks, warns or is refused something by its own policy is a fault, whatever the test looks at. */
function watch(page: Page, faults: string[]): void {
  page.on('pageerror', error => faults.push(`${page.url()}: ${error.stack ?? error}`))
  page.on('console', message => {
    if (/^(error|warning)$/.test(message.type())) faults.push(`${page.url()}: ${message.text()}`)
  })
}

/** Where what a run looks like is written; for people, and not kept. */
export const WRITTEN = join(ROOT, 'test-results')

/** Writes what the page looks like below test-results/, for people; returns the path. */
export async function shoot(page: Page, name: string): Promise<string> {
  mkdirSync(WRITTEN, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  const path = join(WRITTEN, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  return path
}

/** Fails with what axe finds on the page as it is. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  // The shell may stand before the page in it has come.
  await page.locator('h1').first().waitFor({ state: 'attached' })
  // The default mode opens a page of its own for each frame, and there are none.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  const told = violations.map(
    v => `${v.id}: ${v.help}\n    ${v.nodes.map(n => `${n.target} ${n.html}`).join('\n    ')}`,
  )
  assert.deepEqual(told, [], `axe on ${where}`)
}
