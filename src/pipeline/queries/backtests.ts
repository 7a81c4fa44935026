import type { Hit } from '../backtest/tally.ts'
import type { Sql } from '../sql.ts'
import { type Page, pageOf } from './build.ts'

const HITS = 'select n, body from backtest_hit where job = $1 and n > $2 order by n limit $3'

interface HitRow {
  readonly n: number
  readonly hit: Hit
}

/** Hits of a back-test, in the order in which they were found. */
export async function listHits(
  sql: Sql,
  job: string,
  page: { readonly limit: number; readonly after: number | null },
): Promise<Page<HitRow, number>> {
  const { rows } = await sql.query<{ n: number; body: string }>(HITS, [job, page.after ?? -1, page.limit + 1])
  const hits = rows.map(({ n, body }): HitRow => ({ n, hit: JSON.parse(body) as Hit }))
  return pageOf(hits, page.limit, row => row.n)
}
