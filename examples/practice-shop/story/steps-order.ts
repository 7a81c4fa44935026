import { DAY, HOUR, MINUTE, nextOf, SECOND, WAREHOUSE_HOURS, within } from './calendar.ts'
import type { Moment, Outcome, Planned, Said, Take } from './moment.ts'
import { officeTime } from './orders.ts'
import { broken, buyerOf } from './people.ts'
import { bothRefs, carrierSays, channelSays, erpSays, linesOf, paymentSays, warehouseSays } from './says.ts'
import type { Life, Step } from './types.ts'

/** From the order to the hand-over. */

/** When the carriers' trucks leave a warehouse, ms since midnight. */
const TRUCKS = [9.5, 11.5, 13.5, 15.5, 17.5, 19.5, 21.5].map(hour => hour * HOUR)
/** An order that was never paid is cancelled after this. */
const PATIENCE = 24 * HOUR
const SLIP_PATIENCE = 7 * DAY

const place: Take = moment => {
  const { life, at, n, world } = moment
  const { order } = life
  const message = channelSays(life, 'order.placed', contentOf(moment))
  if (order.trouble === 'malformed' && n === 0)
    return {
      says: [{ ...message, data: spoiled(message.data), broken: true }],
      next: [{ step: 'place', at: at + 9 * MINUTE, n: 1 }],
    }
  const late = order.trouble === 'no_items' || world.is('missing_items', order.channel, at)
  if (late) life.lines = []
  const next: Planned[] = [...ways(moment)]
  if (late) next.push({ step: 'items', at: at + moment.chance.between(150, 330) * MINUTE })
  return { says: [late ? { ...message, data: { ...message.data, lines: [] } } : message], next }
}

function contentOf({ life, at, world }: Moment) {
  const { order } = life
  if (order.trouble === 'bad_address' || world.is('address_errors', order.channel, at)) {
    life.did.add('bad_address')
    life.shipTo = broken(order.shipTo)
  }
  return {
    ...{ currency: order.currency, lines: linesOf(life, order.lines), freight: order.freight },
    ...{ customer: order.customer, shipTo: life.shipTo },
    promise: { grain: 'day', to: order.promiseDay, zone: order.promiseZone },
    paymentMethod: order.method,
  }
}

/** A price that no order can have. */
const spoiled = (data: object): object => ({ ...data, freight: -800 })

/** What follows when an order is there: money, and perhaps a change of mind. */
function* ways({ life, at, chance }: Moment): Generator<Planned> {
  const { method, trouble } = life.order
  const pays: { readonly [m in typeof method]: () => number } = {
    card: () => chance.skewed(10, 240) * SECOND,
    wallet: () => chance.skewed(6, 120) * SECOND,
    slip: () => officeTime(at, chance.between(3, 12) * HOUR) - at,
    transfer: () => officeTime(at, chance.skewed(1, 10) * HOUR) - at,
    cod: () => chance.between(20, 90) * SECOND,
  }
  yield { step: method === 'cod' ? 'approve' : 'pay', at: at + pays[method]() }
  if (trouble === 'changes_mind') yield { step: 'cancel', at: at + chance.skewed(8, 200) * MINUTE }
  if (trouble === 'new_address') yield { step: 'readdress', at: at + chance.skewed(5, 60) * MINUTE }
}

const items: Take = ({ life }) => {
  if (life.lines.length > 0) return {}
  life.lines = life.order.lines
  return { says: [channelSays(life, 'order.edited', { lines: linesOf(life, life.lines), by: 'platform' })] }
}

const REASONS = ['余额不足', '银行拒绝', '支付超时', '客户中断支付'] as const

