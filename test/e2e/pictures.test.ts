import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { andon, eventually, ROOT, scratchDir } from '../support/process.ts'
import { animated, type Frame } from '../support/webp.ts'

/**
 * The pictures of the documents, of a practice shop as anybody can start one: `ANDON_PICTURES=1 npm test -- e2e`, or some
 * of them by name, as in `ANDON_PICTURES=inbox,case`.
 */

const PICTURES = join(ROOT, 'docs', 'pictures')
/** bytes */
const MOST = { still: 100_000, tour: 400_000 }
const SIZE = { width: 1440, height: 900 }
/** A tour is looked at in a page, so it is smaller. */
const TOUR = { width: 1000, height: 625 }
const SHOWN = 7000

interface Pictured {
  readonly name: string
  readonly path: string
  /** What must be on the page before. */
  readonly ready: string
  /** Pressed then, and what comes of it. */
  readonly keys?: readonly string[]
  readonly after?: string
  readonly size?: { readonly width: number; readonly height: number }
}

/** What a page of its own describes is looked at beside the text. */
const BESIDE = { width: 1200, height: 750 }

/** The strip of the practice shop stands over the page. */
const SHOP = 'body:has(.practice .seg)'

const PAGES: readonly Pictured[] = [
  { name: 'cockpit', path: '/', ready: `${SHOP}:has(.risk li):has(main div[role=img] svg path)` },
  { name: 'orders', path: '/orders', ready: `${SHOP} [role=grid] .r` },
  {
    ...{ name: 'inbox', path: '/cases', ready: '[role=grid] .r', size: BESIDE },
    ...{ keys: ['j', 'j', 'Space'], after: '.drawer .ev li' },
  },
  {
    ...{ name: 'case', path: '/cases', ready: '[role=grid] .r', size: BESIDE },
    ...{ keys: ['j', 'j', 'Enter'], after: '.case-b:has(.tl li):has(.ev li):has(.next-steps) .kv' },
  },
  { name: 'rule', path: '/rules/transit_at_risk', ready: 'main:has(.cm-line):has(.live-n[title])', size: BESIDE },
  { name: 'feeds', path: '/system/feeds', ready: 'main table tbody tr', size: BESIDE },
]
const WANTED = process.env.ANDON_PICTURES ?? ''
const isWanted = (name: string): boolean => WANTED === '1' || WANTED.split(',').includes(name)

const ZH = { claim: /^认领/, start: /^开始处理/, cause: '规则冲突', result: '客户已补足差额' } as const
const EN = { claim: /^Claim/, start: /^Start/, cause: 'Rules that contradict', result: 'Paid the rest' } as const
const LANGUAGES = [
  { locale: 'zh-CN', ending: '', begin: /^导览/, next: '下一步', faster: '快进到 60 倍', ...ZH },
  { locale: 'en', ending: '.en', begin: /^Tour/, next: 'Next', faster: 'Speed up to 60×', ...EN },
] as const
type Words = (typeof LANGUAGES)[number]

// Each run would paint them a little otherwise, so they are taken only when somebody asks.
test('the pictures of the documents', { skip: WANTED === '' }, async t => {
  const server = andon(['start', '--practice', '--port', '0', '--data', join(scratchDir(t), 'data')])
  t.after(() => server.signal('SIGTERM'))
  await eventually(() => /Come in at (\S+)/.test(server.out), 'the practice shop is open', 180_000)
  const link = /Come in at (\S+)/.exec(server.out)?.[1] ?? ''
  const browser = await openBrowser()
  t.after(() => browser.close())
  await afternoon(browser, link)
  mkdirSync(PICTURES, { recursive: true })
  for (const words of LANGUAGES) {
    const page = await visit(browser, words, link)
    for (const { name, path, ready, keys = [], after, size } of PAGES.filter(one => isWanted(one.name))) {
      await page.goto(new URL(path, link).href)
      await page.locator(ready).first().waitFor()
      for (const key of keys) await page.keyboard.press(key)
      if (after) await page.locator(after).first().waitFor()
      const image = await still(page, size ?? SIZE, 0.75)
      assert.ok(image.length < MOST.still, `the picture ${name} has ${image.length} bytes`)
      writeFileSync(join(PICTURES, `${name}${words.ending}.webp`), image)
    }
    if (isWanted('tour')) {
      await page.goto(new URL('/', link).href)
      const tour = animated(await walk(page, words), TOUR)
      assert.ok(tour.length < MOST.tour, `the tour has ${tour.length} bytes`)
      writeFileSync(join(PICTURES, `tour${words.ending}.webp`), tour)
    }
    await page.context().close()
  }
})

