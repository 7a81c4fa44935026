/** Which streams the keys of a batch belong to. One index probe per key. */
export const RESOLVE_KEYS = `
select k.kind, k.value, k.stream
from json_to_recordset($1) as r(b smallint, k text, v text)
join key k on k.bucket = r.b and k.kind = r.k and k.value = r.v`

export const FIND_SEEN = `
select s.digest, s.body_hash
from json_to_recordset($1) as r(b smallint, d bytea)
join seen s on s.bucket = r.b and s.digest = r.d`

// Accepting a batch: one transaction in one flight. By COPY where nothing has to be looked at: rows inside a JSON parameter
// cost the server half as much again.

/** Remembers the ids; one that was seen before violates the key, and nothing of the batch is kept. */
export const COPY_SEEN = 'copy seen (bucket, digest, body_hash, at) from stdin'

/** Salts of orders that begin; where there is one already, nothing of the batch is kept. */
export const COPY_SALTS = 'copy salt (bucket, stream, salt, made_at) from stdin'

/** Messages into their mailboxes. */
export const COPY_INTAKE = 'copy intake (bucket, class, id, n, body) from stdin'

export const INSERT_UNMATCHED = `
insert into unmatched (bucket, kind, value, id, main, keys, feed, type, v, actor, occurred_at, recorded_at, known_at,
  historical, until, body)
select b, k, w, i, m, y, f, t, v, a, o, r, n, h, u, j
from json_to_recordset($1) as x(b smallint, k text, w text, i text, m boolean, y json, f text, t text, v smallint,
  a text, o bigint, r bigint, n bigint, h boolean, u bigint, j json)`

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

/** Keys that messages brought; one that belongs to another order stays there. */
export const ADD_KEYS = `
insert into key (bucket, kind, value, stream)
select b, k, v, s from json_to_recordset($1) as r(b smallint, k text, v text, s text) order by b, k, v
on conflict (bucket, kind, value) do nothing`
