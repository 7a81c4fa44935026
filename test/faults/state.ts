import assert from 'node:assert/strict'
import { loadsWith } from '../../src/app/compose.ts'
import { openFacts, type TailRow } from '../../src/pipeline/load.ts'
import { verifyLedger } from '../../src/pipeline/verify.ts'
import type { Connection } from '../../src/platform/connection.ts'
import { connect, type Database, type Row } from '../../src/platform/database.ts'
import { startPostgres } from '../../src/platform/postgres/index.ts'
import { Sealer } from '../../src/platform/seal.ts'

/** One key for all processes of a test, so that what is derived from it can be compared between databases. */
export const KEY = Buffer.alloc(32, 42)
export const KEY_ENV = { ANDON_MASTER_KEY: KEY.toString('hex') }

/** Everything that a database says, in a form that is equal for two runs of the same input. */
export interface State {
  /** Stream -> its facts, one JSON text each, personal fields opened. */
  readonly facts: ReadonlyMap<string, readonly string[]>
  /** Table -> its rows as sorted JSON texts. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /** Mailbox rows that became facts, each with how often. */
  readonly causes: ReadonlyMap<string, number>
}

/** Columns that hold the wall clock of a run, or tell in which steps and pages it was done. */
const OF_THE_RUN: Readonly<Record<string, readonly string[]>> = {
  order_row: ['updated_at'],
  case_row: ['updated_at'],
  head: ['born_month', 'blob_version', 'timer_at'],
  story: ['body'],
}

const TABLES = [
  'head',
  'story',
  'order_row',
  'case_row',
  'finding_row',
  'key',
  'rollup_day',
  'search_row',
  'outbox',
] as const

/** Reads the state of a stopped data directory. */
export async function stateOfDir(dataDir: string, world: 'live' | 'replay'): Promise<State> {
  const server = await startPostgres({ dataDir })
  try {
    return await stateOf(server.connection, world)
  } finally {
    await server.stop()
  }
}

/**
 * Reads the state of a database on which nothing runs any more, and holds it to what must be true of every database:
 * nothing waits, nothing is in quarantine, versions and positions have no gap, the chain holds.
 */
export async function stateOf(connection: Connection, world: 'live' | 'replay'): Promise<State> {
  const db = await connect({ connection })
  try {
    await checkWhole(db)
    const facts = await factsOf(db, world)
    const tables = new Map<string, string[]>()
    for (const table of TABLES) tables.set(table, await rowsOf(db, table))
    const causes = await db.query<{ cause: string; n: number }>(
      `select cause, count(*) as n from ledger where cause is not null and actor like 'feed:%' group by cause`,
    )
    return { facts, tables, causes: new Map(causes.rows.map(r => [r.cause, r.n])) }
  } finally {
    await db.close()
  }
}

async function checkWhole(db: Database): Promise<void> {
  for (const table of ['intake', 'unmatched', 'quarantine'])
    assert.deepEqual((await db.query(`select * from ${table} limit 5`)).rows, [], `${table} is empty`)
  const gaps = await db.query(
    `select h.stream, h.version, l.n, l.first, l.last from head h
     join (select stream, count(*) as n, min(seq) as first, max(seq) as last from ledger group by stream) l using (stream)
     where l.n <> h.version or l.first <> 1 or l.last <> h.version limit 5`,
  )
  assert.deepEqual(gaps.rows, [], 'versions without a gap')
  const holes = await db.query(
    `select bucket / 32 as g, count(*) as n, max(pos) as last from ledger group by 1 having count(*) <> max(pos) limit 5`,
  )
  assert.deepEqual(holes.rows, [], 'positions without a gap')
  assert.deepEqual((await verifyLedger(db, new Sealer(KEY))).problems, [])
}

async function factsOf(db: Database, world: 'live' | 'replay'): Promise<Map<string, string[]>> {
  const { rows } = await db.query<TailRow>('select * from ledger order by stream, seq')
  const opened = await openFacts(db, loadsWith(new Sealer(KEY)), rows)
  const facts = new Map<string, string[]>()
  for (const [i, row] of rows.entries()) {
    const { cause: _row, recordedAt, knownAt, ...same } = opened[i]!
    const text = JSON.stringify(world === 'replay' ? { ...same, recordedAt, knownAt } : same)
    const list = facts.get(row.stream)
    if (list) list.push(text)
    else facts.set(row.stream, [text])
  }
  return facts
}

async function rowsOf(db: Database, table: string): Promise<string[]> {
  const { rows } = await db.query<Row>(`select * from ${table}`)
  for (const row of rows) {
    for (const column of OF_THE_RUN[table] ?? []) delete row[column]
    // A set: its order tells in which pages a follower read.
    if (Array.isArray(row.grams)) row.grams.sort()
  }
  return rows.map(row => JSON.stringify(row)).sort()
}

/** Holds one run to another: the same facts in every stream, the same rows in every table. */
export function assertSame(actual: State, expected: State): void {
  assert.deepEqual(countsByType(actual), countsByType(expected), 'facts by type')
  for (const [stream, facts] of expected.facts)
    assert.deepEqual(actual.facts.get(stream), facts, `facts of stream ${stream}`)
  assert.equal(actual.facts.size, expected.facts.size)
  for (const [table, rows] of expected.tables) {
    const known = new Set(rows)
    const odd = actual.tables.get(table)?.filter(row => !known.has(row)) ?? []
    assert.deepEqual(odd.slice(0, 3), [], `rows of ${table} that are not in the undisturbed run`)
    assert.equal(actual.tables.get(table)?.length, rows.length, `rows of ${table}`)
  }
}

/** Every row that was acknowledged is in the ledger, once. */
export function assertKept(state: State, acknowledged: Iterable<string>): number {
  let n = 0
  for (const row of acknowledged) {
    n++
    assert.equal(state.causes.get(row), 1, `facts of the acknowledged row ${row}`)
  }
  return n
}

export function countsByType({ facts }: State): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of [...facts.values()].flat()) {
    const { type } = JSON.parse(text) as { type: string }
    counts[type] = (counts[type] ?? 0) + 1
  }
  return counts
}
