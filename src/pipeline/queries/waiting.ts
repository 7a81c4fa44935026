import { BUCKETS } from '../../kernel/bucket.ts'
import { PROJECTOR, TALLY } from '../sql/project.ts'
import { jsonRows, type Sql } from '../sql.ts'

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, i) => i)

const MAIL = `
select coalesce(sum(n), 0)::integer as n
from (select n from intake where bucket = any($1::smallint[]) limit $2) as counted`
const STUCK = `select count(*) as n from quarantine where stage = 'step' and status = 'open'`
const AT_DOOR = `select count(*) as n from quarantine where stage = 'door' and status = 'open'`
const DEAD = `select count(*) as n from outbox where bucket = any($1::smallint[]) and status = 'dead'`
const OWNERS = `
select count(*) as n from lease where bucket = any($1::smallint[]) and owner is not null
  and expires_at > (extract(epoch from clock_timestamp()) * 1000)::bigint`

const first = async (sql: Sql, text: string, values: readonly unknown[] = []): Promise<number> =>
  (await sql.query<{ n: number }>(text, values)).rows[0]?.n ?? 0

/** Messages in all mailboxes; counting stops after `most` packs of them. */
export const mailWaiting = (sql: Sql, most: number): Promise<number> => first(sql, MAIL, [ALL_BUCKETS, most])

/** Rows that threw when they were to take effect, and that nobody replayed. */
export const stuckRows = (sql: Sql): Promise<number> => first(sql, STUCK)

/** Events that were refused when they came, and that nobody replayed. */
export const refusedEvents = (sql: Sql): Promise<number> => first(sql, AT_DOOR)

/** Messages that could not be delivered in many tries. */
export const deadLetters = (sql: Sql): Promise<number> => first(sql, DEAD, [ALL_BUCKETS])

/** Bucket groups that a live process owns right now. */
export const ownedGroups = (sql: Sql): Promise<number> => first(sql, OWNERS, [ALL_BUCKETS])

// A node tells that it lives every few seconds; one that did not within half a minute has lost its leases.
const OTHERS = `
select count(*) as n from node
where id <> $1 and seen_at > (select (extract(epoch from clock_timestamp()) * 1000)::bigint) - 30000`

/** Other processes that work on this database. */
export const otherNodes = (sql: Sql, own: string): Promise<number> => first(sql, OTHERS, [own])

const ENDS = `
select bucket as b, next_pos - 1 as p from position where bucket = any($1::smallint[]) and next_pos > 1`
const BEHIND = `
select count(*) as n from json_to_recordset($1) as e(b smallint, p bigint)
cross join unnest($2::text[]) as n(follower)
left join follower f on f.bucket = e.b and f.name = n.follower
where coalesce(f.pos, 0) < e.p`

/** How far the ledger of each group reaches. */
export async function ledgerEnds(sql: Sql): Promise<readonly LedgerEnd[]> {
  return (await sql.query<LedgerEnd>(ENDS, [ALL_BUCKETS])).rows
}

export interface LedgerEnd {
  readonly b: number
  readonly p: number
}

/** Followers, each counted by group, that have not come to these ends yet, whichever process they run in. */
export const followersBehind = (sql: Sql, ends: readonly LedgerEnd[]): Promise<number> =>
  first(sql, BEHIND, [jsonRows(ends), [PROJECTOR, TALLY]])
