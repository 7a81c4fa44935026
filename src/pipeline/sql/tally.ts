/** Streams of a group's ledger page by position: no bodies, since what streams count as follows from their rows. */
export const READ_CHANGED = `
select bucket, stream, pos, recorded_at from ledger
where (bucket / 32) = $1 and pos > $2 and bucket = any($4::smallint[])
order by pos limit $3`

export const READ_ORDERS = `
select o.bucket, o.stream, o.channel, o.currency, o.total, o.placed_at, o.promise_ends_at, o.delivered_at, o.cancelled,
  o.touched, o.status, o.nodes
from json_to_recordset($1) as r(b smallint, s text)
join order_row o on o.bucket = r.b and o.stream = r.s`

export const READ_CASES = `
select c.bucket, c.stream, c.channel, c.type, c.severity, c.currency, c.amount, c.opened_at, c.acknowledged_at,
  c.resolved_at, c.ended_at, c.over, c.status, c.reopened, c.paused
from json_to_recordset($1) as r(b smallint, s text)
join case_row c on c.bucket = r.b and c.stream = r.s`

export const READ_COUNTED = `
select c.stream, c.cells from json_to_recordset($1) as r(b smallint, s text)
join counted c on c.bucket = r.b and c.stream = r.s`

export const WRITE_COUNTED = `
insert into counted (bucket, stream, cells)
select r.b, r.s, r.c from json_to_recordset($1) as r(b smallint, s text, c json)
on conflict (bucket, stream) do update set cells = excluded.cells`

export const ADD_HOURS = `
insert into rollup_hour as t (bucket, measure, hour, channel, dimension, currency, n, amount, ms)
select r.b, r.m, r.h, r.c, r.d, r.u, r.n, r.a, r.t
from json_to_recordset($1) as r(b smallint, m text, h integer, c text, d text, u text, n bigint, a bigint, t bigint)
order by r.m, r.h, r.c, r.d, r.u
on conflict (bucket, measure, hour, channel, dimension, currency) do update
set n = t.n + excluded.n, amount = t.amount + excluded.amount, ms = t.ms + excluded.ms`

export const ADD_LEVELS = `
insert into rollup_level as t (bucket, measure, channel, dimension, currency, n, amount)
select r.b, r.m, r.c, r.d, r.u, r.n, r.a
from json_to_recordset($1) as r(b smallint, m text, c text, d text, u text, n bigint, a bigint)
order by r.m, r.c, r.d, r.u
on conflict (bucket, measure, channel, dimension, currency) do update
set n = t.n + excluded.n, amount = t.amount + excluded.amount`

export const ADD_STAYS = `
insert into rollup_stay as t (bucket, stage, hour, channel, bin, n)
select r.b, r.s, r.h, r.c, r.i, r.n
from json_to_recordset($1) as r(b smallint, s text, h integer, c text, i smallint, n bigint)
order by r.s, r.h, r.c, r.i
on conflict (bucket, stage, hour, channel, bin) do update set n = t.n + excluded.n`

export const DROP_STAYS = `
delete from stay_row as t using json_to_recordset($1) as r(b smallint, s text)
where t.bucket = r.b and t.stream = r.s`

export const WRITE_STAYS = `
insert into stay_row (bucket, stream, stage, channel, entered_at, left_at)
select r.b, r.s, r.g, r.c, r.e, r.l
from json_to_recordset($1) as r(b smallint, s text, g text, c text, e bigint, l bigint)
on conflict (bucket, stream, stage) do update set entered_at = excluded.entered_at, left_at = excluded.left_at,
  channel = excluded.channel`