async function visit(browser: Browser, { locale }: Words, link: string): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: SIZE, locale, timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  await page.goto(link)
  // Its history is played first: two days in a minute or so.
  await eventually(
    () => page.evaluate(async () => (await (await fetch('/v1/practice')).json()).shop?.phase === 'running'),
    'the history of the practice shop has been played',
    600_000,
  )
  return page
}

/** At night a shop is all but still, and the pictures are the same whenever they are made: its time goes on to the afternoon. */
async function afternoon(browser: Browser, link: string): Promise<void> {
  const page = await visit(browser, LANGUAGES[0], link)
  const shop = (change: object | null): Promise<string> =>
    page.evaluate(async body => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const answer = await fetch('/v1/practice', body === null ? {} : init)
      return (await answer.json()).shop.now
    }, change)
  const minute = async (): Promise<number> => {
    // Shanghai is eight hours ahead all year.
    const local = new Date(Date.parse(await shop(null)) + 8 * 3_600_000)
    return local.getUTCHours() * 60 + local.getUTCMinutes()
  }
  await shop({ speed: 1000 })
  await eventually(async () => Math.abs((await minute()) - 16 * 60) < 60, 'it is afternoon in the shop', 600_000)
  await shop({ speed: 1 })
  await page.context().close()
}

/** The guided tour from its first step to its last, a picture of each. */
async function walk(page: Page, words: Words): Promise<Frame[]> {
  const { begin, next, faster, claim, start, cause, result } = words
  const frames: Frame[] = []
  const take = async (): Promise<void> => {
    await page.locator('.tour-ring').waitFor()
    frames.push({ image: await still(page, TOUR, 0.8), shown: SHOWN })
  }
  const card = page.locator('.tour')
  const go = (): Promise<void> => card.getByRole('button', { name: next }).click()
  await page.locator('.risk li').first().waitFor()
  await page.getByRole('button', { name: begin }).click()
  await page.getByRole('img', { name: /控制图|Control chart/ }).waitFor()
  await take()
  await go()
  await take()
  await go()
  await page.waitForURL(/\/cases\/c-/)
  await page.locator('.ev li').first().waitFor()
  await take()
  await go()
  await take()
  const head = page.locator('.case-h')
  await head.getByRole('button', { name: claim }).click()
  await head.getByRole('button', { name: start }).click()
  await card.locator('.green').waitFor()
  await go()
  await card.getByRole('button', { name: faster }).click()
  await card.locator('.green').waitFor({ timeout: 120_000 })
  await take()
  await go()
  await page.keyboard.press('Shift+R')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox').selectOption({ label: cause })
  await dialog.getByRole('textbox').fill(result)
  await take()
  await dialog.locator('[type=submit]').click()
  await card.locator('.green').waitFor()
  await go()
  await page.locator('.feed li').first().waitFor()
  await take()
  return frames
}

async function still(page: Page, size: { width: number; height: number }, quality: number): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready)
  const png = (await page.screenshot({ animations: 'disabled' })).toString('base64')
  // The browser packs it smaller than PNG; in a page of its own, since that of the console lets nothing in.
  const packer = await page.context().newPage()
  const webp = await packer.evaluate(
    async ([data, width, height, share]) => {
      const image = new Image()
      image.src = `data:image/png;base64,${data}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
      return canvas.toDataURL('image/webp', share).split(',')[1] ?? ''
    },
    [png, size.width, size.height, quality] as const,
  )
  await packer.close()
  return Buffer.from(webp, 'base64')
}