const pay: Take = moment => {
  const { life, at, n, chance, world } = moment
  const { order } = life
  const patient = order.method === 'slip' || order.method === 'transfer'
  if (order.trouble === 'never_pays')
    return { next: [{ step: 'give_up', at: at + (patient ? SLIP_PATIENCE : PATIENCE) }] }
  const outage =
    order.method === 'card' ? world.until('payment_outage', 'cards', at) : world.until('payment_outage', 'wallets', at)
  const down = patient ? null : outage
  if (down !== null || (order.trouble === 'pays_later' && n === 0)) {
    const again = down === null ? at + chance.between(40, 300) * MINUTE : down + chance.skewed(3, 90) * MINUTE
    const reason = down === null ? chance.pick(REASONS) : '支付通道不可用'
    const failed = paymentSays(life, 'payment.failed', {
      method: order.method,
      reason,
      amount: order.total,
      currency: order.currency,
    })
    return { says: [failed], next: [{ step: 'pay', at: again, n: n + 1 }] }
  }
  return { says: paid(moment), next: [{ step: 'approve', at: approvedFrom(moment) }] }
}

/** What arrives: all of it, or what the channel thought that it costs. */
function paid({ life, at, chance, world }: Moment): Said[] {
  const { order } = life
  const short = order.trouble === 'underpaid' || world.is('price_conflict', order.channel, order.placedAt)
  const amount = short ? Math.round(order.total * (0.75 + chance.real() * 0.17)) : order.total
  life.paid += amount
  life.stage = 'paid'
  const money = { amount, currency: order.currency, method: order.method }
  const received = paymentSays(life, 'payment.received', { ...money, payer: order.customer.name, sequence: 1 })
  if (order.method !== 'card') return [received]
  return [{ ...paymentSays(life, 'payment.authorised', { ...money, sequence: 1 }), time: at - 2 * SECOND }, received]
}

function approvedFrom({ life, at, chance }: Moment): number {
  const { channel, trouble } = life.order
  if (trouble === 'stuck_approval') return at + chance.between(26, 40) * HOUR
  if (channel === 'dealer') return officeTime(at, chance.skewed(20, 240) * MINUTE)
  return at + chance.skewed(15, 300) * SECOND
}

const approve: Take = ({ life, at, chance }) => {
  life.stage = 'approved'
  const byHand = life.order.channel === 'dealer' ? { approver: '财务 何佳' } : {}
  return {
    says: [erpSays(life, 'order.approved', byHand)],
    next: [{ step: 'allocate', at: at + chance.between(5, 60) * SECOND }],
  }
}

const allocate: Take = ({ life, at, chance }) => {
  const slow = life.order.trouble === 'slow_pick' ? chance.between(14, 26) * HOUR : 0
  const wave = within(at, WAREHOUSE_HOURS) + chance.between(12, 65) * MINUTE + slow
  return {
    says: [erpSays(life, 'order.allocated', { warehouse: life.warehouse })],
    next: [{ step: 'pick', at: within(wave, WAREHOUSE_HOURS) }],
  }
}

/** On strike nothing moves; afterwards a queue is worked off. */
function struck({ life, at, n, chance, world }: Moment, step: Step): Outcome | null {
  const end = world.until('warehouse_strike', life.warehouse, at)
  if (end === null) return null
  return { next: [{ step, n, at: within(end + chance.skewed(5, 150) * MINUTE, WAREHOUSE_HOURS) }] }
}

const pick: Take = moment => {
  const { life, at, chance } = moment
  const strike = struck(moment, 'pick')
  if (strike) return strike
  if (life.lines.length === 0) return { next: [{ step: 'pick', at: within(at + 30 * MINUTE, WAREHOUSE_HOURS) }] }
  const missing = shortOf(moment)
  if (missing) return missing
  life.stage = 'picking'
  return {
    says: [warehouseSays(life, 'fulfilment.picking_started')],
    next: [{ step: 'pack', at: at + chance.between(8, 35) * MINUTE }],
  }
}

