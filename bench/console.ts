import type { Browser, BrowserContext, CDPSession } from 'playwright-core'
import { type Sizes, sizesOf } from '../scripts/console-sizes.ts'
import { CONSOLE } from '../src/app/compose.ts'
import { openBrowser } from '../test/support/browser.ts'
import type { Bench, BenchOptions, BenchResult, Figure } from './kit/bench.ts'
import { Client, postEvents } from './kit/client.ts'
import { startCluster } from './kit/cluster.ts'
import { fillLists } from './kit/fill-lists.ts'
import { batchesTogether } from './kit/orders.ts'
import { type Server, withServer } from './kit/server.ts'
import { median, quantile } from './kit/stats.ts'

const ORDERS = { quick: 20_000, full: 1_000_000 }
const LOADS = { quick: 5, full: 15 }
const KEYSTROKES = { quick: 8, full: 10 }
/** As many as an hour at 50 a second brings; they are sent as fast as they are taken. */
const EVENTS = 180_000
const EVENTS_PER_ORDER = 12
/** Orders whose events are sent before the posts are waited for. */
const PORTION = 400
const IN_FLIGHT = 4

/** Rows, or the word that there are none; not a failure. */
const ROWS = 'table tbody tr, section.pane .said:not([role=alert])'

/** Each page, and what is on it when one can work with it. */
const PAGES = [
  { name: 'cockpit', path: '/', ready: '.kpi' },
  { name: 'inbox', path: '/cases', ready: '[role=grid] .r' },
  { name: 'orders', path: '/orders', ready: '[role=grid] .r' },
  { name: 'rules', path: '/rules', ready: 'table tbody tr' },
  { name: 'a rule', path: '/rules/handover_late', ready: '.cm-content' },
  { name: 'tables', path: '/rules/tables', ready: 'table tbody tr' },
  { name: 'feeds', path: '/system/feeds', ready: ROWS },
  { name: 'waiting', path: '/system/waiting', ready: ROWS },
  { name: 'jobs', path: '/system/jobs', ready: ROWS },
  { name: 'figures', path: '/system/figures', ready: 'dl.figures' },
  { name: 'about', path: '/system/about', ready: 'table tbody tr' },
] as const

// Run in the page, as texts: what a browser knows is not known to the types of this tree.
const MEASURE_LOAD = `({
  ready: performance.now(),
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  bytes: performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.transferSize, 0),
})`
const TWO_FRAMES = 'new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))'

interface Load {
  readonly paint: number
  readonly ready: number
  readonly bytes: number
}

export const console: Bench = {
  name: 'console',
  about:
    'the console in a browser: first paint, rows on the screen, filter keystroke to rows, memory under live updates',
  run,
}

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const size = quick ? 'quick' : 'full'
  const cluster = await startCluster()
  const browser = await openBrowser()
  try {
    const database = await cluster.create('console')
    await fillLists(database, ORDERS[size], Date.now())
    return await withServer({ databaseUrl: database.url }, async server => {
      const loads = await measureLoads({ browser, server, say }, LOADS[size])
      const keystrokes = await measureKeystrokes({ browser, server }, KEYSTROKES[size])
      say(`keystroke to rows: ${Math.round(median(keystrokes))} ms`)
      const memory = await measureMemory({ browser, server }, EVENTS)
      say(`heap ${memory.before.toFixed(1)} MB, after ${EVENTS} events ${memory.after.toFixed(1)} MB`)
      return {
        figures: [
          ...loads.flatMap(loadFigures),
          ...keyFigures(keystrokes),
          ...memoryFigures(memory, EVENTS),
          ...sizeFigures(sizesOf(CONSOLE)),
        ],
        rounds: [...loads, { keystrokes }, memory],
        notes: notesOf(size),
      }
    })
  } finally {
    await browser.close()
    await cluster.close()
  }
}

interface On {
  readonly browser: Browser
  readonly server: Server
}

const visit = ({ browser, server }: On): Promise<BrowserContext> =>
  browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    extraHTTPHeaders: { authorization: `Bearer ${server.key}` },
  })

interface Loads {
  readonly name: string
  readonly cold: readonly Load[]
  readonly warm: readonly Load[]
}

/** Cold: a browser that was never here; warm: the same one again. */
async function measureLoads(on: On & { say(text: string): void }, times: number): Promise<Loads[]> {
  const found: Loads[] = []
  for (const page of PAGES) {
    const cold: Load[] = []
    const warm: Load[] = []
    for (let i = 0; i < times; i++) {
      const context = await visit(on)
      cold.push(await load(context, on.server, page))
      warm.push(await load(context, on.server, page))
      await context.close()
    }
    found.push({ name: page.name, cold, warm })
    on.say(`${page.name}: rows after ${Math.round(median(cold.map(l => l.ready)))} ms`)
  }
  return found
}

