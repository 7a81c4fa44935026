import { DAY, type Instant } from '../../src/kernel/instant.ts'
import type { BenchDatabase } from './cluster.ts'
import { copyPortions, type Portion, type Values } from './copy.ts'
import { PAID_BEFORE } from './open-orders.ts'
import type { Waiting } from './waiting-orders.ts'

/**
 * What one would write without a rule engine: an orders table with a partial index for each rule, and a job that runs one
 * statement a rule every minute. The same rules as `packs/core.yaml`, the same orders, a findings table with a key.
 */

const TABLES = `
create table peer_order (
  id bigint primary key, order_no text not null, status text not null, placed_at bigint, paid_at bigint,
  payment_method text, order_total bigint not null, paid_total bigint not null, line_count integer not null,
  approved_at bigint, ship_by bigint, handed_over_at bigint, promise_ends_at bigint, delivered_at bigint,
  delivered_reported boolean not null, returned_at bigint, cancelled boolean not null, sequence_fault text
);
create table peer_finding (rule text, id bigint, found_at bigint not null, primary key (rule, id))`

const COLUMNS = `id, order_no, status, placed_at, paid_at, payment_method, order_total, paid_total, line_count, approved_at,
  ship_by, handed_over_at, promise_ends_at, delivered_at, delivered_reported, returned_at, cancelled, sequence_fault`

const UNAPPROVED = 'not cancelled and approved_at is null'
const UNDELIVERED = 'not cancelled and delivered_at is null and not delivered_reported and returned_at is null'

interface CronRule {
  readonly rule: string
  /** What does not change by time: the condition of the partial index. */
  readonly where: string
  readonly column: string
  /** What time changes; $1 is now. */
  readonly due?: string
}

const RULES: readonly CronRule[] = [
  {
    rule: 'approval_late_card',
    where: `${UNAPPROVED} and payment_method = 'card'`,
    column: 'paid_at',
    due: `paid_at < $1 - ${DAY}`,
  },
  {
    rule: 'approval_late_slip',
    where: `${UNAPPROVED} and payment_method in ('slip', 'transfer')`,
    column: 'paid_at',
    due: `paid_at < $1 - ${4 * DAY}`,
  },
  {
    rule: 'handover_late',
    where: `${UNDELIVERED} and approved_at is not null and handed_over_at is null`,
    column: 'ship_by',
    due: 'ship_by < $1',
  },
  {
    rule: 'transit_at_risk',
    where: `${UNDELIVERED} and handed_over_at is not null`,
    column: 'promise_ends_at',
    due: `promise_ends_at < $1 + ${2 * DAY}`,
  },
  { rule: 'delivered_late', where: 'delivered_at >= promise_ends_at', column: 'delivered_at' },
  { rule: 'delivered_without_date', where: 'delivered_reported and delivered_at is null', column: 'id' },
  {
    rule: 'never_delivered',
    where: UNDELIVERED,
    column: 'promise_ends_at',
    due: `promise_ends_at < $1 - ${30 * DAY}`,
  },
  {
    rule: 'amount_mismatch',
    where: 'abs(order_total - paid_total) > 1',
    column: 'paid_at',
    due: `paid_at < $1 - 3600000`,
  },
  {
    rule: 'no_items',
    where: 'line_count = 0 and not cancelled',
    column: 'placed_at',
    due: `placed_at < $1 - 3600000`,
  },
  { rule: 'impossible_sequence', where: 'sequence_fault is not null', column: 'id' },
]

export interface Cron {
  load(orders: Iterable<Waiting>): Promise<void>
  /** One run of the job, in one transaction. Returns ms. */
  tick(now: Instant): Promise<number>
  /** ms between becoming due and being found, of those of `orders` that are found. */
  delays(orders: readonly Waiting[], foundAt: Instant): Promise<number[]>
}

export async function setUpCron({ db, connection }: BenchDatabase): Promise<Cron> {
  await db.query(TABLES)
  for (const { rule, where, column } of RULES)
    await db.query(`create index peer_${rule} on peer_order (${column}) where ${where}`)
  const settle = async () => {
    await db.query('vacuum analyze peer_order')
    await db.query('vacuum analyze peer_finding')
    await db.query('checkpoint')
  }
  return {
    load: async orders => {
      await copyPortions(connection, portionsOf(orders), 1)
      await settle()
    },
    tick: async now => {
      const started = performance.now()
      await db.transaction(async tx => {
        for (const { rule, where, due } of RULES)
          await tx.query(
            `insert into peer_finding (rule, id, found_at) select '${rule}', id, $1::bigint from peer_order
             where ${where}${due ? ` and ${due.replace('$1', '$1::bigint')}` : ''} on conflict do nothing`,
            [now],
          )
      })
      return performance.now() - started
    },
    delays: async (orders, foundAt) => {
      const { rows } = await db.query<{ id: number }>('select id from peer_finding where id = any($1)', [
        orders.map(o => o.n),
      ])
      const found = new Set(rows.map(r => r.id))
      return orders.filter(o => found.has(o.n)).map(o => foundAt - o.due)
    },
  }
}

const PER_PORTION = 5000

function* portionsOf(orders: Iterable<Waiting>): Generator<Portion> {
  let rows: Values[] = []
  for (const order of orders) {
    rows.push(rowOf(order))
    if (rows.length < PER_PORTION) continue
    yield [{ table: 'peer_order', columns: COLUMNS, rows }]
    rows = []
  }
  if (rows.length > 0) yield [{ table: 'peer_order', columns: COLUMNS, rows }]
}

const STATUS = { card: 'paid', handover: 'approved', transit: 'in_transit' }

function rowOf({ n, kind, due }: Waiting): Values {
  const paidAt = due - PAID_BEFORE[kind]
  const approved = kind === 'handover' || kind === 'transit'
  const text = (value: string | number | null): string | null => (value === null ? null : String(value))
  return [
    n,
    `BN${n}`,
    STATUS[kind],
    paidAt - 1_200_000,
    paidAt,
    'card',
    9999,
    9999,
    2,
    approved ? paidAt + 3_600_000 : null,
    kind === 'handover' ? due - 1 : due + 6 * DAY,
    kind === 'transit' ? paidAt + 28_800_000 : null,
    kind === 'transit' ? due - 1 + 2 * DAY : due + 6 * DAY,
    null,
    'f',
    null,
    'f',
    null,
  ].map(text)
}
