import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { type Of, placed } from '../http/api.ts'
import { openConsole } from './console.ts'

const console = await openConsole()
let made = 0

// Run in the page, as a text: resolves when its tab is told of a case.
const WHEN_TOLD = `void (told = new Promise(done => {
  new BroadcastChannel('andon.live').onmessage = ({ data }) => data.events.some(e => e.name === 'case') && done()
}))`

/** Makes one more case: an order without lines. */
async function oneMore(): Promise<string> {
  const orderNo = `LIVE-${++made}`
  await console.api.tell(placed(orderNo, { lines: [] }))
  return orderNo
}

test('what changes shows up by itself', async () => {
  const page = await console.open('/')
  await page.getByText(/^实时 · /).waitFor()
  await page
    .getByText(await oneMore())
    .first()
    .waitFor()
})

test('the tabs of a browser share one stream, and go on with it when the tab that held it is closed', async () => {
  const first = await console.open('/')
  await first.getByText(/^实时 · /).waitFor()
  const streams: string[] = []
  first.context().on('request', request => request.url().endsWith('/v1/live') && streams.push(request.url()))
  const second = await first.context().newPage()
  await second.goto(console.url)
  await second.getByText(/^实时 · /).waitFor()
  await second
    .getByText(await oneMore())
    .first()
    .waitFor()
  assert.equal(streams.length, 0, 'the second tab asked for no stream of its own')
  await first.close()
  await second
    .getByText(await oneMore())
    .first()
    .waitFor()
  assert.equal(streams.length, 1)
})

/** From now on the stream does not come to the page. @returns lets it come */
async function holdStream(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/v1/live', async route => {
    await promise
    await route.continue()
  })
  return resolve
}

/** Resolves when the server has made its next answer; the page gets that when what this resolves with is called. */
async function oldAnswer(page: Page, of: RegExp): Promise<{ readonly made: Promise<() => void> }> {
  const { promise: made, resolve: isMade } = Promise.withResolvers<() => void>()
  const { promise: free, resolve: letGo } = Promise.withResolvers<void>()
  const late = async (route: Route): Promise<void> => {
    const response = await route.fetch()
    isMade(letGo)
    await free
    await route.fulfill({ response })
  }
  await page.route(of, late, { times: 1 })
  return { made }
}

test('what changed between the answer that is shown and the first word of a late stream comes too', async () => {
  await oneMore()
  const other = await console.open('/')
  await other.getByText(/^实时 · /).waitFor()
  const page = await console.open('/rules')
  const letGo = await holdStream(page)
  await page.goto(`${console.url}/cases`)
  await page.locator('[role=grid] .r').first().waitFor()
  const before = await page.locator('[role=grid] .r').count()
  const missed = await oneMore()
  // It was told to all who listened, and is told no more.
  await other.getByText(missed).first().waitFor()
  letGo()
  await page.getByText('1 条新工单').waitFor()
  assert.equal(await page.locator('[role=grid] .r').count(), before, 'it waits behind the line')
})

test('what changes about a case while its first answer is under way is shown', async () => {
  const orderNo = await oneMore()
  const { body } = await console.api.get<Of<'listCases'>>(`/v1/cases?order=${orderNo}`)
  const { id } = body.items[0]!
  const page = await console.open('/rules')
  await page.getByText(/^实时 · /).waitFor()
  const read = await oldAnswer(page, new RegExp(`/v1/cases/${id}$`))
  await page.evaluate(WHEN_TOLD)
  await page.evaluate(`history.pushState(null, '', '/cases/${id}')`)
  const letGo = await read.made
  await console.api.post(`/v1/cases/${id}/acknowledge`, {})
  await page.evaluate('told')
  letGo()
  await page.getByRole('heading', { level: 1 }).waitFor()
  // It is asked for again by itself in half a minute, which is too late.
  await page.getByText('已确认').first().waitFor({ timeout: 20_000 })
})

test('a page that is opened while the connection is lost comes as soon as it is back', async () => {
  console.expectFault(/ERR_INTERNET_DISCONNECTED/)
  const page = await console.open('/orders')
  await page.getByText(/^实时 · /).waitFor()
  await page.context().setOffline(true)
  await page.getByText(/^连接已断开 .*正在重连/).waitFor()
  await page.getByRole('link', { name: '系统' }).first().click()
  await page.context().setOffline(false)
  await page.getByText('每个外部系统的消息各是一个数据源').waitFor()
})

test('a lost connection is told with the age of what is shown, and comes back by itself', async () => {
  console.expectFault(/ERR_INTERNET_DISCONNECTED/)
  const page = await console.open('/')
  await page.getByText(/^实时 · /).waitFor()
  // The page is there as a whole; one that is cut off while it loads is another matter.
  await page.getByRole('table', { name: '环节热力图' }).waitFor()
  await page.context().setOffline(true)
  await page.getByText(/^连接已断开 .*正在重连/).waitFor()
  const missed = await oneMore()
  await page.context().setOffline(false)
  await page.getByText(/^实时 · /).waitFor()
  await page.getByText(missed).first().waitFor()
})
