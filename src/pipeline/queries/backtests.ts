import type { Reach } from '../../contract/principal.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { Hit } from '../backtest/tally.ts'
import { jsonRows, type Sql } from '../sql.ts'
import { type Page, pageOf } from './build.ts'
import { orderColumns, reachText } from './scope.ts'

const HITS = 'select n, body from backtest_hit where job = $1 and n > $2 order by n limit $3'

interface HitRow {
  readonly n: number
  readonly hit: Hit
}

/** Hits of a back-test on orders within reach, in the order in which they were found. */
export async function listHits(
  sql: Sql,
  of: { readonly job: string; readonly reach: Reach },
  page: { readonly limit: number; readonly after: number | null },
): Promise<Page<HitRow, number>> {
  const { rows } = await sql.query<{ n: number; body: string }>(HITS, [of.job, page.after ?? -1, page.limit + 1])
  const hits = rows.map(({ n, body }): HitRow => ({ n, hit: JSON.parse(body) as Hit }))
  const { rows: shown, next } = pageOf(hits, page.limit, row => row.n)
  if (of.reach === 'all') return { rows: shown, next }
  const seen = await inReach(
    sql,
    of.reach,
    shown.map(r => r.hit.stream),
  )
  return { rows: shown.filter(r => seen.has(r.hit.stream)), next }
}

/** Those of these orders that somebody may see. */
export async function inReach(sql: Sql, reach: Reach, streams: readonly string[]): Promise<ReadonlySet<string>> {
  if (streams.length === 0) return new Set()
  const { text, values } = reachText(reach, orderColumns('o'), 2)
  const ask = jsonRows(streams.map(stream => ({ b: bucketOf(stream), s: stream })))
  const { rows } = await sql.query<{ stream: string }>(
    `select o.stream from json_to_recordset($1) as r(b smallint, s text)
     join order_row o on o.bucket = r.b and o.stream = r.s where ${text}`,
    [ask, ...values],
  )
  return new Set(rows.map(r => r.stream))
}
