import type { Reach } from '../../contract/principal.ts'
import type { Instant } from '../../kernel/instant.ts'
import { jsonRows, type Sql } from '../sql.ts'
import { run } from './build.ts'
import { filteredCases } from './cases.ts'
import type { CaseRowTable, OrderRowTable } from './tables.ts'

/** Cases of a type that are over, the newest that ended first. */
export function endedCases(
  sql: Sql,
  asked: { readonly reach: Reach; readonly type: string; readonly from: Instant; readonly limit: number },
): Promise<CaseRowTable[]> {
  const { reach, type, from, limit } = asked
  const query = filteredCases({ reach, state: 'over', type: [type], endedFrom: from })
    .selectAll('o')
    .orderBy('o.ended_at', o => o.desc())
    .orderBy('o.case_id')
    .limit(limit)
  return run(sql, query)
}

export type OrderTraits = Pick<OrderRowTable, 'stream' | 'carrier' | 'payment_method'>

const TRAITS = `
select o.stream, o.carrier, o.payment_method from json_to_recordset($1) as r(b smallint, s text)
join order_row o on o.bucket = r.b and o.stream = r.s`

/** What cases do not say of their orders and precedent depends on. */
export async function traitsOf(sql: Sql, cases: readonly CaseRowTable[]): Promise<Map<string, OrderTraits>> {
  if (cases.length === 0) return new Map()
  const asked = [...new Map(cases.map(c => [c.stream, { b: c.bucket, s: c.stream }])).values()]
  const { rows } = await sql.query<OrderTraits>(TRAITS, [jsonRows(asked)])
  return new Map(rows.map(row => [row.stream, row]))
}
