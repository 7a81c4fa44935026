/** Which streams the keys of a batch belong to. One index probe per key. */
export const RESOLVE_KEYS = `
select k.kind, k.value, k.stream
from json_to_recordset($1) as r(b smallint, k text, v text)
join key k on k.bucket = r.b and k.kind = r.k and k.value = r.v`

export const FIND_SEEN = `
select s.digest, s.body_hash
from json_to_recordset($1) as r(b smallint, d bytea)
join seen s on s.bucket = r.b and s.digest = r.d`

/**
 * Accepts a batch: remembers the ids, adds keys, and puts messages into mailboxes or among the unmatched. One statement,
 * so it is all or nothing; an id that was seen before violates `seen`'s key and nothing is inserted.
 */
export const ACCEPT = `
with ids as (
  insert into seen (bucket, digest, body_hash, at)
  select b, d, h, a from json_to_recordset($1) as r(b smallint, d bytea, h bytea, a bigint)
), keys as (
  insert into key (bucket, kind, value, stream)
  select b, k, v, s from json_to_recordset($2) as r(b smallint, k text, v text, s text)
  on conflict (bucket, kind, value) do nothing
), waiting as (
  insert into unmatched (bucket, kind, value, id, main, keys, feed, type, v, actor, occurred_at, recorded_at, known_at,
    historical, until, body)
  select b, k, w, i, m, y, f, t, v, a, o, r, n, h, u, j
  from json_to_recordset($4) as x(b smallint, k text, w text, i text, m boolean, y json, f text, t text, v smallint,
    a text, o bigint, r bigint, n bigint, h boolean, u bigint, j json)
)
insert into intake (bucket, class, id, n, body)
select b, c, i, n, j from json_to_recordset($3) as x(b smallint, c smallint, i text, n smallint, j json)`

/** Messages that wait for one of the given keys, as far as the key is known, with the stream it belongs to. */
export const FIND_MATCHED = `
select u.bucket, u.kind, u.value, u.id, u.keys, k.stream
from json_to_recordset($2) as r(b smallint, k text, v text)
join unmatched u on u.bucket = r.b and u.kind = r.k and u.value = r.v
join key k on k.bucket = r.b and k.kind = r.k and k.value = r.v
order by u.id limit $1`

/** The same for whatever waits, bucket by bucket: for start-up and now and then, when a notice may have been lost. */
export const FIND_ALL_MATCHED = `
select u.bucket, u.kind, u.value, u.id, u.keys, k.stream
from unnest($2::smallint[]) as b(bucket)
join unmatched u on u.bucket = b.bucket
join key k on k.bucket = u.bucket and k.kind = u.kind and k.value = u.value
order by u.id limit $1`

/** Takes the message of a row (its carrying row may stand under another of its keys); nothing when somebody took it. */
export const TAKE_UNMATCHED = `
delete from unmatched u using json_to_recordset($1) as r(b smallint, k text, v text, i text)
where u.bucket = r.b and u.kind = r.k and u.value = r.v and u.id = r.i
returning u.id, u.main, u.feed, u.type, u.v, u.actor, u.occurred_at, u.recorded_at, u.known_at, u.historical, u.body`

/** Keys that a delivered message brought; one that belongs to another order stays there. */
export const ADD_KEYS = `
insert into key (bucket, kind, value, stream)
select b, k, v, s from json_to_recordset($1) as r(b smallint, k text, v text, s text) order by b, k, v
on conflict (bucket, kind, value) do nothing`
