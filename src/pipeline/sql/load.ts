/** Heads and blobs of the streams of a batch. One index probe per stream on each table. */
export const LOAD_HEADS = `
select h.bucket, h.stream, h.kind, h.version, h.clock, h.wake_at, h.timer_at, h.born_month, h.blob_version, h.historical,
       s.shapes, s.body
from json_to_recordset($1) as r(b smallint, s text)
join head h on h.bucket = r.b and h.stream = r.s
left join state s on s.bucket = h.bucket and s.stream = h.stream and s.version = h.blob_version`

/** Facts after the blob. The month bound lets the join skip partitions older than the stream. */
export const LOAD_TAILS = `
select l.bucket, l.stream, l.seq, l.type, l.v, l.actor, l.cause, l.occurred_at, l.recorded_at, l.known_at, l.body
from json_to_recordset($1) as r(b smallint, s text, m integer, v integer)
join ledger l on l.bucket = r.b and l.stream = r.s and l.recorded_month >= r.m and l.seq > r.v
order by l.bucket, l.stream, l.seq`

/** One probe a stream, also where the plan was made when there were few. */
export const LOAD_SALTS = `
select t.stream, t.salt
from json_to_recordset($1) as r(b smallint, s text)
cross join lateral (select stream, salt from salt where salt.bucket = r.b and salt.stream = r.s limit 1) t`

/** Makes what is missing and returns what it made; the others stand already and are then visible to a read. */
export const MAKE_SALTS = `
insert into salt (bucket, stream, salt, made_at)
select r.b, r.s, r.salt, r.m from json_to_recordset($1) as r(b smallint, s text, salt bytea, m bigint)
on conflict (bucket, stream) do nothing
returning stream, salt`

/** The mailbox of the given home buckets, oldest of the lowest class first; one short index scan per group. */
export const READ_INTAKE = `
select i.bucket, i.class, i.id, i.n, i.body
from unnest($1::smallint[]) as b(bucket)
cross join lateral (
  select * from intake i where i.bucket = b.bucket order by i.class, i.id limit $2
) i
order by i.class, i.id`

/** Timers due before a bound, oldest first; one range scan per bucket. */
export const READ_TIMERS = `
select h.bucket, h.stream, h.timer_at as at
from unnest($1::smallint[]) as b(bucket)
cross join lateral (
  select bucket, stream, timer_at from head
  where head.bucket = b.bucket and head.timer_at <= $2
  order by head.timer_at limit $3
) h`

/** Positions and chain heads that still carry our epochs; what is missing belongs to somebody else. */
export const READ_POSITIONS = `
select p.bucket, p.epoch, p.next_pos, p.chain_n, p.chain_hash
from json_to_recordset($1) as r(b smallint, e bigint)
join position p on p.bucket = r.b and p.epoch = r.e`

/** A new owner's first act: its epoch goes into the positions, and the former owner's writes match no row from then on. */
export const TAKE_POSITIONS = `
insert into position (bucket, epoch, next_pos, chain_n, chain_hash)
select b, e, 1, 0, decode(repeat('00', 32), 'hex') from json_to_recordset($1) as r(b smallint, e bigint) order by b
on conflict (bucket) do update set epoch = excluded.epoch where position.epoch <= excluded.epoch
returning bucket, epoch, next_pos, chain_n, chain_hash`
