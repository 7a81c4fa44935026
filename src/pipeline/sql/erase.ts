/** Orders that say anything of a person, oldest stream first; those that were placed after the request are another story. */
export const FIND_PERSON = `
select o.bucket, o.stream, o.order_no, o.open, o.erased
from search_row s join order_row o on o.bucket = s.bucket and o.stream = s.stream
where s.grams && $1::text[] and (o.placed_at is null or o.placed_at <= $2) and (o.bucket, o.stream) > ($3::smallint, $4)
order by o.bucket, o.stream limit $5`

/** Destroys salts; who never had one gets the mark too, so that nothing personal is sealed later. */
export const DESTROY_SALTS = `
insert into salt (bucket, stream, salt, made_at, erased_at)
select r.b, r.s, null, $2, $2 from json_to_recordset($1) as r(b smallint, s text) order by r.b, r.s
on conflict (bucket, stream) do update set salt = null, erased_at = excluded.erased_at where salt.salt is not null`

/** The salts of texts that people wrote after an earlier erasure (see salts.ts). */
export const DESTROY_LATER_SALTS = `
update salt set salt = null, erased_at = $2
from json_to_recordset($1) as r(b smallint, s text)
where salt.bucket = r.b and salt.stream = r.s and salt.salt is not null`

export const BLANK_ROWS = `
update order_row as t set customer_masked = null, erased = true
from json_to_recordset($1) as r(b smallint, s text) where t.bucket = r.b and t.stream = r.s`

// ---- messages that are no order's yet ----

/** Messages that wait for their order, with what they are sealed under. */
export const WAITING_MESSAGES = `
select id, feed, type, recorded_at, until, body from unmatched
where bucket = any($1::smallint[]) and main and id > $2 order by id limit $3`

export const DROP_WAITING = `
delete from unmatched using json_to_recordset($1) as r(i text)
where unmatched.bucket = any($2::smallint[]) and unmatched.id = r.i`

/** What was refused at the door, sealed as a whole. */
export const REFUSED_AT_DOOR = `
select bucket, id, at, row from quarantine
where bucket = any($1::smallint[]) and stage = 'door' and id > $2 order by id limit $3`

export const DROP_REFUSED = `
delete from quarantine using json_to_recordset($1) as r(b smallint, s text)
where quarantine.bucket = r.b and quarantine.id = r.s`

/** Of what is gone as a whole. */
export const DROP_SALTS = `
delete from salt using json_to_recordset($1) as r(b smallint, s text) where salt.bucket = r.b and salt.stream = r.s`
