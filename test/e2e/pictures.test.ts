import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { andon, eventually, ROOT, scratchDir } from '../support/process.ts'

/** The pictures of the documents, of a practice shop as anybody can start one: `ANDON_PICTURES=1 npm test -- e2e`. */

const PICTURES = join(ROOT, 'docs', 'pictures')
/** bytes */
const MOST = 150_000

/** What is pictured: name, address, and what must be on the page before. */
const PAGES: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['cockpit', '/', '.risk li'],
  ['orders', '/orders', '[role=grid] .r'],
]

// Each run would paint them a little otherwise, so they are taken only when somebody asks.
test('the pictures of the documents', { skip: process.env.ANDON_PICTURES !== '1' }, async t => {
  const server = andon(['start', '--practice', '--port', '0', '--data', join(scratchDir(t), 'data')])
  t.after(() => server.signal('SIGTERM'))
  await eventually(() => /Come in at (\S+)/.test(server.out), 'the practice shop is open', 180_000)
  const link = /Come in at (\S+)/.exec(server.out)?.[1] ?? ''
  const browser = await openBrowser()
  t.after(() => browser.close())
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const page = await context.newPage()
  await page.goto(link)
  // Its history is played first: five days in a minute or so.
  await eventually(
    () => page.evaluate(async () => (await (await fetch('/v1/practice')).json()).shop?.phase === 'running'),
    'the history of the practice shop has been played',
    600_000,
  )
  for (const [name, path, ready] of PAGES) {
    await page.goto(new URL(path, link).href)
    await page.locator(ready).first().waitFor()
    await page.evaluate(() => document.fonts.ready)
    await take(page, name)
  }
})

async function take(page: Page, name: string): Promise<void> {
  const png = (await page.screenshot({ animations: 'disabled' })).toString('base64')
  // The browser packs it smaller than PNG; in a page of its own, since that of the console lets nothing in.
  const packer = await page.context().newPage()
  const webp = await packer.evaluate(async data => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    canvas.getContext('2d')?.drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', 0.9).split(',')[1] ?? ''
  }, png)
  await packer.close()
  const bytes = Buffer.from(webp, 'base64')
  assert.ok(bytes.length < MOST, `the picture ${name} has ${bytes.length} bytes`)
  mkdirSync(PICTURES, { recursive: true })
  writeFileSync(join(PICTURES, `${name}.webp`), bytes)
}
