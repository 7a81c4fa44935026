/**
 * What the shipped rules must find in an Olist folder, evaluated by brute force straight from the CSV rows.
 * Written independently on purpose: it imports nothing of `src`, reads the files with another parser, converts the
 * times with a table of clock changes instead of a time zone database, and looks at every order again at every instant
 * at which anything could change. Only the semantics below are shared.
 *
 * - World: every event of an order becomes known at its own instant, but none before the order was placed; nothing
 *   after `worldEnd` happens. Events of one instant are all applied before a condition is looked at. A finding that
 *   appears and vanishes within one instant is therefore not in the answer; whoever compares must drop those too.
 * - `now - t > d` becomes true 1 ms after the boundary.
 * - paidAt is the purchase instant (the source has no time of payment). The method of the largest payment counts;
 *   among equal ones that of the lowest `payment_sequential`.
 * - A cancellation and a status report happen at the last of the order row's own timestamps (purchase, approval,
 *   hand-over, delivery); a status report is given unless the order is canceled or delivered with a date.
 * - The promise ends at the start of the day after the estimated date, in Sao Paulo.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

export const ORACLE_RULES = [
  'approval_late_card',
  'approval_late_slip',
  'handover_late',
  'transit_at_risk',
  'delivered_late',
  'delivered_without_date',
  'never_delivered',
  'amount_mismatch',
  'no_items',
  'impossible_sequence',
] as const
export type OracleRule = (typeof ORACLE_RULES)[number]

export interface OracleInterval {
  readonly orderId: string
  readonly rule: OracleRule
  /** Epoch ms of the first instant at which the condition holds. */
  readonly raisedAt: number
  /** Epoch ms of the first instant at which it does not hold any more; null when it still holds at the end. */
  readonly clearedAt: number | null
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * Every interval of every rule, by order id, rule, then time. `only` limits it to some orders.
 * `worldEnd` in epoch ms is the last instant that happens.
 */
export function olistOracle(dir: string, worldEnd: number, only?: ReadonlySet<string>): OracleInterval[] {
  const items = grouped(table(dir, 'olist_order_items_dataset'))
  const payments = grouped(table(dir, 'olist_order_payments_dataset'))
  const out: OracleInterval[] = []
  const orders = table(dir, 'olist_orders_dataset').filter(o => only === undefined || only.has(cell(o, 'order_id')))
  for (const row of orders.sort((a, b) => (cell(a, 'order_id') < cell(b, 'order_id') ? -1 : 1))) {
    const id = cell(row, 'order_id')
    out.push(...intervalsOf(id, factsOf(row, items.get(id) ?? [], payments.get(id) ?? []), worldEnd))
  }
  return out
}

/** All that the rules look at, with the instant of each thing; null for what never happens. */
interface Facts {
  placedAt: number
  approvedAt: number | null
  handedOverAt: number | null
  deliveredAt: number | null
  cancelledAt: number | null
  reportedDeliveredAt: number | null
  promiseEndsAt: number | null
  shipBy: number | null
  lines: number
  payments: number
  method: 'card' | 'slip' | 'other'
  difference: number
}

function factsOf(row: Row, items: Row[], payments: Row[]): Facts {
  const placedAt = instant(cell(row, 'order_purchase_timestamp'))
  const optional = (column: string) => (cell(row, column) === '' ? null : instant(cell(row, column)))
  const approvedAt = optional('order_approved_at')
  const handedOverAt = optional('order_delivered_carrier_date')
  const deliveredAt = optional('order_delivered_customer_date')
  const last = Math.max(placedAt, approvedAt ?? 0, handedOverAt ?? 0, deliveredAt ?? 0)
  const status = cell(row, 'order_status')
  const limits = items.map(i => instant(cell(i, 'shipping_limit_date')))
  const total = sum(items.map(i => cents(cell(i, 'price')) + cents(cell(i, 'freight_value'))))
  const estimated = cell(row, 'order_estimated_delivery_date')
  return {
    placedAt,
    approvedAt,
    handedOverAt,
    deliveredAt,
    cancelledAt: status === 'canceled' ? last : null,
    reportedDeliveredAt: status === 'delivered' && deliveredAt === null ? last : null,
    promiseEndsAt: estimated === '' ? null : startOfNextDay(estimated),
    shipBy: limits.length === 0 ? null : Math.min(...limits),
    lines: items.length,
    payments: payments.length,
    method: methodOf(payments),
    difference: Math.abs(total - sum(payments.map(p => cents(cell(p, 'payment_value'))))),
  }
}

function methodOf(payments: Row[]): Facts['method'] {
  const sequential = (p: Row) => Number(cell(p, 'payment_sequential'))
  const value = (p: Row) => cents(cell(p, 'payment_value'))
  const largest = [...payments].sort((a, b) => value(b) - value(a) || sequential(a) - sequential(b))[0]
  const type = largest && cell(largest, 'payment_type')
  return type === 'credit_card' ? 'card' : type === 'boleto' ? 'slip' : 'other'
}

