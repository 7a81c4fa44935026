import type { Sql } from '../database.ts'
import { pagesOf } from './pages.ts'
import type { Table } from './tables.ts'

/** What a table holds, in two numbers: equal for the same rows in any order. */
export interface Digest {
  readonly rows: number
  /** The sum over all rows of 60 bits of the SHA-256 of their text. */
  readonly sum: string
}

/** Spelling of values as text must be the same on both servers, whatever they are set to. */
const SPELLING = [
  `set bytea_output = 'hex'`,
  `set timezone = 'UTC'`,
  `set datestyle = 'ISO, YMD'`,
  'set extra_float_digits = 1',
]

export async function spellAlike(sql: Sql): Promise<void> {
  for (const text of SPELLING) await sql.query(text)
}

/** @param sql one connection, told to `spellAlike` */
export async function digestOf(sql: Sql, table: Table): Promise<Digest> {
  let rows = 0
  let sum = 0n
  for await (const page of pagesOf(sql, table)) {
    const found = (
      await sql.query<{ rows: number; sum: string }>(
        `select count(*) as rows, coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint), 0)::text as sum
         from (${page}) as t`,
      )
    ).rows[0]
    rows += found?.rows ?? 0
    sum += BigInt(found?.sum ?? 0)
  }
  return { rows, sum: String(sum) }
}
