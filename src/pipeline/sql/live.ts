/** Where the ledger of every group ends. */
export const ENDS = `
select bucket, next_pos - 1 as pos from position where bucket = any($1::smallint[])`

/**
 * What was written in some groups after one position and up to another, at most so many rows a group. Bodies only of what
 * the system wrote about cases: those of messages are large and nobody shows them.
 */
export const READ_NEWS = `
select l.bucket, l.stream, l.seq, l.pos, l.type, l.actor, l.occurred_at, l.recorded_at, l.body
from json_to_recordset($1) as g(b smallint, f bigint, t bigint)
cross join lateral (
  select n.bucket, n.stream, n.seq, n.pos, n.type, n.actor, n.occurred_at, n.recorded_at,
    case when n.type like 'case.%' or n.type like 'finding.%' then n.body end as body
  from ledger n
  where (n.bucket / 32) = (g.b / 32) and n.bucket between g.b and g.b + 31 and n.pos > g.f and n.pos <= g.t
  order by n.pos limit $2
) as l
order by l.recorded_at, l.bucket, l.pos`

export const READ_ORDERS = `
select o.* from json_to_recordset($1) as r(b smallint, s text)
join order_row o on o.bucket = r.b and o.stream = r.s`

/** Cases that changed at this version of their stream or after it. */
export const READ_CASES = `
select c.* from json_to_recordset($1) as r(b smallint, s text, q integer)
join case_row c on c.bucket = r.b and c.stream = r.s and c.version >= r.q`
