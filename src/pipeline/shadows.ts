import type { Fact } from '../contract/stream.ts'
import type { FindingCleared, FindingRaised } from '../modules/rules/index.ts'
import type { TailRow } from './load.ts'
import { jsonRows, type Sql } from './sql.ts'

const RAISE = `
insert into shadow_row (bucket, stream, rule, rule_version, raised_at, evidence)
select b, s, r, v, a, e
from json_to_recordset($1) as x(b smallint, s text, r text, v integer, a bigint, e json)
on conflict do nothing`

/** Each open one is cleared by the first clear after it. */
const CLEAR = `
update shadow_row as t set cleared_at = x.c
from (
  select s.bucket, s.stream, s.rule, s.rule_version, s.raised_at, min(r.a) as c
  from json_to_recordset($1) as r(b smallint, s text, r text, v integer, a bigint)
  join shadow_row s on s.bucket = r.b and s.stream = r.s and s.rule = r.r and s.rule_version = r.v
    and s.cleared_at is null and r.a >= s.raised_at
  group by s.bucket, s.stream, s.rule, s.rule_version, s.raised_at
) as x
where t.bucket = x.bucket and t.stream = x.stream and t.rule = x.rule and t.rule_version = x.rule_version
  and t.raised_at = x.raised_at`

interface Seen {
  readonly row: TailRow
  readonly fact: Fact
}

/** What rules in shadow said in a page of the ledger. */
export async function writeShadows(tx: Sql, seen: readonly Seen[]): Promise<void> {
  const raised = seen.filter(s => s.fact.type === 'shadow.raised').map(s => ({ ...keyOf(s), e: bodyOf(s).evidence }))
  const cleared = seen.filter(s => s.fact.type === 'shadow.cleared').map(keyOf)
  if (raised.length > 0) await tx.query(RAISE, [jsonRows(raised)])
  if (cleared.length > 0) await tx.query(CLEAR, [jsonRows(cleared)])
}

/** Safe: only the shadow reactor writes facts of these types, with these bodies. */
const bodyOf = ({ fact }: Seen) => fact.body as FindingRaised & FindingCleared

function keyOf(seen: Seen) {
  const { rule, version, at } = bodyOf(seen)
  return { b: seen.row.bucket, s: seen.row.stream, r: rule, v: version, a: at }
}
