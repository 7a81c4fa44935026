const COLUMNS = `id, at, actor, behalf, address, agent, verb, subject_kind, subject_id, outcome, code, request, times,
  detail, mac`

/** Rows that have no place in the chain yet, in the order in which they are to get one. */
export const WAITING_AUDIT = `
select ${COLUMNS} from audit where bucket = $1 and pos is null order by id limit $2`

/** Whether there is anything to do: rows that wait, or no head yet, which a check of the chain would miss. */
export const WAITS_AUDIT = `
select exists (select from audit where bucket = $1 and pos is null)
  or not exists (select from audit_head where bucket = $1) as waits`

export const AUDIT_HEAD = `select n, pos, hash from audit_head where bucket = $1`

export const FOUND_AUDIT = `
insert into audit_head (bucket, n, pos, hash) values ($1, 0, 1, $2) on conflict (bucket) do nothing`

/** Compare-and-set: of two sealers one moves the head, and the other's transaction is undone. */
export const MOVE_AUDIT = `
update audit_head set n = $2, pos = $3, hash = $4 where bucket = $1 and n = $5 and hash = $6`

export const PLACE_AUDIT = `
update audit set pos = r.p from json_to_recordset($2) as r(i text, p bigint)
where audit.bucket = $1 and audit.id = r.i and audit.pos is null`

export const INSERT_AUDIT_LINK = `
insert into audit_link (bucket, n, pos_from, pos_to, at, prev, hash) values ($1, $2, $3, $4, $5, $6, $7)`

export const AUDIT_LINKS = `
select n, pos_from, pos_to, at, prev, hash from audit_link where bucket = $1 and n > $2 order by n limit $3`

export const AUDIT_ROWS = `
select pos, ${COLUMNS} from audit where bucket = $1 and pos between $2 and $3 order by pos`

/** Rows that are waiting, by id, in pages. */
export const AUDIT_UNSEALED = `
select pos, ${COLUMNS} from audit where bucket = $1 and pos is null and id > $2 order by id limit $3`

/** Entries that tell of the removal of others, past their time. */
export const AUDIT_EXPIRED = `
select pos, ${COLUMNS} from audit where bucket = $1 and verb = 'audit.expire' order by at desc limit 1000`

export const AUDIT_OUTSIDE = `
select count(*) filter (where pos >= $2) as behind, min(pos) as pos, count(*) filter (where pos < 1) as before
from audit where bucket = $1 and (pos >= $2 or pos < 1)`

/** Rows and links outside of the one bucket that there is. */
export const AUDIT_STRAYS = `
select /* every bucket: rows that stand where nobody looks */ 'row' as what, id as name from audit where bucket <> $1
union all
select /* every bucket: links that stand where nobody looks */ 'link', n::text from audit_link where bucket <> $1 limit 20`
