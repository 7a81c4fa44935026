import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { event, type Of } from '../http/api.ts'
import { until } from '../pipeline/world.ts'
import { assertAccessible, openConsole, shoot } from './console.ts'
import { type Ids, routesOfConsole, SHADOWED, VIEWS, type View, WITHOUT } from './views.ts'
import { tellWorld } from './world.ts'

/** Every view in its four states, and with content that means harm. */

const console = await openConsole()
const { api } = console
const LONG_NUMBER = '8'.repeat(95)
const SCRIPT = '<script>window.broken=1</script><img src=x onerror="window.broken=1">'
const ARABIC = 'مرحبا بالعالم '
const NOW = Date.now()
const NOWHERE = '0'.repeat(26)
let ids: Ids = { case: '', order: '' }

test('every route of the console is among the views, or it is said why not', () => {
  const told = [...VIEWS.map(view => view.route), ...Object.keys(WITHOUT)]
  assert.deepEqual(told.toSorted(), routesOfConsole().toSorted())
})

for (const { route, at, empty, signedOut } of VIEWS)
  if (empty !== undefined)
    test(`empty, ${route} says why`, async () => {
      // The address of something that is not there.
      if (empty.at?.includes(NOWHERE)) console.expectFault(new RegExp(`${NOWHERE}: .*status of 404`))
      const page = await console.open(empty.at ?? (typeof at === 'string' ? at : route), { signedOut })
      const main = page.getByRole('main')
      await main.getByText(empty.says).first().waitFor()
      if (empty.verb)
        await main
          .getByRole('button', { name: empty.verb })
          .or(main.getByRole('link', { name: empty.verb }))
          .first()
          .waitFor()
      await assertAccessible(page, `${route} without anything`)
    })

