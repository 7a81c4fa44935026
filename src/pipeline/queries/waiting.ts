import { BUCKETS } from '../../kernel/bucket.ts'
import type { Sql } from '../sql.ts'

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