/** Does the condition hold at `now`, when all that is known happened at or before `now`? */
function holds(rule: OracleRule, f: Facts, now: number): boolean {
  if (now < f.placedAt) return false
  const is = (at: number | null): at is number => at !== null && at <= now
  const approved = is(f.approvedAt)
  const handedOver = is(f.handedOverAt)
  const delivered = is(f.deliveredAt)
  const cancelled = is(f.cancelledAt)
  const after = (at: number | null): boolean => at !== null && now > at
  switch (rule) {
    case 'approval_late_card':
      return f.payments > 0 && f.method === 'card' && !approved && !cancelled && now - f.placedAt > 24 * HOUR
    case 'approval_late_slip':
      return f.payments > 0 && f.method === 'slip' && !approved && !cancelled && now - f.placedAt > 4 * DAY
    case 'handover_late':
      return approved && !handedOver && !delivered && !cancelled && after(f.shipBy)
    case 'transit_at_risk':
      return (
        handedOver &&
        !delivered &&
        !is(f.reportedDeliveredAt) &&
        !cancelled &&
        after(f.promiseEndsAt === null ? null : f.promiseEndsAt - 2 * DAY)
      )
    case 'delivered_late':
      return delivered && f.promiseEndsAt !== null && (f.deliveredAt ?? 0) >= f.promiseEndsAt
    case 'delivered_without_date':
      return is(f.reportedDeliveredAt) && !delivered
    case 'never_delivered': {
      const open = !delivered && !cancelled && !is(f.reportedDeliveredAt)
      return open && f.promiseEndsAt !== null && after(f.promiseEndsAt + 30 * DAY)
    }
    case 'amount_mismatch':
      return f.payments > 0 && f.difference > 1 && now - f.placedAt > HOUR
    case 'no_items':
      return f.lines === 0 && !cancelled && now - f.placedAt > HOUR
    case 'impossible_sequence':
      return impossible(f, { approved, handedOver, delivered, cancelled })
  }
}

function impossible(f: Facts, known: Record<'approved' | 'handedOver' | 'delivered' | 'cancelled', boolean>): boolean {
  const { approved, handedOver, delivered, cancelled } = known
  if (approved && handedOver && (f.approvedAt ?? 0) > (f.handedOverAt ?? 0)) return true
  if (handedOver && (f.handedOverAt ?? 0) < f.placedAt) return true
  if (delivered && handedOver && (f.deliveredAt ?? 0) < (f.handedOverAt ?? 0)) return true
  return (delivered || handedOver) && cancelled
}

/** Every instant at which any condition can change: each happening, and each boundary with its neighbours. */
function instantsOf(f: Facts, worldEnd: number): number[] {
  const happenings = [f.placedAt, f.approvedAt, f.handedOverAt, f.deliveredAt, f.cancelledAt, f.reportedDeliveredAt]
  const ends = f.promiseEndsAt
  const boundaries = [f.placedAt + HOUR, f.placedAt + 24 * HOUR, f.placedAt + 4 * DAY, f.shipBy]
  if (ends !== null) boundaries.push(ends - 2 * DAY, ends, ends + 30 * DAY)
  const all = new Set<number>()
  for (const at of [...happenings, ...boundaries]) if (at !== null) for (const d of [-1, 0, 1]) all.add(at + d)
  return [...all].filter(at => at <= worldEnd).sort((a, b) => a - b)
}

function intervalsOf(orderId: string, f: Facts, worldEnd: number): OracleInterval[] {
  const instants = instantsOf(f, worldEnd)
  const out: OracleInterval[] = []
  for (const rule of ORACLE_RULES) {
    let raisedAt: number | null = null
    for (const now of instants) {
      const is = holds(rule, f, now)
      if (is && raisedAt === null) raisedAt = now
      if (!is && raisedAt !== null) {
        out.push({ orderId, rule, raisedAt, clearedAt: now })
        raisedAt = null
      }
    }
    if (raisedAt !== null) out.push({ orderId, rule, raisedAt, clearedAt: null })
  }
  return out
}

// ---- reading -------------------------------------------------------------------------------------------------------

type Row = Record<string, string>

/** Rows of `<name>.csv` or `<name>.csv.gz`; none when there is no such file. */
function table(dir: string, name: string): Row[] {
  const file = readdirSync(dir).find(f => f === `${name}.csv` || f === `${name}.csv.gz`)
  if (file === undefined) return []
  const bytes = readFileSync(join(dir, file))
  const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes
  return parse(text, { columns: true, bom: true })
}

const cell = (row: Row, column: string): string => {
  const value = row[column]
  if (value === undefined) throw new Error(`no column ${column}`)
  return value
}

function grouped(rows: Row[]): Map<string, Row[]> {
  const out = new Map<string, Row[]>()
  for (const row of rows) {
    const id = cell(row, 'order_id')
    const list = out.get(id)
    if (list) list.push(row)
    else out.set(id, [row])
  }
  return out
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
/** The prices have at most two decimals, so rounding only removes the noise of binary fractions. */
const cents = (text: string): number => Math.round(Number(text) * 100)

/** Summer time in Sao Paulo, -02:00 instead of -03:00: [first, first not] in UTC; there was none after 2019. */
const SUMMERS = [
  ['2015-10-18T03:00:00Z', '2016-02-21T02:00:00Z'],
  ['2016-10-16T03:00:00Z', '2017-02-19T02:00:00Z'],
  ['2017-10-15T03:00:00Z', '2018-02-18T02:00:00Z'],
  ['2018-11-04T03:00:00Z', '2019-02-17T02:00:00Z'],
].map(([from = '', to = '']) => [Date.parse(from), Date.parse(to)] as const)

/** Of the two readings of a wall time the first that is right; where clocks were put forward, the winter one. */
function instant(wall: string): number {
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}Z`)
  if (Number.isNaN(asUtc)) throw new Error(`not a time: ${wall}`)
  const summer = asUtc + 2 * HOUR
  return SUMMERS.some(([from, to]) => summer >= from && summer < to) ? summer : asUtc + 3 * HOUR
}

function startOfNextDay(estimated: string): number {
  const day = Date.parse(`${estimated.slice(0, 10)}T00:00:00Z`)
  return instant(new Date(day + DAY).toISOString().slice(0, 19))
}
