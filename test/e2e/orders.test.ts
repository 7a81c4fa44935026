import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { event } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole()
const { api } = console

const NOW = Date.now()
const ago = (hours: number): string => isoOf(NOW - hours * HOUR)
const of = (orderNo: string, type: string, hours: number, data: object = {}): object =>
  event(type, { ref: { orderNo }, ...data }, { time: ago(hours) })

/** An order that stands in the warehouse beyond its day of dispatch. */
const LATE = 'SO-2611-084213'
const lines = [
  { sku: 'AF-50-WH', qty: 2, price: 129900, shipBy: ago(16) },
  { sku: 'BK-12', qty: 1, price: 12900, discount: 12900, shipBy: ago(16) },
]
await api.tell(
  of(LATE, 'order.placed', 34, {
    ...{ currency: 'CNY', lines, customer: { name: '李文芳', phone: '13812345678', tier: 'gold' } },
    shipTo: { region: '浙江', city: '杭州', country: 'CN' },
    promise: { grain: 'instant', to: isoOf(NOW + 55 * HOUR), zone: 'Asia/Shanghai' },
  }),
  of(LATE, 'order.confirmed', 34),
  of(LATE, 'payment.received', 33.9, { amount: 259800, currency: 'CNY', method: 'wallet' }),
  of(LATE, 'order.approved', 33.8),
  of(LATE, 'order.allocated', 33.5),
  of(LATE, 'fulfilment.picking_started', 26),
  of(LATE, 'fulfilment.packed', 24),
)
const { body: found } = await api.get<{ items: { id: string }[] }>(`/v1/orders?q=${LATE}`)
const id = found.items[0]!.id

