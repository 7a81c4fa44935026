import type { Sql } from '../sql.ts'

/** A database is one world: it lives, or it is a replay or a practice shop under a clock of its own. */
export type WorldKind = 'live' | 'replay' | 'practice'

const READ = 'select name, value from world'
const FOUND = `insert into world (name, value) select name, value from json_to_recordset($1) as r(name text, value text)
on conflict (name) do nothing`
const DROP = 'delete from world where name = $1'
const SET = `insert into world (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`

/** Everything that is written down about the world itself: `kind`, `check`, `created_at`, `clock`. */
export async function readWorld(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ name: string; value: string }>(READ)
  return new Map(rows.map(r => [r.name, r.value]))
}

/** Writes what is not there yet, and returns what stands: of two first starts, one founds the world. */
export async function foundWorld(
  sql: Sql,
  values: { readonly [name: string]: string },
): Promise<ReadonlyMap<string, string>> {
  const rows = Object.entries(values).map(([name, value]) => ({ name, value }))
  await sql.query(FOUND, [JSON.stringify(rows)])
  return readWorld(sql)
}

export async function setWorld(sql: Sql, name: string, value: string): Promise<void> {
  await sql.query(SET, [name, value])
}

const ANY_ORDER = 'select 1 from order_row limit 1'

/** Whether no order ever came. */
export async function isEmptyWorld(sql: Sql): Promise<boolean> {
  return (await sql.query(ANY_ORDER)).rows.length === 0
}

export async function dropWorld(sql: Sql, name: string): Promise<void> {
  await sql.query(DROP, [name])
}
