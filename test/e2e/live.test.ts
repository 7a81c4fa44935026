import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placed } from '../http/api.ts'
import { openConsole } from './console.ts'

const console = await openConsole()
let made = 0

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
