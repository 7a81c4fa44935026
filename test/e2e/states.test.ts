import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { event } from '../http/api.ts'
import { followed } from '../support/followed.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

/** Every view in its four states, and with content that means harm. */

const console = await openConsole()
const { api } = console
const SCRIPT = '<script>window.broken=1</script><img src=x onerror="window.broken=1">'
const ARABIC = 'مرحبا بالعالم '
const NOW = Date.now()

/** Address, what it asks the server for, and what is there when the answer is. */
const VIEWS: readonly (readonly [path: string, asks: string, ready: string])[] = [
  ['/', '**/v1/cockpit*', '.kpi'],
  ['/orders', '**/v1/orders*', '[role=grid] .r'],
  ['/system/feeds', '**/v1/feeds*', 'table tbody tr'],
  ['/system/waiting', '**/v1/quarantine*', 'table tbody tr'],
  ['/system/jobs', '**/v1/jobs*', 'section.pane'],
  ['/system/figures', '**/v1/system*', 'dl.figures'],
  ['/system/about', '**/v1/about*', 'table tbody tr'],
]

const EMPTY: readonly (readonly [path: string, says: string])[] = [
  ['/', '没有未关闭的异常工单'],
  ['/orders', '还没有订单'],
  ['/system/feeds', '还没有收到任何消息'],
  ['/system/waiting', '没有'],
  ['/system/jobs', '还没有长任务'],
]

for (const [path, says] of EMPTY)
  test(`empty, ${path} says why`, async () => {
    const page = await console.open(path)
    await page.getByRole('main').getByText(says).first().waitFor()
    await assertAccessible(page, `${path} without anything`)
  })

test('a world of content that means harm is taken in', async () => {
  const line = (i: number): object => ({
    ...{ sku: `SKU-${i}`, name: i % 2 ? `${SCRIPT}${i}` : `${ARABIC.repeat(15)}${i}`, qty: 1 },
    price: i === 0 ? 1_000_000_000 : 0,
  })
  const orders = [
    { no: 'HARM-500', lines: Array.from({ length: 500 }, (_, i) => line(i)) },
    { no: `${'8'.repeat(95)}`, lines: [] },
    { no: 'HARM-<b>2</b>', lines: [] },
  ]
  const told = orders.map(({ no, lines }, i) =>
    event(
      'order.placed',
      {
        ref: { orderNo: no },
        ...{ currency: 'CNY', lines, customer: { name: `${SCRIPT}${'长'.repeat(80)}`, tier: ARABIC.trim() } },
        shipTo: { region: SCRIPT, city: ARABIC.repeat(6).trim(), country: 'CN' },
        promise: { grain: 'instant', to: isoOf(NOW + 50 * HOUR), zone: 'Asia/Shanghai' },
      },
      { time: isoOf(NOW - 3 * HOUR), source: `/channels/${'a'.repeat(60)}${i}` },
    ),
  )
  await api.tell(...told)
  await api.post('/v1/events', event('order.plced', { note: SCRIPT }, { source: `/channels/${'b'.repeat(60)}` }))
  await api.tell(event('order.approved', { ref: { orderNo: `${SCRIPT.slice(0, 60)}` } }))
  await api.pipeline.drained()
  api.pipeline.projector.poke()
  await followed(api.db)
})

/** Nothing of it ran, and only regions scroll sideways. */
async function assertHarmless(page: Page, where: string): Promise<void> {
  assert.equal(await page.evaluate(() => Reflect.get(window, 'broken')), undefined, where)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, `${where} is ${wide} px too wide`)
}

for (const [path, , ready] of VIEWS)
  test(`with data that means harm: ${path}`, async () => {
    for (const look of [...LOOKS.slice(1, 3), { language: 'en', width: 768, height: 1000 } as const]) {
      const page = await console.open(path, look)
      await page.locator(ready).first().waitFor()
      await assertHarmless(page, path)
      await assertAccessible(page, `${path} with data that means harm`)
      const name = path === '/' ? 'cockpit' : path.slice(1).replace('/', '-')
      await shoot(page, `harm-${name}-${'width' in look ? 'narrow' : `${look.language}-${look.theme}`}`)
    }
  })

test('an order with 500 lines, script and right-to-left names: names stand in their lines', async () => {
  const { body } = await api.get<{ items: { id: string }[] }>('/v1/orders?q=HARM-500')
  const page = await console.open(`/orders/${body.items[0]!.id}`)
  await page.getByText('10,000,000.00').first().waitFor()
  await page.getByRole('cell', { name: ARABIC.trim() }).first().waitFor()
  await page.getByRole('cell', { name: '<script>' }).first().waitFor()
  await assertHarmless(page, 'the order')
  await assertAccessible(page, 'an order with names that mean harm')
  await shoot(page, 'harm-order')
})

for (const [path, asks, ready] of VIEWS) {
  test(`loading and failing, ${path} says so and comes back`, async () => {
    console.expectFault(/status of 503/)
    // Somewhere that asks for none of it.
    const page = await console.open('/no-such-page')
    const held = Promise.withResolvers<void>()
    await page.route(asks, async route => {
      await held.promise
      await route.fulfill({ status: 503, contentType: 'text/plain', body: 'away' })
    })
    await page.goto(console.url + path)
    const main = page.getByRole('main')
    await main.locator('.bars i').first().waitFor()
    await assertAccessible(page, `${path} while it loads`)
    held.resolve()
    const retry = main.getByRole('button', { name: '重试' }).first()
    await retry.waitFor()
    await assertAccessible(page, `${path} when it failed`)
    await page.unroute(asks)
    await retry.click()
    await main.locator(ready).first().waitFor()
  })
}
