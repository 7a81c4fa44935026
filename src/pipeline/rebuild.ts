import type { Fact, StreamKind } from '../contract/stream.ts'
import type { Database } from '../platform/database.ts'
import { foldFacts, initialSlices } from './decide.ts'
import { type LoadDeps, openFacts, type TailRow } from './load.ts'
import { readRowsOf } from './reactors.ts'
import type { Memo } from './rows.ts'
import * as readSql from './sql/read-rows.ts'
import { jsonRows, type Sql } from './sql.ts'

const PAGE = 200
/** Everything that the ledger can give back. Emptied table by table: one statement each. */
const REBUILT = [
  'act_row',
  'order_row',
  'case_row',
  'finding_row',
  'search_row',
  'rollup_day',
  'shadow_row',
  'rollup_hour',
  'rollup_level',
  'rollup_stay',
  'counted',
  'stay_row',
  'story',
  'state',
] as const

export interface Rebuilt {
  readonly streams: number
  readonly facts: number
  readonly orders: number
  readonly cases: number
  readonly findings: number
}

const HEADS = `
select bucket, stream, kind, version, clock, wake_at, born_month, historical from head
where (bucket, stream) > ($1, $2) order by bucket, stream limit ${PAGE}`
const FACTS = `
select l.bucket, l.stream, l.seq, l.type, l.v, l.actor, l.cause, l.occurred_at, l.recorded_at, l.known_at, l.body
from json_to_recordset($1) as r(b smallint, s text, m integer)
join ledger l on l.bucket = r.b and l.stream = r.s and l.recorded_month >= r.m
order by l.bucket, l.stream, l.seq`

interface Head {
  bucket: number
  stream: string
  kind: StreamKind
  version: number
  clock: number
  wake_at: number | null
  born_month: number
  historical: boolean
}

/**
 * Writes all read rows anew from the ledger: folds, never decides. Roll-ups, search and stories follow by themselves,
 * since their follower starts again at position 0. The lanes must not run meanwhile.
 */
export async function rebuildReadRows(
  db: Database,
  deps: LoadDeps,
  progress: (streams: number) => void = () => {},
): Promise<Rebuilt> {
  for (const table of REBUILT) await db.query(`truncate ${table}`)
  await db.query("delete from follower where name in ('project', 'tally')")
  await db.query('update head set blob_version = 0 where bucket >= 0 and blob_version <> 0')
  const total = { streams: 0, facts: 0, orders: 0, cases: 0, findings: 0 }
  let at: { bucket: number; stream: string } = { bucket: -1, stream: '' }
  for (;;) {
    const { rows: heads } = await db.query<Head>(HEADS, [at.bucket, at.stream])
    if (heads.length === 0) return total
    at = heads.at(-1)!
    const written = await rebuildPage(db, deps, heads)
    for (const key of ['streams', 'facts', 'orders', 'cases', 'findings'] as const) total[key] += written[key]
    progress(total.streams)
  }
}

async function rebuildPage(db: Database, deps: LoadDeps, heads: readonly Head[]): Promise<Rebuilt> {
  const ask = heads.map(h => ({ b: h.bucket, s: h.stream, m: h.born_month }))
  const { rows } = await db.query<TailRow>(FACTS, [jsonRows(ask)])
  const facts = await openFacts(db, deps, rows)
  const byStream = new Map<string, Fact[]>()
  for (const [i, row] of rows.entries()) {
    const list = byStream.get(row.stream)
    if (list) list.push(facts[i]!)
    else byStream.set(row.stream, [facts[i]!])
  }
  const rebuilt = heads.map(head => rowsOfStream(head, byStream.get(head.stream) ?? [], deps))
  const orders = rebuilt.flatMap(r => r.orders)
  const cases = rebuilt.flatMap(r => r.cases)
  const findings = rebuilt.flatMap(r => r.findings)
  await db.transaction(async tx => {
    await writeAll(tx, readSql.WRITE_ORDER_ROWS, orders)
    await writeAll(tx, readSql.WRITE_CASE_ROWS, cases)
    await writeAll(tx, readSql.WRITE_FINDING_ROWS, findings)
  })
  return {
    streams: heads.length,
    facts: facts.length,
    orders: orders.length,
    cases: cases.length,
    findings: findings.length,
  }
}

const writeAll = async (tx: Sql, text: string, rows: readonly object[]): Promise<void> => {
  if (rows.length > 0) await tx.query(text, [jsonRows(rows)])
}

function rowsOfStream(head: Head, facts: readonly Fact[], deps: LoadDeps) {
  const reactors = deps.reactorsOf(head.kind)
  const empty = initialSlices(reactors)
  const base = { stream: head.stream, kind: head.kind, bucket: head.bucket, historical: head.historical }
  const before: Memo = { ...base, version: 0, clock: 0, wakeAt: null, slices: empty }
  const slices = foldFacts(empty, facts, reactors)
  const after: Memo = { ...base, version: head.version, clock: head.clock, wakeAt: head.wake_at, slices }
  const ledger = facts.map(f => ({ ...f, bucket: head.bucket, stream: head.stream, stored: undefined }))
  return readRowsOf({ before, after, facts: ledger })
}
