import type { Compilable } from 'kysely'
import type { Sql } from '../sql.ts'

/** Counting stops here; the API says so. */
export const COUNT_LIMIT = 10_001

/** Rows of a query that is limited to COUNT_LIMIT. */
export async function countOf(sql: Sql, query: Compilable): Promise<number> {
  const { sql: text, parameters } = query.compile()
  const { rows } = await sql.query<{ n: number }>(`select count(*) as n from (${text}) as counted`, parameters)
  return rows[0]?.n ?? 0
}
