import { resolve } from 'node:path'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { systemClock } from '../../src/platform/clock.ts'
import type { Connection } from '../../src/platform/connection.ts'
import { copyField } from '../../src/platform/copy-in.ts'
import type { Sql } from '../../src/platform/database.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { clientConfig } from '../../src/platform/wire.ts'
import type { BenchDatabase } from './cluster.ts'

/** The baseline: rows that another run left behind, written into empty tables of the same schema by COPY. */

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')
/** Written by a follower and not by the step. */
const FOLLOWED = ['search_row', 'rollup_day', 'story']
const STEPPED = 'key salt seen ledger chain head state part order_row case_row finding_row outcome outbox'.split(' ')

export type Values = readonly (string | null)[]

export interface TableRows {
  readonly table: string
  readonly columns: string
  readonly rows: readonly Values[]
}

/** What one transaction writes. */
export type Portion = readonly TableRows[]

export interface FinalRows {
  readonly stepped: readonly Portion[]
  readonly followed: readonly Portion[]
  /** All rows of all tables. */
  readonly count: number
}

/** A connection on which values come as the server writes them: what goes back by COPY is the same text. */
export async function withTextClient<T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const raw = { getTypeParser: () => (text: string) => text }
  const client = new pg.Client({ ...clientConfig(connection, { statementTimeout: 0 }), types: raw as never })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Reads every row of the tables, in portions of `ordersPerPortion` orders in the order of their arrival. */
export async function readFinalRows(connection: Connection, ordersPerPortion: number): Promise<FinalRows> {
  return withTextClient(connection, async client => {
    const streams = await client.query<[string]>({
      text: 'select stream from order_row order by placed_at, length(order_no), order_no',
      rowMode: 'array',
    })
    const portionOf = new Map(streams.rows.map(([stream], i) => [stream, Math.floor(i / ordersPerPortion)]))
    const portions = Math.max(1, Math.ceil(streams.rows.length / ordersPerPortion))
    const tables = async (names: readonly string[]) => {
      const all: TableRows[][] = Array.from({ length: portions }, () => [])
      for (const name of names) {
        const parts = await readTable(client, { name, portions, portionOf })
        for (const [i, part] of parts.entries()) if (part.rows.length > 0) all[i]!.push(part)
      }
      return all
    }
    const stepped = await tables(STEPPED)
    const followed = await tables(FOLLOWED)
    const count = [...stepped, ...followed].flat().reduce((sum, t) => sum + t.rows.length, 0)
    return { stepped, followed, count }
  })
}

async function readTable(
  client: pg.Client,
  from: { name: string; portions: number; portionOf: ReadonlyMap<string, number> },
): Promise<TableRows[]> {
  const { rows, fields } = await client.query<(string | null)[]>({
    text: `select * from ${from.name}`,
    rowMode: 'array',
  })
  const columns = fields.map(f => f.name).join(', ')
  const stream = fields.findIndex(f => f.name === 'stream')
  const parts: Values[][] = Array.from({ length: from.portions }, () => [])
  rows.forEach((row, i) => {
    // Rows that belong to no order (and those of feeds) are spread evenly.
    const known = stream < 0 ? undefined : from.portionOf.get(row[stream] ?? '')
    parts[known ?? i % from.portions]!.push(row)
  })
  return parts.map(part => ({ table: from.name, columns, rows: part }))
}

const PARTITIONS = `
select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'ledger'::regclass`

/** An empty schema in `to`, with the ledger's partitions of `like`. */
export async function emptySchema(to: BenchDatabase, like: Sql): Promise<void> {
  await migrate(to.db, { dir: MIGRATIONS, clock: systemClock })
  const { rows } = await like.query<{ name: string; bound: string }>(PARTITIONS)
  for (const { name, bound } of rows)
    await to.db.query(`create table if not exists "${name}" partition of ledger ${bound}`)
}

/** Writes the portions over `lanes` connections, a transaction each: values become COPY text here, in Node. */
export async function copyPortions(connection: Connection, portions: Iterable<Portion>, lanes: number): Promise<void> {
  // One iterator for all lanes: each takes the next portion when it is through with its own.
  const waiting = Iterator.from(portions)
  const lane = async () => {
    const client = new pg.Client(clientConfig(connection, { statementTimeout: 0 }))
    await client.connect()
    try {
      for (;;) {
        const { value: portion, done } = waiting.next()
        if (done) break
        await client.query('begin')
        for (const part of portion) await copyTable(client, part)
        await client.query('commit')
      }
    } finally {
      await client.end()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

const CHUNK = 64 * 1024

function copyTable(client: pg.Client, { table, columns, rows }: TableRows): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stream = client.query(copyFrom(`copy ${table} (${columns}) from stdin`))
  stream.once('error', reject)
  stream.once('finish', () => resolve())
  let text = ''
  for (const row of rows) {
    text += `${row.map(copyField).join('\t')}\n`
    if (text.length < CHUNK) continue
    stream.write(text)
    text = ''
  }
  stream.end(text)
  return promise
}