test('a world of content that means harm is taken in', async () => {
  const line = (i: number): object => ({
    ...{ sku: `SKU-${i}`, name: i % 2 ? `${SCRIPT}${i}` : `${ARABIC.repeat(15)}${i}`, qty: 1 },
    price: i === 0 ? 1_000_000_000 : 0,
  })
  const bad = [
    { no: 'HARM-500', lines: Array.from({ length: 500 }, (_, i) => line(i)) },
    { no: LONG_NUMBER, lines: [] },
    { no: 'HARM-<b>2</b>', lines: [] },
  ]
  const told = bad.map(({ no, lines }, i) =>
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
  await tellWorld(api)
  await shadowRule()
  await api.post('/v1/baselines/learn', {})
  const roles = [{ role: 'logistics' }]
  const invited = await api.post('/v1/people', { name: SCRIPT, mail: 'harm@example.com', teams: [], roles })
  assert.equal(invited.status, 201)
  await api.post('/v1/keys', { handle: 'shop-sync', name: `${SCRIPT}${ARABIC}`, rights: ['event.write'] })
  await until(async () => (await api.get<Of<'listBaselines'>>('/v1/baselines')).body.version !== null)
  const orders = await api.get<Of<'listOrders'>>('/v1/orders?q=HARM-500')
  const cases = await api.get<Of<'listCases'>>(`/v1/cases?order=${encodeURIComponent('HARM-<b>2</b>')}`)
  ids = { order: orders.body.items[0]!.id, case: cases.body.items[0]!.id }
})

/** Somebody's rule with names that mean harm, run beside the others. */
async function shadowRule(): Promise<void> {
  const text = {
    ...{
      name: { zh: `${SCRIPT}${'长'.repeat(40)}`, en: `${SCRIPT}${ARABIC.repeat(3)}` },
      reason: { zh: SCRIPT, en: ARABIC },
    },
    ...{ when: 'order.cancelled', type: SHADOWED, severity: 'P3', clears: 'auto', constants: [] },
    examples: [true, false].map(cancelled => ({ now: 1, holds: cancelled, facts: { order: { cancelled } } })),
  }
  const saved = await api.post(`/v1/rules/${SHADOWED}/draft`, { text, reason: SCRIPT, seen: null })
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
  await api.post(`/v1/rules/${SHADOWED}/move`, { version: 1, to: 'shadow', reason: ARABIC.repeat(10).trim() })
  await until(async () => (await api.get<Of<'getRule'>>(`/v1/rules/${SHADOWED}`)).body.shadow === 1)
}

const addressOf = ({ route, at = route }: View): string => (typeof at === 'string' ? at : at(ids))
const nameOf = (view: View): string => view.route.slice(1).replaceAll(/[/$]+/g, '-') || 'cockpit'

/** Nothing of it ran, and only regions scroll sideways. */
async function assertHarmless(page: Page, where: string): Promise<void> {
  assert.equal(await page.evaluate(() => Reflect.get(window, 'broken')), undefined, where)
  const wide = (): Promise<number> =>
    page.evaluate(() =>
      Math.max(
        ...[document.documentElement, ...document.querySelectorAll('#main')].map(p => p.scrollWidth - p.clientWidth),
      ),
    )
  // What is drawn while parts of the page are still coming is nobody's view.
  await until(async () => (await wide()) <= 0).catch(() => {})
  assert.ok((await wide()) <= 0, `${where} is ${await wide()} px too wide`)
}

for (const view of VIEWS)
  test(`with data that means harm: ${view.route}`, async () => {
    const { signedOut } = view
    // Who works in these tests has no account of their own.
    if (view.route === '/account') console.expectFault(/account: .*status of 404/)
    const page = await console.open(addressOf(view), { language: 'en', theme: 'dark', signedOut })
    await page.locator(view.ready).first().waitFor()
    await assertHarmless(page, view.route)
    await shoot(page, `harm-${nameOf(view)}-en-dark`)
    await page.setViewportSize({ width: 768, height: 1000 })
    await assertHarmless(page, `${view.route}, narrow`)
    await assertAccessible(page, `${view.route} with data that means harm, narrow`)
    await shoot(page, `harm-${nameOf(view)}-narrow`)
  })

test('the reason of a rule for an order whose number is one long word stays in its pane', async () => {
  const page = await console.open('/rules/new', { language: 'en' })
  await page.getByRole('button', { name: 'Another order' }).click()
  await page.getByRole('searchbox', { name: 'Order number' }).fill(LONG_NUMBER)
  await page.getByRole('dialog').getByRole('button', { name: LONG_NUMBER }).click()
  await page.getByRole('link', { name: LONG_NUMBER }).waitFor()
  await assertHarmless(page, 'a long number')
  await page.setViewportSize({ width: 768, height: 1000 })
  await assertHarmless(page, 'a long number, narrow')
})

test('an order with 500 lines, script and right-to-left names: names stand in their lines', async () => {
  const page = await console.open(`/orders/${ids.order}`)
  await page.getByText('10,000,000.00').first().waitFor()
  await page.getByRole('cell', { name: ARABIC.trim() }).first().waitFor()
  await page.getByRole('cell', { name: '<script>' }).first().waitFor()
})

for (const view of VIEWS)
  test(`loading and failing, ${view.route} says so and comes back`, async () => {
    console.expectFault(/status of 503/)
    // Somewhere that asks for none of it.
    const page = await console.open(view.signedOut ? '/forgot' : '/no-such-page', { signedOut: view.signedOut })
    const held = Promise.withResolvers<void>()
    await page.route(view.asks, async route => {
      await held.promise
      await route.fulfill({ status: 503, contentType: 'text/plain', body: 'away' })
    })
    await page.goto(console.url + addressOf(view))
    const main = page.getByRole('main')
    await main.locator('.bars i').first().waitFor()
    await shoot(page, `loading-${nameOf(view)}`)
    held.resolve()
    const retry = main.getByRole('button', { name: '重试' }).first()
    await retry.waitFor()
    await assertAccessible(page, `${view.route} when it failed`)
    await shoot(page, `failed-${nameOf(view)}`)
    await page.unroute(view.asks)
    const back = main.getByRole('alert').first().waitFor({ state: 'detached' })
    // A page that also asks by itself may be back before the click.
    await Promise.any([retry.click(), back])
    await back
    await main.locator(view.ready).first().waitFor()
  })
