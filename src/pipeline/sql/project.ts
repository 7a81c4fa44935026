/** A page of a group's ledger by position. The bucket list is redundant here and routes the query in a cluster. */
export const READ_PAGE = `
select bucket, stream, seq, pos, type, v, actor, cause, occurred_at, recorded_at, known_at, body
from ledger where (bucket / 32) = $1 and pos > $2 and bucket = any($4::smallint[])
order by pos limit $3`

/** The followers, by the names under which they keep their positions. */
export const PROJECTOR = 'project'
export const TALLY = 'tally'

/** Groups whose ledger is ahead of the follower, and where it stands in each. */
export const AHEAD = `
select p.bucket, coalesce(f.pos, 0) as pos
from position p left join follower f on f.bucket = p.bucket and f.name = $1
where p.bucket = any($2::smallint[]) and p.next_pos > coalesce(f.pos, 0) + 1
order by p.bucket`

/** Compare-and-set on the follower's own position. */
export const MOVE = `
insert into follower (name, bucket, pos) values ($1, $2, $4)
on conflict (name, bucket) do update set pos = excluded.pos where follower.pos = $3`

export const WRITE_SEARCH = `
insert into search_row as t (bucket, stream, grams)
select r.b, r.s, array(select json_array_elements_text(r.g)) from json_to_recordset($1) as r(b smallint, s text, g json)
on conflict (bucket, stream) do update
set grams = array(select distinct u from unnest(t.grams || excluded.grams) as u)
where not t.grams @> excluded.grams`

export const ADD_ROLLUPS = `
insert into rollup_day as t (bucket, day, measure, dimension, n, amount)
select b, d, m, x, n, a from json_to_recordset($1) as r(b smallint, d integer, m text, x text, n bigint, a bigint)
order by b, d, m, x
on conflict (bucket, day, measure, dimension) do update set n = t.n + excluded.n, amount = t.amount + excluded.amount`

/** A person who was erased is found no more. */
export const STRIP_SEARCH = `
update search_row as t set grams = array(select u from unnest(t.grams) as u where not starts_with(u, '~'))
from json_to_recordset($1) as r(b smallint, s text)
where t.bucket = r.b and t.stream = r.s`

export const WRITE_ACTS = `
insert into act_row (bucket, stream, seq, at, actor, behalf, verb, outcome, code, request)
select b, s, q, t, a, h, v, o, c, r
from json_to_recordset($1) as x(b smallint, s text, q integer, t bigint, a text, h text, v text, o text, c text, r text)
on conflict (bucket, stream, seq) do nothing`
