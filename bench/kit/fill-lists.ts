import { resolve } from 'node:path'
import { systemClock } from '../../src/platform/clock.ts'
import { migrate } from '../../src/platform/migrate.ts'
import type { BenchDatabase } from './cluster.ts'
import { copyPortions } from './copy.ts'
import { listPortions } from './list-rows.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')

/** Orders of a year and a tenth as many cases. Indexes are made afterwards: a GIN index grows many times faster that way. */
export async function fillLists({ db, connection }: BenchDatabase, orders: number, now: number): Promise<void> {
  await migrate(db, { dir: MIGRATIONS, clock: systemClock })
  const { rows } = await db.query<{ name: string; text: string }>(
    `select indexname as name, indexdef as text from pg_indexes
     where tablename in ('order_row', 'case_row', 'search_row') and indexname not like '%_pkey'`,
  )
  for (const { name } of rows) await db.query(`drop index ${name}`)
  await copyPortions(connection, listPortions(orders, now), 2)
  for (const { text } of rows) await db.query(text)
  await db.query('vacuum analyze')
  await db.query('checkpoint')
}
