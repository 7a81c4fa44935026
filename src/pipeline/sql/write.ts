/** One statement per table and step; rows come as one JSON parameter with short column names (less text to parse). */

/**
 * The changes of a step find their rows by key, whatever the server believes of the tables: after a vacuum of the empty mailbox, or on
 * the first day of a shop, reading a whole index looks cheaper, and that plan would be kept while the table grows. What is left
 * without index scans is a bitmap scan, which needs a key to look for.
 */
export const BY_KEY = 'set local enable_indexscan = off'

/**
 * A change that fails unless it touches `$2` rows, so that the commit which goes along in the same flight ends as a rollback: what
 * is wrong is told by a text that is no number (`missedRows`).
 */
const touching = (what: 'fenced' | 'stale', change: string): string => `
with touched as (${change}
  returning 1)
select case when count(*) = $2 then 0 else ('andon_${what}_' || count(*))::int end as missed from touched`

/** Takes the positions and the chain link, and fences: a lane that lost its lease or is behind updates fewer rows. */
export const MOVE_POSITIONS = touching(
  'fenced',
  `
update position set next_pos = r.p, chain_n = r.n, chain_hash = r.h
from json_to_recordset($1) as r(b smallint, e bigint, o bigint, p bigint, n bigint, h bytea)
where position.bucket = r.b and position.epoch = r.e and position.next_pos = r.o`,
)

/** By COPY: it takes rows of the ledger for two thirds of what an insert from JSON costs the server. */
export const COPY_LEDGER = `
copy ledger (bucket, recorded_month, stream, seq, pos, type, v, actor, cause, occurred_at, recorded_at, known_at, body)
from stdin`

export const INSERT_CHAIN = `
insert into chain (bucket, n, pos_from, pos_to, at, prev, hash)
select b, n, f, t, a, p, h
from json_to_recordset($1) as x(b smallint, n bigint, f bigint, t bigint, a bigint, p bytea, h bytea)`

export const INSERT_HEADS = `
insert into head (bucket, stream, kind, version, clock, wake_at, timer_at, born_month, blob_version, historical)
select b, s, k, v, c, w, i, m, g, h
from json_to_recordset($1) as x(b smallint, s text, k text, v integer, c bigint, w bigint, i bigint, m integer, g integer,
  h boolean)`

/** Compare-and-set on the version: a head that moved meanwhile matches no row and the step is given up. */
export const UPDATE_HEADS = touching(
  'stale',
  `
update head set version = x.v, clock = x.c, wake_at = x.w, timer_at = x.i, blob_version = x.g, historical = x.h,
  born_month = x.m
from json_to_recordset($1) as x(b smallint, s text, v integer, c bigint, w bigint, i bigint, g integer, h boolean, o integer,
  m integer)
where head.bucket = x.b and head.stream = x.s and head.version = x.o`,
)

export const WRITE_STATES = `
insert into state (bucket, stream, version, shapes, body)
select b, s, v, h, j from json_to_recordset($1) as x(b smallint, s text, v integer, h json, j json)
on conflict (bucket, stream) do update set version = excluded.version, shapes = excluded.shapes, body = excluded.body`

export const WRITE_PARTS = `
insert into part (bucket, stream, kind, part, body)
select b, s, k, p, j from json_to_recordset($1) as x(b smallint, s text, k text, p text, j json)
on conflict (bucket, stream, kind, part) do update set body = excluded.body`

export const DELETE_PARTS = `
delete from part using json_to_recordset($1) as x(b smallint, s text, k text, p text)
where part.bucket = x.b and part.stream = x.s and part.kind = x.k and part.part = x.p`

export const INSERT_OUTBOX = `
insert into outbox (bucket, id, stream, channel, type, status, attempts, next_at, created_at, body)
select b, i, s, c, t, 'waiting', 0, a, a, j
from json_to_recordset($1) as x(b smallint, i text, s text, c text, t text, a bigint, j json)
on conflict (bucket, id) do nothing`

export const INSERT_OUTCOMES = `
insert into outcome (bucket, command_id, status, stream, version, at, request, body)
select b, i, u, s, v, a, q, j
from json_to_recordset($1) as x(b smallint, i text, u smallint, s text, v integer, a bigint, q text, j json)`

export const INSERT_QUARANTINE = `
insert into quarantine (bucket, id, stage, source, type, stream, code, error, at, status, row)
select b, i, g, o, t, s, c, e, a, 'open', j
from json_to_recordset($1) as x(b smallint, i text, g text, o text, t text, s text, c text, e json, a bigint, j json)
on conflict (bucket, id) do update set status = 'open', at = excluded.at, code = excluded.code, error = excluded.error`

export const INSERT_INTAKE = `
insert into intake (bucket, class, id, n, body)
select b, c, i, n, j from json_to_recordset($1) as x(b smallint, c smallint, i text, n smallint, j json)
on conflict (bucket, class, id) do nothing`

/** Packs that are done with. The count must match: a pack that is gone or shorter was handled by somebody else. */
export const DELETE_PACKS = touching(
  'stale',
  `
delete from intake using json_to_recordset($1) as x(b smallint, c smallint, i text, o smallint)
where intake.bucket = x.b and intake.class = x.c and intake.id = x.i and intake.n = x.o`,
)

/** Packs of which a part was handled keep the rest. */
export const SHORTEN_PACKS = touching(
  'stale',
  `
update intake set n = x.n, body = x.j
from json_to_recordset($1) as x(b smallint, c smallint, i text, o smallint, n smallint, j json)
where intake.bucket = x.b and intake.class = x.c and intake.id = x.i and intake.n = x.o`,
)

export const DISARM = `update head set wake_at = null, timer_at = null where bucket = $1 and stream = $2`
