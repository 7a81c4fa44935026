import { MINUTE } from '../../src/kernel/instant.ts'

/** Orders that go well: 12 events, 2.2 lines on average, one parcel, paid in full, no finding. Made by number alone. */

export const EVENTS_PER_ORDER = 12
const STEPS = [
  'order.placed',
  'payment.received',
  'order.approved',
  'order.allocated',
  'fulfilment.picking_started',
  'fulfilment.packed',
  'parcel.handed_over',
  'parcel.in_transit',
  'parcel.arrived_at_hub',
  'parcel.out_for_delivery',
  'parcel.delivered',
  'review.received',
] as const

const DAY = 24 * 60 * MINUTE
const CITIES = [
  ['上海', '上海'],
  ['杭州', '浙江'],
  ['广州', '广东'],
  ['深圳', '广东'],
  ['成都', '四川'],
  ['武汉', '湖北'],
] as const
const SURNAMES = '王李张刘陈杨赵黄周吴'
const GIVEN = '伟芳娜敏静强磊洋艳勇杰娟涛明超'

export interface Series {
  /** Starts every order number, so that series in one database do not meet. */
  readonly prefix: string
  /** Epoch ms that the last events are before; everything happened in the 90 minutes until then. */
  readonly now: number
}

const linesOf = (order: number) =>
  Array.from({ length: order % 5 === 0 ? 3 : 2 }, (_, i) => ({
    lineNo: String(i + 1),
    sku: `SKU-${(order * 7 + i * 13) % 5000}`,
    name: `商品 ${(order * 7 + i * 13) % 5000}`,
    qty: 1 + (order % 3),
    price: 1999 + (order % 50) * 100,
  }))

const totalOf = (order: number): number => linesOf(order).reduce((sum, l) => sum + l.qty * l.price, 0)

function dataOf(order: number, step: number, { prefix, now }: Series): object {
  const ref = { orderNo: `${prefix}${order}` }
  const type = STEPS[step]!
  const parcel = { ref: { ...ref, trackingNo: `SF${prefix}${order}`, carrier: 'shunfeng' } }
  switch (type) {
    case 'order.placed':
      return placed(order, ref, now)
    case 'payment.received':
      return {
        ref: { ...ref, paymentId: `P${prefix}${order}` },
        method: order % 4 === 0 ? 'wallet' : 'card',
        amount: totalOf(order),
        currency: 'CNY',
      }
    case 'order.allocated':
      return { ref, warehouse: `WH${order % 8}` }
    case 'review.received':
      return { ref, score: 5, reviewId: `R${prefix}${order}` }
    case 'parcel.in_transit':
    case 'parcel.arrived_at_hub':
      return { ...parcel, place: { name: '转运中心', city: CITIES[order % CITIES.length]![0] } }
    default:
      return type.startsWith('parcel.') ? parcel : { ref }
  }
}

function placed(order: number, ref: object, now: number): object {
  const [city, region] = CITIES[order % CITIES.length]!
  const name = `${SURNAMES[order % SURNAMES.length]}${GIVEN[order % GIVEN.length]}${GIVEN[(order * 7) % GIVEN.length]}`
  const phone = `138${String(order % 100_000_000).padStart(8, '0')}`
  const customer = { id: `C${order % 40_000}`, name, phone }
  const shipTo = { name, phone, line1: `人民路 ${order % 900} 号`, city, region, country: 'CN' }
  const to = new Date(now + 5 * DAY).toISOString().slice(0, 10)
  const promise = { to, zone: 'Asia/Shanghai', grain: 'day' }
  return { ref, currency: 'CNY', lines: linesOf(order), customer, shipTo, promise }
}

/** One event as a sender gives it. Steps are 7 minutes apart, orders a few milliseconds. */
export function eventOf(order: number, step: number, series: Series): object {
  const at = series.now - 90 * MINUTE + step * 7 * MINUTE + (order % 60_000)
  return {
    specversion: '1.0',
    id: `${series.prefix}${order}-${step}`,
    source: '/channels/bench',
    type: STEPS[step],
    time: new Date(at).toISOString(),
    data: dataOf(order, step, series),
  }
}

const BATCH = 100
const WHOLE_ORDERS = Math.floor(BATCH / EVENTS_PER_ORDER)

const bodyOf = (events: readonly object[]): Buffer => Buffer.from(JSON.stringify(events))

/** Bodies of at most 100 events that hold whole orders: an order's events arrive together. */
export function batchesTogether(from: number, count: number, series: Series): Buffer[] {
  const batches: Buffer[] = []
  for (let first = from; first < from + count; first += WHOLE_ORDERS) {
    const orders = range(first, Math.min(first + WHOLE_ORDERS, from + count))
    batches.push(bodyOf(orders.flatMap(o => range(0, EVENTS_PER_ORDER).map(k => eventOf(o, k, series)))))
  }
  return batches
}

/** For each of the 12 steps the bodies of 100 events that bring it to all orders. */
export function batchesByStep(from: number, count: number, series: Series): Buffer[][] {
  return range(0, EVENTS_PER_ORDER).map(step => {
    const batches: Buffer[] = []
    for (let first = from; first < from + count; first += BATCH)
      batches.push(
        bodyOf(range(first, Math.min(first + BATCH, from + count)).map(order => eventOf(order, step, series))),
      )
    return batches
  })
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
