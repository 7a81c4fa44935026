import type { Duration, Instant } from '../kernel/instant.ts'
import type { Sql } from './database.ts'

/** Ownership of one bucket group, keyed by the group's home bucket. Each write of the owner checks the epoch. */
export interface Lease {
  readonly bucket: number
  /** Raised at every take-over; a former owner's epoch matches no row any more. */
  readonly epoch: number
}

/** What the server's clock says and how many nodes live: one statement, because an idle node does little else. */
export interface Pulse {
  /** Epoch ms of the server: expiry is judged by one clock, whatever the nodes' clocks say. */
  readonly now: Instant
  readonly nodes: number
}

// The time is read by SELECT and passed on as a value: a cluster refuses volatile functions in SET.
const PULSE = `
with t as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as now),
beat as (
  insert into node (id, seen_at) select $1, now from t
  on conflict (id) do update set seen_at = excluded.seen_at
)
select t.now, 1 + (select count(*) from node where id <> $1 and seen_at > t.now - $2::bigint) as nodes from t`

/** Tells the others that `owner` lives, and learns the server's time and how many lived within `ttl`. */
export async function pulse(sql: Sql, owner: string, ttl: Duration): Promise<Pulse> {
  const { rows } = await sql.query<{ now: Instant; nodes: number }>(PULSE, [owner, ttl])
  return rows[0] ?? { now: 0, nodes: 1 }
}

const ACQUIRE = `
insert into lease (bucket, owner, epoch, expires_at)
select b, $2, 1, $3::bigint from unnest($1::smallint[]) as b order by b
on conflict (bucket) do update set owner = excluded.owner, epoch = lease.epoch + 1, expires_at = excluded.expires_at
where lease.expires_at < $4::bigint or lease.owner = excluded.owner
returning bucket, epoch`

/** Takes those of `buckets` that are new, expired, released, or ours from an earlier life; each with a new epoch. */
export async function acquire(
  sql: Sql,
  claim: { owner: string; buckets: readonly number[]; now: Instant; ttl: Duration },
): Promise<Lease[]> {
  const values = [claim.buckets, claim.owner, claim.now + claim.ttl, claim.now]
  return (await sql.query<Lease>(ACQUIRE, values)).rows
}

const RENEW = `
update lease set expires_at = $3::bigint
from unnest($1::smallint[], $4::bigint[]) as mine(b, e)
where lease.bucket = mine.b and lease.epoch = mine.e and lease.owner = $2
returning bucket, epoch`

/** Prolongs all of `leases` in one statement; what is missing from the answer is lost. */
export async function renew(
  sql: Sql,
  claim: { owner: string; leases: readonly Lease[]; now: Instant; ttl: Duration },
): Promise<Lease[]> {
  const buckets = claim.leases.map(l => l.bucket)
  const epochs = claim.leases.map(l => l.epoch)
  return (await sql.query<Lease>(RENEW, [buckets, claim.owner, claim.now + claim.ttl, epochs])).rows
}

const RELEASE = `
update lease set owner = null, expires_at = 0
from unnest($1::smallint[], $3::bigint[]) as mine(b, e)
where lease.bucket = mine.b and lease.epoch = mine.e and lease.owner = $2`

/** Gives `leases` to whoever wants them; the epochs stay, so that what we still write after it matches no row. */
export async function release(sql: Sql, owner: string, leases: readonly Lease[]): Promise<void> {
  await sql.query(RELEASE, [leases.map(l => l.bucket), owner, leases.map(l => l.epoch)])
}

const FREE = `
select b as bucket from unnest($1::smallint[]) as b left join lease on lease.bucket = b
where lease.bucket is null or lease.expires_at < $2::bigint or lease.owner = $3
order by b`

/** Those of `buckets` that can be acquired now. */
export async function free(
  sql: Sql,
  claim: { owner: string; buckets: readonly number[]; now: Instant },
): Promise<number[]> {
  const { rows } = await sql.query<{ bucket: number }>(FREE, [claim.buckets, claim.now, claim.owner])
  return rows.map(row => row.bucket)
}

const RETIRE = 'delete from node where id = $1'

/** Says goodbye, so that the others do not wait for our time-out. */
export async function retire(sql: Sql, owner: string): Promise<void> {
  await sql.query(RETIRE, [owner])
}
