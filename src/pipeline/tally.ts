import { isStage } from '../contract/stages.ts'
import { bucketsOf, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import { DAY, type Instant } from '../kernel/instant.ts'
import {
  type Cell,
  caseCells,
  type Delta,
  deltasOf,
  orderCells,
  packCells,
  staysOf,
  unpackCells,
} from '../modules/insight/index.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { CaseRowTable, OrderRowTable } from './queries/tables.ts'
import { AHEAD, MOVE, TALLY } from './sql/project.ts'
import * as text from './sql/tally.ts'
import { jsonRows, type Sql } from './sql.ts'

const PAGE = 2000
/** How long single stays are kept: the heat map looks back 30 days. */
export const STAYS_KEPT = 40 * DAY

/** A stream that changed, with what it is now. */
interface Seen {
  readonly b: number
  readonly s: string
}

type OrderFacts = Pick<
  OrderRowTable,
  | 'stream'
  | 'channel'
  | 'currency'
  | 'total'
  | 'placed_at'
  | 'promise_ends_at'
  | 'delivered_at'
  | 'cancelled'
  | 'touched'
  | 'status'
  | 'nodes'
>
type CaseFacts = Pick<
  CaseRowTable,
  | 'stream'
  | 'channel'
  | 'type'
  | 'severity'
  | 'currency'
  | 'amount'
  | 'opened_at'
  | 'acknowledged_at'
  | 'resolved_at'
  | 'ended_at'
  | 'over'
  | 'status'
  | 'reopened'
  | 'paused'
>

/**
 * The follower that adds up roll-ups. It reads which streams changed and takes the figures from their rows, so that it
 * needs no bodies and no keys; what each stream counted as before is taken away in the transaction that adds what it
 * counts as now and moves the position. Rows may be ahead of the ledger page: then the later page changes nothing.
 */
export class Tally {
  private readonly db: Database
  private readonly log: Log
  private readonly giveWay: () => Promise<void>
  private stopped = false

  /** @param giveWay resolves when nobody else needs the machine more */
  constructor({ db, log, giveWay }: { readonly db: Database; readonly log: Log; giveWay(): Promise<void> }) {
    this.db = db
    this.log = log
    this.giveWay = giveWay
  }

  stop(): void {
    this.stopped = true
  }

  /** One page of each of these groups; returns how many ledger rows were read. */
  async round(groups: readonly number[]): Promise<number> {
    const { rows } = await this.db.query<{ bucket: number; pos: number }>(AHEAD, [TALLY, groups.map(homeBucketOf)])
    let read = 0
    let behind = 0
    for (const { bucket, pos } of rows) {
      await this.giveWay()
      if (this.stopped) break
      try {
        read += await this.page(groupOf(bucket), pos)
      } catch (error) {
        behind++
        this.log.warn('the follower fell back', { group: groupOf(bucket), error: String(error) })
      }
    }
    if (read === 0 && behind > 0) throw new Error(`${behind} groups are behind`)
    return read
  }

  private async page(group: number, from: number): Promise<number> {
    const values = [group, from, PAGE, bucketsOf(group)]
    const { rows } = await this.db.query<{ bucket: number; stream: string; pos: number; recorded_at: Instant }>(
      text.READ_CHANGED,
      values,
    )
    const last = rows.at(-1)
    if (!last) return 0
    const seen = [...new Map(rows.map(r => [r.stream, { b: r.bucket, s: r.stream }])).values()]
    const newest = rows.reduce((max, row) => Math.max(max, row.recorded_at), 0)
    await this.db.transaction(async tx => {
      const moved = await tx.query(MOVE, [TALLY, homeBucketOf(group), from, last.pos])
      if (moved.rowCount !== 1) throw new Error(`another follower moved group ${group}`)
      await count(tx, { home: homeBucketOf(group), seen, staysFrom: newest - STAYS_KEPT })
    })
    return rows.length
  }
}

async function count(tx: Sql, at: { home: number; seen: readonly Seen[]; staysFrom: Instant }): Promise<void> {
  const asked = jsonRows(at.seen)
  const orders = (await tx.query<OrderFacts>(text.READ_ORDERS, [asked])).rows
  const cases = (await tx.query<CaseFacts>(text.READ_CASES, [asked])).rows
  const counted = (await tx.query<{ stream: string; cells: string }>(text.READ_COUNTED, [asked])).rows
  const before = new Map(counted.map(c => [c.stream, unpackCells(c.cells)]))
  const after = cellsByStream(orders, cases)
  const changed = at.seen.filter(({ s }) => packCells(after.get(s) ?? []) !== packCells(before.get(s) ?? []))
  if (changed.length === 0) return
  const of = (cells: ReadonlyMap<string, readonly Cell[]>) => changed.flatMap(({ s }) => cells.get(s) ?? [])
  await addDeltas(tx, at.home, deltasOf(of(before), of(after)))
  const rows = changed.map(({ b, s }) => ({ b, s, c: (after.get(s) ?? []).map(packed) }))
  await tx.query(text.WRITE_COUNTED, [jsonRows(rows)])
  await writeStays(tx, { changed, orders, from: at.staysFrom })
}

const packed = (cell: Cell): unknown => JSON.parse(packCells([cell]))[0]

function cellsByStream(orders: readonly OrderFacts[], cases: readonly CaseFacts[]): Map<string, Cell[]> {
  const cells = new Map<string, Cell[]>()
  const add = (stream: string, more: readonly Cell[]): void => {
    cells.set(stream, [...(cells.get(stream) ?? []), ...more])
  }
  for (const order of orders) add(order.stream, orderCells(figuresOfOrder(order)))
  for (const one of cases) add(one.stream, caseCells(figuresOfCase(one)))
  return cells
}

const ARRIVED: ReadonlySet<string> = new Set(['delivered', 'returned'])

const figuresOfOrder = (row: OrderFacts) => ({
  ...{ channel: row.channel, currency: row.currency, total: row.total, cancelled: row.cancelled, touched: row.touched },
  ...{ placedAt: row.placed_at, promiseEndsAt: row.promise_ends_at, deliveredAt: row.delivered_at },
  arrived: ARRIVED.has(row.status),
  nodes: nodesOf(row),
})

function nodesOf({ nodes }: Pick<OrderFacts, 'nodes'>): { readonly [node: string]: Instant } {
  const known: { [node: string]: Instant } = {}
  for (const [node, at] of Object.entries(JSON.parse(nodes ?? '{}')))
    if (isStage(node) && typeof at === 'number') known[node] = at
  return known
}

const figuresOfCase = (row: CaseFacts) => ({
  ...{ channel: row.channel, type: row.type, severity: row.severity, currency: row.currency, amount: row.amount },
  ...{ openedAt: row.opened_at, acknowledgedAt: row.acknowledged_at, resolvedAt: row.resolved_at },
  ...{ endedAt: row.ended_at, over: row.over, cleared: row.status === 'cleared', reopened: row.reopened },
  pausedMs: row.paused,
})

async function addDeltas(tx: Sql, home: number, deltas: readonly Delta[]): Promise<void> {
  const hours = deltas.filter(d => d.hour !== null && d.measure !== 'stay')
  const levels = deltas.filter(d => d.hour === null)
  const stays = deltas.filter(d => d.measure === 'stay' && d.n !== 0)
  const base = (d: Delta) => ({
    b: home,
    m: d.measure,
    c: d.channel,
    d: d.dimension,
    u: d.currency,
    n: d.n,
    a: d.amount,
  })
  if (hours.length > 0) await tx.query(text.ADD_HOURS, [jsonRows(hours.map(d => ({ ...base(d), h: d.hour, t: d.ms })))])
  if (levels.length > 0) await tx.query(text.ADD_LEVELS, [jsonRows(levels.map(base))])
  if (stays.length > 0) await tx.query(text.ADD_STAYS, [jsonRows(stays.map(d => stayDelta(home, d)))])
}

function stayDelta(home: number, { dimension, hour, channel, n }: Delta): object {
  const [stage, bin] = dimension.split('/')
  return { b: home, s: stage, h: hour, c: channel, i: Number(bin), n }
}

/** The stays themselves, so that one can list the orders behind a cell of the heat map. */
async function writeStays(
  tx: Sql,
  { changed, orders, from }: { changed: readonly Seen[]; orders: readonly OrderFacts[]; from: Instant },
): Promise<void> {
  const byStream = new Map(orders.map(o => [o.stream, o]))
  const rows = changed.flatMap(({ b, s }) => {
    const order = byStream.get(s)
    if (!order) return []
    return staysOf(nodesOf(order)).flatMap(({ stage, enteredAt, leftAt }) =>
      leftAt < from ? [] : [{ b, s, g: stage, c: order.channel ?? '', e: enteredAt, l: leftAt }],
    )
  })
  const had = changed.filter(({ s }) => byStream.has(s))
  if (had.length > 0) await tx.query(text.DROP_STAYS, [jsonRows(had)])
  if (rows.length > 0) await tx.query(text.WRITE_STAYS, [jsonRows(rows)])
}
