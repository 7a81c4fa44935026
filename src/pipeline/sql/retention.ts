import { STAGES } from '../../contract/stages.ts'

/** Deletes in pages of so many rows, so that no statement takes long. */
export const PAGE = 2000

export const OLD_OUTCOMES = `
delete from outcome where bucket = any($1::smallint[]) and (bucket, command_id) in (
  select bucket, command_id from outcome where bucket = any($1::smallint[]) and at < $2 limit ${PAGE})`

// By stage, so that the index on when it was left is the one.
export const OLD_STAYS = `
delete from stay_row where bucket = any($1::smallint[]) and (bucket, stream, stage) in (
  select bucket, stream, stage from stay_row
  where bucket = any($1::smallint[]) and left_at < $2 and stage in (${STAGES.map(s => `'${s}'`).join(', ')}) limit ${PAGE})`

export const OLD_MESSAGES = `
delete from outbox where bucket = any($1::smallint[]) and (bucket, id) in (
  select bucket, id from outbox
  where bucket = any($1::smallint[]) and status = $3 and created_at < $2 limit ${PAGE})`

export const OLD_REFUSED = `
select bucket, id from quarantine where bucket = any($1::smallint[]) and at < $2 and stage = 'door' limit ${PAGE}`

export const OLD_THROWN = `
delete from quarantine where bucket = any($1::smallint[]) and (bucket, id) in (
  select bucket, id from quarantine
  where bucket = any($1::smallint[]) and at < $2 and stage <> 'door' limit ${PAGE})`

export const OLD_WAITING = `
select id, feed, type, recorded_at, until, body from unmatched
where bucket = any($1::smallint[]) and main and recorded_at < $2 order by id limit ${PAGE / 4}`

/** Of one bucket: its ids are a thousandth of all, so that a look at each is quick. */
export const OLD_SEEN = `delete from seen where bucket = $1 and at < $2`

export const OLD_JOBS = `
delete from job where id in (
  select id from job where status <> 'running' and ended_at is not null and ended_at < $1 limit ${PAGE})`

/** Streams with personal data that came long ago and whose order is over since, oldest first; those without an order too. */
export const OLD_PERSONS = `
select s.bucket, s.stream, s.made_at, o.stream is not null as is_order,
  coalesce(not o.open and greatest(o.last_event_at, o.updated_at) < $2, false) as over
from salt s left join order_row o on o.bucket = s.bucket and o.stream = rtrim(s.stream, '~')
where s.bucket = $1 and s.salt is not null and s.made_at < $2 and (s.made_at, s.stream) > ($3::bigint, $4)
order by s.made_at, s.stream limit ${PAGE}`

/** The last link of the audit trail that was sealed before an instant, a limited number of rows behind the first. */
export const OLD_LINK = `
select n, pos_to from audit_link
where bucket = $1 and at < $2
  and pos_to >= (select min(pos) from audit where bucket = $1)
  and pos_to < (select min(pos) from audit where bucket = $1) + ${PAGE}
order by n desc limit 1`

export const DROP_AUDIT = `delete from audit where bucket = $1 and pos <= $2`

export const OLD_ACTS = `
delete from act_row where bucket = any($1::smallint[]) and (bucket, stream, seq) in (
  select bucket, stream, seq from act_row where bucket = any($1::smallint[]) and at < $2 limit ${PAGE})`
