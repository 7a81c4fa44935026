import { BUCKETS } from '../../kernel/bucket.ts'
import type { Sql } from '../sql.ts'

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, i) => i)

const BEHIND = `
select f.name, sum(greatest(p.next_pos - f.pos - 1, 0))::bigint as behind
from follower f join position p on p.bucket = f.bucket
where f.bucket = any($1::smallint[])
group by f.name order by f.name limit 50`

export interface FollowerLag {
  readonly name: string
  readonly behind: number
}

/** How many facts each follower has not seen yet, over all groups. */
export async function followersBehind(sql: Sql): Promise<FollowerLag[]> {
  const { rows } = await sql.query<FollowerLag>(BEHIND, [ALL_BUCKETS])
  return rows.map(({ name, behind }) => ({ name, behind: Number(behind) }))
}

const WAITING = `
select count(*) as n from (
  select 1 from outbox where bucket = any($1::smallint[]) and status = 'waiting' limit 10001
) as counted`

/** Messages that wait to be delivered; counting stops at 10,001. */
export async function outboxWaiting(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>(WAITING, [ALL_BUCKETS])).rows[0]?.n ?? 0
}

const SERVER = `
select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
  (select count(*) from pg_stat_activity where datname = current_database()) as connections`

export interface DatabaseGlance {
  readonly version: string
  readonly bytes: number
  readonly connections: number
}

export async function databaseGlance(sql: Sql): Promise<DatabaseGlance> {
  const row = (await sql.query<DatabaseGlance>(SERVER)).rows[0]
  return { version: row?.version ?? '', bytes: Number(row?.bytes ?? 0), connections: Number(row?.connections ?? 0) }
}
