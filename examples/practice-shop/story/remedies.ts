import { DAY, dateText, dayOf, HOUR, MINUTE, WAREHOUSE_HOURS, within, ZONE } from './calendar.ts'
import type { Moment, Outcome } from './moment.ts'
import { carrierSays, channelSays, erpSays, linesOf, parcelRef, paymentSays } from './says.ts'
import { endedBy } from './steps-order.ts'
import type { Life, Line } from './types.ts'

/**
 * What the world answers when somebody works on a case: the warehouse finds the goods, the customer pays the rest, the
 * carrier looks for the parcel. Each answer comes once for each type of case.
 */
export function remedyOf(type: string, moment: Moment): Outcome {
  const { life } = moment
  if (life.remedied.has(type)) return {}
  life.remedied.add(type)
  const answer = Object.hasOwn(ANSWERS, type) ? ANSWERS[type] : null
  return answer?.(moment) ?? {}
}

type Answer = (moment: Moment) => Outcome

const BEFORE_PICKING: readonly Life['stage'][] = ['placed', 'paid', 'approved']

const approveNow: Answer = ({ life, at }) =>
  life.stage === 'paid' || life.stage === 'placed'
    ? { replaces: true, next: [{ step: 'approve', at: at + MINUTE }] }
    : {}

/** Another warehouse takes it when the goods still lie there; else it goes with the next courier. */
const shipNow: Answer = moment => {
  const { life, at, chance, world } = moment
  const soon = within(at + chance.between(5, 25) * MINUTE, WAREHOUSE_HOURS)
  if (life.stage === 'packed') return { replaces: true, next: [{ step: 'hand_over', at: soon }] }
  if (life.stage === 'picking') return { replaces: true, next: [{ step: 'pack', at: soon }] }
  if (!BEFORE_PICKING.includes(life.stage)) return {}
  if (life.lines.some(line => world.is('stock_out', line.sku, at))) return instead(moment)
  life.warehouse = life.warehouse === 'jiaxing' ? 'wuhan' : 'jiaxing'
  return {
    says: [erpSays(life, 'order.allocated', { warehouse: life.warehouse, correction: true })],
    ...{ replaces: true, next: [{ step: 'pick', at: soon }] },
  }
}

/** The customer takes the new model at the same price, or nothing. */
function instead({ life, at, chance, world }: Moment): Outcome {
  if (chance.chance(0.2))
    return {
      says: [channelSays(life, 'order.cancelled', { by: 'seller', reason: '缺货，客户同意取消' })],
      ...endedBy(life, at + 2 * HOUR),
    }
  const replaced = (line: Line): Line => ({ ...line, sku: `${line.sku}-B`, name: `${line.name}（新款）` })
  life.lines = life.lines.map(line => (world.is('stock_out', line.sku, at) ? replaced(line) : line))
  return {
    says: [
      channelSays(life, 'order.edited', { lines: linesOf(life, life.lines), by: 'seller', reason: '缺货，同价换新款' }),
    ],
    ...{ replaces: true, next: [{ step: 'pick', at: within(at + 10 * MINUTE, WAREHOUSE_HOURS) }] },
  }
}

const payRest: Answer = ({ life }) => {
  const { order } = life
  const rest = order.total - life.paid
  if (rest <= 0 || life.stage === 'over') return {}
  life.paid = order.total
  const money = { amount: rest, currency: order.currency, method: order.method }
  return { says: [paymentSays(life, 'payment.received', { ...money, sequence: 2, payer: order.customer.name })] }
}

const itemsNow: Answer = ({ at }) => ({ next: [{ step: 'items', at: at + MINUTE }] })

/** Found, and on its way the same day; or the customer agrees to wait. */
const lookForIt: Answer = ({ life, at, chance }) => {
  if (life.stage !== 'shipped' && life.stage !== 'out') return {}
  life.did.delete('bad_address')
  life.did.add('absent')
  const says = chance.chance(0.5) ? [laterPromise(life, at)] : []
  return { says, replaces: true, next: [{ step: 'out', at: at + chance.between(20, 150) * MINUTE }] }
}

const laterPromise = (life: Life, at: number) =>
  channelSays(life, 'order.promise_changed', {
    promise: { grain: 'day', to: dateText(dayOf(at) + 4), zone: life.order.promiseZone || ZONE },
    ...{ reason: '客户同意改期', by: 'seller' },
  })

