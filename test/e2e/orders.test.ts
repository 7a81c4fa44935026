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
assert.ok(id)