/** A product that is out of stock: said once, then the order waits for the goods. */
function shortOf({ life, at, chance, world }: Moment): Outcome | null {
  const ends = life.lines.map(line => world.until('stock_out', line.sku, at))
  const end = Math.max(...ends.map(e => e ?? 0))
  if (end === 0) return null
  const next: Planned[] = [{ step: 'pick', at: within(end + chance.skewed(20, 240) * MINUTE, WAREHOUSE_HOURS) }]
  if (life.did.has('short')) return { next }
  life.did.add('short')
  const lines = life.lines.filter((_, i) => ends[i] !== null).map(({ sku, qty }) => ({ sku, qty }))
  return { says: [warehouseSays(life, 'fulfilment.short', { lines, reason: '库位实盘为零' })], next }
}

const pack: Take = moment => {
  const strike = struck(moment, 'pack')
  if (strike) return strike
  const { life, at } = moment
  life.stage = 'packed'
  const label = { ...carrierSays(life, 'parcel.label_created', { service: 'standard' }), lag: 3 * SECOND }
  return {
    says: [
      warehouseSays(life, 'fulfilment.packed', { pieces: 1 }),
      { ...label, data: { ...label.data, ref: bothRefs(life) } },
    ],
    next: [{ step: 'hand_over', at: nextOf(at + 5 * MINUTE, TRUCKS) }],
  }
}

const handOver: Take = moment => {
  const { life, at, chance } = moment
  const strike = struck(moment, 'hand_over')
  if (strike?.next?.[0]) return { next: [{ step: 'hand_over', at: nextOf(strike.next[0].at, TRUCKS) }] }
  life.stage = 'shipped'
  life.handedOverAt = at
  life.lastScanAt = at
  const said = warehouseSays(life, 'parcel.handed_over', { weightG: chance.between(300, 9000) })
  return {
    says: [{ ...said, data: { ...said.data, ref: bothRefs(life) } }],
    next: [{ step: 'collect', at: at + chance.skewed(8, 70) * MINUTE }],
  }
}

const GOODS_GONE: readonly Life['stage'][] = ['packed', 'shipped', 'out', 'delivered', 'over']

const cancel: Take = ({ life, at, chance }) => {
  const asked = channelSays(life, 'order.cancel_requested', { by: 'customer', reason: '不想要了' })
  // Too late to stop it: the wish stands in the ledger, and the goods come back later.
  if (GOODS_GONE.includes(life.stage)) return { says: [asked] }
  return {
    says: [
      asked,
      { ...channelSays(life, 'order.cancelled', { by: 'customer', reason: '不想要了' }), lag: 20 * SECOND },
    ],
    ...endedBy(life, at + chance.between(30, 400) * MINUTE),
  }
}

/** No more of it; what was paid goes back. */
export function endedBy(life: Life, refundAt: number): Outcome {
  life.stage = 'over'
  return { replaces: true, next: life.paid > 0 ? [{ step: 'refund', at: refundAt }] : [] }
}

const giveUp: Take = ({ life, at }) => ({
  says: [channelSays(life, 'order.cancelled', { by: 'platform', reason: '超时未付款' })],
  ...endedBy(life, at),
})

const readdress: Take = ({ life, chance }) => {
  if (GOODS_GONE.includes(life.stage)) return {}
  life.shipTo = buyerOf(chance, 0).address
  life.did.delete('bad_address')
  return { says: [channelSays(life, 'order.edited', { shipTo: life.shipTo, by: 'customer', reason: '客户改地址' })] }
}

const refund: Take = ({ life }) => {
  const { order } = life
  const money = { amount: life.paid, currency: order.currency, method: order.method, refundId: `RF-${order.no}` }
  life.paid = 0
  return { says: [paymentSays(life, 'payment.refunded', { ...money, reason: '取消或退货' })] }
}

export const orderSteps = {
  ...{ place, items, pay, approve, allocate, pick, pack, cancel, readdress, refund },
  give_up: giveUp,
  hand_over: handOver,
} as const