const agreeToLateness: Answer = ({ life, at }) =>
  life.deliveredAt === undefined ? {} : { says: [laterPromise(life, Math.max(at, life.deliveredAt) + DAY)] }

const tellTheDate: Answer = ({ life }) =>
  life.deliveredAt === undefined
    ? {}
    : { says: [{ ...carrierSays(life, 'parcel.delivered', { proof: 'photo' }), time: life.deliveredAt }] }

const correctTheClock: Answer = ({ life }) =>
  life.deliveredAt === undefined
    ? {}
    : {
        says: [
          {
            ...carrierSays(life, 'parcel.delivered', { ref: parcelRef(life), correction: true, proof: 'signature' }),
            time: life.deliveredAt,
          },
        ],
      }

/** The customer pays after all, or the order is given up and its stock is free again. */
const payOrGiveUp: Answer = ({ life, at, chance }) => {
  if (life.stage !== 'placed') return {}
  if (chance.chance(0.35))
    return { says: [channelSays(life, 'order.cancelled', { by: 'seller', reason: '客户放弃' })], ...endedBy(life, at) }
  const { order } = life
  life.paid = order.total
  life.stage = 'paid'
  const money = { amount: order.total, currency: order.currency, method: order.method, payer: order.customer.name }
  return {
    says: [paymentSays(life, 'payment.received', { ...money, sequence: 1 })],
    ...{ replaces: true, next: [{ step: 'approve', at: at + MINUTE }] },
  }
}

/** What has not left is cancelled and paid back; what is on its way is called back. */
const cancelNow: Answer = ({ life, at }) => {
  if (life.stage === 'shipped' || life.stage === 'out')
    return { replaces: true, next: [{ step: 'send_home', at: at + 2 * HOUR }] }
  if (life.stage === 'delivered' || life.stage === 'over') return {}
  return {
    says: [channelSays(life, 'order.cancelled', { by: 'customer', reason: '不想要了' })],
    ...endedBy(life, at + HOUR),
  }
}

const refundNow: Answer = ({ life, at }) =>
  life.paid > 0 ? { replaces: true, next: [{ step: 'refund', at: at + 5 * MINUTE }] } : {}

const answerReturn: Answer = ({ at }) => ({ replaces: true, next: [{ step: 'return', n: 1, at: at + MINUTE }] })
const receiveReturn: Answer = ({ at }) => ({ replaces: true, next: [{ step: 'return', n: 3, at: at + 3 * HOUR }] })

const fetchIt: Answer = ({ life, at, chance }) =>
  life.stage === 'out' ? { replaces: true, next: [{ step: 'arrive', n: 1, at: at + chance.between(1, 6) * HOUR }] } : {}

const ANSWERS: { readonly [type: string]: Answer } = {
  approval_late_card: approveNow,
  approval_late_slip: approveNow,
  bulk_order: approveNow,
  unpaid_too_long: payOrGiveUp,
  payment_failed_often: payOrGiveUp,
  amount_mismatch: payRest,
  no_items: itemsNow,
  handover_late: shipNow,
  picking_late: shipNow,
  packing_late: shipNow,
  dispatch_late: shipNow,
  warehouse_short: shipNow,
  vip_waits: shipNow,
  silent_order: shipNow,
  label_not_collected: shipNow,
  edited_after_packing: shipNow,
  transit_at_risk: lookForIt,
  never_delivered: lookForIt,
  first_scan_late: lookForIt,
  transit_stalled: lookForIt,
  stuck_at_hub: lookForIt,
  customs_stuck: lookForIt,
  delivery_round_long: lookForIt,
  delivery_failed_often: lookForIt,
  parcel_address_problem: lookForIt,
  parcel_misrouted: lookForIt,
  eta_after_promise: lookForIt,
  rest_of_order_missing: lookForIt,
  pickup_expiring: fetchIt,
  cancel_request_unanswered: cancelNow,
  shipped_despite_cancel: cancelNow,
  cancelled_not_refunded: refundNow,
  returned_not_refunded: refundNow,
  refund_failed: refundNow,
  parcel_damaged_or_lost: refundNow,
  return_request_unanswered: answerReturn,
  return_not_received: receiveReturn,
  delivered_late: agreeToLateness,
  late_and_unhappy: agreeToLateness,
  delivered_without_date: tellTheDate,
  impossible_sequence: correctTheClock,
}
