import { DAY, HOUR, type Instant, MINUTE } from '../../src/kernel/instant.ts'

/** Open orders that wait for an instant: at `due`, and not a millisecond earlier, a rule begins to hold for them. */

/** What they wait for, and how many of 20 orders do. */
export const KINDS = [
  { kind: 'card', of20: 10 },
  { kind: 'handover', of20: 5 },
  { kind: 'transit', of20: 5 },
] as const

export type Kind = (typeof KINDS)[number]['kind']

/** The kind of order `n`, so that each 20 orders in a row have the shares above. */
export function kindOf(n: number): Kind {
  let left = (n * 7) % 20
  for (const { kind, of20 } of KINDS) {
    if (left < of20) return kind
    left -= of20
  }
  return 'card'
}

const CITIES = [
  ['上海', '上海'],
  ['杭州', '浙江'],
  ['广州', '广东'],
  ['成都', '四川'],
] as const
const NAMES = ['王伟', '李娜', '张敏', '刘洋', '陈静', '杨强']

export interface OpenOrder {
  readonly kind: Kind
  readonly orderNo: string
  /** Which of many customers, products and places it has. */
  readonly seed: number
  readonly due: Instant
}

/**
 * When each kind was paid, before `due`; see `packs/core.yaml` for the limits. Approved orders were paid long enough ago
 * that all their events have been, and short enough that the approval was not late.
 */
export const PAID_BEFORE: Readonly<Record<Kind, number>> = {
  card: DAY + 1,
  handover: 32 * HOUR,
  transit: 32 * HOUR,
}

/** The events of an order as a sender gives them, in their order. */
export function eventsOf({ kind, orderNo, seed, due }: OpenOrder): object[] {
  const paidAt = due - PAID_BEFORE[kind]
  const ref = { orderNo }
  const parcel = { ref: { ...ref, trackingNo: `SF${orderNo}`, carrier: 'shunfeng' } }
  const steps: [string, Instant, object][] = [
    ['order.placed', paidAt - 20 * MINUTE, { ref, ...placed({ kind, seed, due }) }],
    ['payment.received', paidAt, { ref: { ...ref, paymentId: `P${orderNo}` }, ...payment(seed) }],
  ]
  if (kind === 'handover' || kind === 'transit') steps.push(['order.approved', paidAt + HOUR, { ref }])
  if (kind === 'transit') {
    steps.push(['parcel.handed_over', paidAt + 8 * HOUR, parcel])
    steps.push(['parcel.in_transit', paidAt + 12 * HOUR, { ...parcel, place: { name: '转运中心', city: '武汉' } }])
  }
  return steps.map(([type, time, data], i) => ({
    specversion: '1.0',
    id: `${orderNo}-${i}`,
    source: '/channels/bench',
    type,
    time: new Date(time).toISOString(),
    data,
  }))
}

const linesOf = (seed: number) =>
  Array.from({ length: 2 + (seed % 2) }, (_, i) => ({
    lineNo: String(i + 1),
    sku: `SKU-${(seed * 7 + i * 13) % 500}`,
    name: `商品 ${(seed * 7 + i * 13) % 500}`,
    qty: 1 + (seed % 3),
    price: 1999 + seed * 100,
  }))

function payment(seed: number): object {
  const amount = linesOf(seed).reduce((sum, l) => sum + l.qty * l.price, 0)
  return { method: 'card', amount, currency: 'CNY' }
}

function placed({ kind, seed, due }: Omit<OpenOrder, 'orderNo'>): object {
  const [city, region] = CITIES[seed % CITIES.length]!
  const name = NAMES[seed % NAMES.length]!
  const phone = `138${String(seed).padStart(8, '0')}`
  const lines = linesOf(seed)
  // Handed over late from the millisecond after `shipBy`; a transit is at risk from two days before the promise ends.
  const limited = kind === 'handover' ? lines.map(l => ({ ...l, shipBy: new Date(due - 1).toISOString() })) : lines
  const to = kind === 'transit' ? due - 1 + 2 * DAY : due + 6 * DAY
  return {
    currency: 'CNY',
    lines: limited,
    customer: { id: `C${seed}`, name, phone },
    shipTo: { name, phone, line1: `人民路 ${seed} 号`, city, region, country: 'CN' },
    promise: { to: new Date(to).toISOString(), zone: 'Asia/Shanghai', grain: 'instant' },
  }
}