async function load(context: BrowserContext, server: Server, at: (typeof PAGES)[number]): Promise<Load> {
  const page = await context.newPage()
  await page.goto(server.url + at.path, { waitUntil: 'commit' })
  await page.locator(at.ready).first().waitFor()
  const measured = await page.evaluate<Load>(MEASURE_LOAD)
  await page.close()
  return measured
}

/** From the key going down to the rows being other ones, in the list of orders; the pause for the hand included. */
async function measureKeystrokes(on: On, times: number): Promise<number[]> {
  const context = await visit(on)
  const page = await context.newPage()
  await page.goto(`${on.server.url}/orders`)
  await page.locator('[role=grid] .r').first().waitFor()
  await page.keyboard.press('/')
  const found: number[] = []
  for (let i = 0; i < times; i++) {
    const answered = page.waitForResponse(response => new URL(response.url()).searchParams.has('q'))
    const pressed = performance.now()
    await page.keyboard.press(String(i % 10))
    await answered
    await page.evaluate(TWO_FRAMES)
    found.push(performance.now() - pressed)
    await page.keyboard.press('Backspace')
    await page.waitForURL(url => !url.searchParams.has('q'))
  }
  await context.close()
  return found
}

interface Memory {
  /** MB of the JavaScript heap, garbage taken away. */
  readonly before: number
  readonly after: number
  readonly nodes: number
}

async function measureMemory(on: On, events: number): Promise<Memory> {
  const context = await visit(on)
  const page = await context.newPage()
  await page.goto(on.server.url)
  await page.locator('.kpi').first().waitFor()
  const session = await context.newCDPSession(page)
  const client = new Client(on.server, IN_FLIGHT)
  try {
    // The first events fill what is kept on purpose: the feed, the caches.
    await send(client, 'w', 100)
    const before = await heapOf(session)
    await send(client, 'm', Math.ceil(events / EVENTS_PER_ORDER))
    await page.locator('.feed li').first().waitFor()
    const after = await heapOf(session)
    const nodes = await page.evaluate<number>('document.querySelectorAll("*").length')
    return { before, after, nodes }
  } finally {
    client.close()
    await context.close()
  }
}

async function send(client: Client, prefix: string, orders: number): Promise<void> {
  for (let from = 0; from < orders; from += PORTION) {
    const count = Math.min(PORTION, orders - from)
    const batches = batchesTogether(from, count, { prefix, now: Date.now() })
    await postEvents(client, batches, IN_FLIGHT)
  }
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

const loadFigures = ({ name, cold, warm }: Loads): Figure[] => [
  { name: `${name}: first paint, cold`, unit: 'ms', value: median(cold.map(l => l.paint)), aim: { most: 1000 } },
  { name: '  rows on the screen, cold', unit: 'ms', value: median(cold.map(l => l.ready)), aim: { most: 2000 } },
  { name: '  rows on the screen, again', unit: 'ms', value: median(warm.map(l => l.ready)), aim: { most: 1000 } },
  { name: '  loaded, cold', unit: 'kB', value: median(cold.map(l => l.bytes)) / 1000 },
]

const keyFigures = (times: readonly number[]): Figure[] => [
  { name: 'filter keystroke to rows, p50', unit: 'ms', value: quantile(times, 0.5), aim: { most: 400 } },
  { name: '  p95', unit: 'ms', value: quantile(times, 0.95) },
]

const memoryFigures = ({ before, after, nodes }: Memory, events: number): Figure[] => [
  { name: 'heap of the cockpit', unit: 'MB', value: before },
  { name: `  after ${events} live events`, unit: 'MB', value: after, aim: { most: before + 30 } },
  { name: '  elements in the page', unit: '', value: nodes, aim: { most: 4000 } },
]

const FIRST_LOAD = 300_000

const sizeFigures = ({ first, parts }: Sizes): Figure[] => [
  { name: 'first load, gzipped', unit: 'kB', value: first / 1000, aim: { most: FIRST_LOAD / 1000 } },
  ...parts
    .filter(({ name }) => /page|chart/.test(name))
    .map(({ name, bytes }) => ({ name: `  + ${name.replace(/^src\//, '')}`, unit: 'kB', value: bytes / 1000 })),
]

const notesOf = (size: 'quick' | 'full'): string[] => [
  `${ORDERS[size]} orders of a year, a tenth as many cases; the browser, the server and PostgreSQL share the machine`,
  'cold: nothing in the cache; the 150 ms for which the search waits for the hand to rest are in the keystroke',
  `live events are sent as fast as they are taken; ${EVENTS} are what an hour at 50 a second brings`,
]