for (const look of LOOKS) {
  test(`the page of an order: ${look.language} ${look.theme}`, async () => {
    const page = await console.open(`/orders/${id}`, look)
    await page.getByRole('heading', { name: LATE }).waitFor()
    await page.getByText('AF-50-WH').waitFor()
    await page.getByRole('slider').waitFor()
    await shoot(page, `order-${look.language}-${look.theme}`)
    await assertAccessible(page, 'an order')
    await page.keyboard.press('l')
    await page.getByRole('dialog').waitFor()
    await page.getByRole('dialog').getByRole('button').nth(3).click()
    await shoot(page, `order-ledger-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the ledger of an order')
  })
}

test('the past by keyboard: fact by fact back, as it was known, and back to now', async () => {
  console.expectFault(/orders.*status of 404/)
  const page = await console.open(`/orders/${id}`)
  await page.getByText('9 条事实').waitFor()
  for (let i = 0; i < 3; i++) await page.keyboard.press('[')
  await page.getByText('第 6 / 9 条').waitFor()
  await page.getByText('过去的样子，只读').waitFor()
  await page.getByText('当时没有工单').waitFor()
  assert.match(page.url(), /at=/)
  await page.keyboard.press(']')
  await page.getByText('第 7 / 9 条').waitFor()
  // Nothing of it was known before today: the messages came all at once.
  await page.getByText('当时已知').click()
  await page.getByText('那一刻还没有这张订单').waitFor()
  await page.getByRole('button', { name: '回到现在' }).click()
  await page.getByRole('button', { name: '备注' }).waitFor()
  assert.doesNotMatch(page.url(), /at=/)
})

test('the slider stands where the hand leaves it, and the arrow keys move it', async () => {
  const page = await console.open(`/orders/${id}`)
  const slider = page.getByRole('slider')
  await page.getByText('9 条事实').waitFor()
  const box = (await slider.boundingBox())!
  await page.mouse.click(box.x + box.width / 2, box.y + 10)
  await page.getByText('过去的样子，只读').waitFor()
  const value = Number(await slider.getAttribute('aria-valuenow'))
  assert.ok(value >= 48 && value <= 52, String(value))
  await slider.focus()
  await page.keyboard.press('End')
  await page.getByText('9 条事实').waitFor()
  await page.keyboard.press('Home')
  await page.getByText('第 2 / 9 条').waitFor()
})

test('a note is written by keyboard and stands in the ledger', async () => {
  await api.tell(of('NOTED', 'order.placed', 1, { currency: 'CNY', lines: [{ sku: 'A', qty: 1, price: 100 }] }))
  const { body } = await api.get<{ items: { id: string }[] }>('/v1/orders?q=NOTED')
  const page = await console.open(`/orders/${body.items[0]!.id}`)
  await page.getByText('条事实').waitFor()
  await page.keyboard.press('c')
  await page.getByRole('textbox', { name: '备注内容' }).fill('客户来电，明天再送')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: /添加备注/ }).waitFor()
})

test('an order that is not there says so; one whose answer fails can be tried again', async () => {
  console.expectFault(/status of 404/)
  const page = await console.open('/orders/o-00000000000000000000000000')
  await page.getByText('没有找到订单').waitFor()
  assert.equal(await page.getByRole('button', { name: '重试' }).count(), 0, 'asking again would not help')
  console.expectFault(/status of 503/)
  const broken = await console.open('/orders')
  await broken.route(`**/v1/orders/${id}*`, route => route.fulfill({ status: 503, body: '' }))
  await broken.goto(`${console.url}/orders/${id}`)
  const retry = broken.getByRole('main').getByRole('button', { name: '重试' }).first()
  await retry.waitFor()
  await broken.unroute(`**/v1/orders/${id}*`)
  await retry.click()
  await broken.getByRole('heading', { name: LATE }).waitFor()
})

test('hostile content: long names, right-to-left text, script, 0 and 10^9, 500 lines', async () => {
  const script = '<script>window.broken=1</script><img src=x onerror="window.broken=1">'
  const many = Array.from({ length: 500 }, (_, i) => ({
    ...{ sku: `${script.slice(0, 40)}${i}`, qty: i === 0 ? 1000 : 1, price: i === 1 ? 1_000_000_000 : 0 },
    seller: 'שלום עולם مرحبا بالعالم '.repeat(4).trim(),
  }))
  const orderNo = `${'9'.repeat(100)}`
  await api.tell(
    of(orderNo, 'order.placed', 2, {
      ...{ currency: 'CNY', lines: many, customer: { name: `${script} ${'长'.repeat(60)}`, tier: 'مرحبا' } },
      shipTo: { region: script, city: 'שלום '.repeat(10).trim(), country: 'CN' },
    }),
  )
  const { body } = await api.get<{ items: { id: string }[] }>(`/v1/orders?q=${orderNo}`)
  for (const look of LOOKS.slice(0, 3)) {
    const page = await console.open(`/orders/${body.items[0]!.id}`, look)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText('10,000,000.00').first().waitFor()
    assert.equal(await page.evaluate(() => Reflect.get(window, 'broken')), undefined)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `the page is ${wide} px too wide`)
    await shoot(page, `order-hostile-${look.language}-${look.theme}`)
  }
})

test('a narrow window: the side column goes under, nothing is cut off', async () => {
  const page = await console.open(`/orders/${id}`, { width: 820, height: 1100 })
  await page.getByText('AF-50-WH').waitFor()
  await shoot(page, 'order-narrow')
  const main = page.getByRole('main')
  const wide = await main.evaluate(element => element.scrollWidth - element.clientWidth)
  assert.ok(wide <= 0, `the page is ${wide} px too wide`)
})

test('the list of orders: moved through and opened by keyboard, searched by any number, filtered, its address shared', async () => {
  for (let i = 0; i < 30; i++) {
    const more = i % 3 === 0 ? { shipTo: { region: '广东', city: '深圳', country: 'CN' } } : {}
    await api.tell(
      of(`L-${i}`, 'order.placed', i + 40, { currency: 'CNY', lines: [{ sku: 'X', qty: 1, price: 100 * i }], ...more }),
    )
  }
  const page = await console.open('/orders')
  const grid = page.getByRole('grid')
  await grid.getByText(LATE).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('slider').waitFor()
  // From one order to the next without going back to the list.
  const first = page.url()
  await page.getByText(/^第 2 \/ /).waitFor()
  await page.keyboard.press('j')
  await page.getByText(/^第 3 \/ /).waitFor()
  await page.keyboard.press('k')
  await page.getByText(/^第 2 \/ /).waitFor()
  assert.equal(page.url(), first)
  await page.getByRole('navigation').getByRole('link', { name: '订单' }).click()
  await grid.waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('L-17')
  await page.waitForURL(/q=L-17/)
  await page.getByText('1 单', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('f')
  await page.getByRole('dialog').getByLabel('已签收').check()
  await page.getByRole('button', { name: '应用' }).click()
  await page.getByText('没有符合的订单').waitFor()
  await page.getByRole('main').getByRole('button', { name: '清除筛选' }).first().click()
  await grid.getByText(LATE).waitFor()
  const shared = await console.open(`/orders?region=${encodeURIComponent('广东')}`)
  await shared.getByText('10 单', { exact: true }).waitFor()
})

for (const look of LOOKS) {
  test(`the list of orders: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/orders', look)
    await page.getByRole('grid').getByText(LATE).waitFor()
    await shoot(page, `orders-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the list of orders')
    await page.keyboard.press('f')
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page, 'the filters of orders')
  })
}

test('columns that were hidden stay hidden', async () => {
  const page = await console.open('/orders')
  await page.getByRole('columnheader', { name: '承运商' }).waitFor()
  await page.getByRole('button', { name: '列' }).click()
  await page.getByRole('dialog').getByLabel('承运商').uncheck()
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: '承运商' }).waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('grid').getByText(LATE).waitFor()
  assert.equal(await page.getByRole('columnheader', { name: '承运商' }).count(), 0)
})
