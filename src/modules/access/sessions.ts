import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'
import type { PersonStatus } from './people.ts'
import type { Assignment } from './types.ts'

/** A session with everything that a request needs to know of its person. */
export interface SessionRow {
  readonly id: string
  readonly person: string
  readonly handle: string
  readonly name: string
  readonly status: PersonStatus
  readonly teams: readonly string[]
  /** Handles of everybody who shares a team with the person. */
  readonly mates: readonly string[]
  readonly assignments: readonly Assignment[]
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly usedAt: Instant
}

const FIND = `
select s.id, s.person, p.handle, p.name, p.status, p.teams, s.created_at, s.expires_at, s.updated_at,
  array(select m.handle from person m where m.teams && p.teams and m.id <> p.id limit 1000) as mates,
  (select coalesce(json_agg(json_build_object('role', a.role, 'shops', a.shops, 'warehouses', a.warehouses) order by a.n), '[]')
   from assignment a where a.person = p.id) as assignments
from session s join person p on p.id = s.person
where s.token = $1`

interface Found {
  readonly id: string
  readonly person: string
  readonly handle: string
  readonly name: string
  readonly status: PersonStatus
  readonly teams: string[]
  readonly mates: string[]
  readonly assignments: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly updated_at: Date
}

export async function sessionByToken(sql: Sql, token: string): Promise<SessionRow | null> {
  const row = (await sql.query<Found>(FIND, [token])).rows[0]
  if (!row) return null
  const { created_at, expires_at, updated_at, assignments, ...rest } = row
  return {
    ...rest,
    assignments: JSON.parse(assignments),
    createdAt: created_at.getTime(),
    expiresAt: expires_at.getTime(),
    usedAt: updated_at.getTime(),
  }
}

const TOUCH = 'update session set expires_at = $2, updated_at = $3 where id = $1'

export async function touchSession(
  sql: Sql,
  id: string,
  { until, at }: { until: Instant; at: Instant },
): Promise<void> {
  await sql.query(TOUCH, [id, new Date(until), new Date(at)])
}

export interface ListedSession {
  readonly id: string
  readonly address: string | null
  readonly agent: string | null
  readonly createdAt: Instant
  readonly usedAt: Instant
  readonly expiresAt: Instant
}

const LIST = `
select id, address, agent, created_at, updated_at, expires_at from session
where person = $1 and expires_at > $2 order by updated_at desc, id limit 200`

export async function sessionsOf(sql: Sql, person: string, now: Instant): Promise<ListedSession[]> {
  const { rows } = await sql.query<Found & { address: string | null; agent: string | null }>(LIST, [
    person,
    new Date(now),
  ])
  return rows.map(({ id, address, agent, created_at, updated_at, expires_at }) => ({
    ...{ id, address: address || null, agent: agent || null },
    ...{ createdAt: created_at.getTime(), usedAt: updated_at.getTime(), expiresAt: expires_at.getTime() },
  }))
}

const END = `delete from session where person = $1 and ($2::text is null or id = $2) and ($3::text is null or id <> $3)`
const END_TOKEN = 'delete from session where token = $1'

/** Ends one session, or all; `but` stays. Returns how many ended. */
export async function endSessions(
  sql: Sql,
  person: string,
  which: { readonly id?: string; readonly but?: string } = {},
): Promise<number> {
  return (await sql.query(END, [person, which.id ?? null, which.but ?? null])).rowCount
}

export async function endSessionOfToken(sql: Sql, token: string): Promise<void> {
  await sql.query(END_TOKEN, [token])
}

const TIDY = [
  'delete from session where expires_at < $1',
  'delete from verification where expires_at < $1',
  ...['ticket', 'used_code'].map(
    table => `delete from ${table} where expires_at < (extract(epoch from $1::timestamptz) * 1000)::bigint`,
  ),
  'delete from throttle where greatest(since, until) < (extract(epoch from $1::timestamptz) * 1000)::bigint - 86400000',
]

/** Removes what has run out. */
export async function tidySignIns(sql: Sql, now: Instant): Promise<void> {
  for (const text of TIDY) await sql.query(text, [new Date(now)])
}
