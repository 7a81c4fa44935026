import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'

/**
 * What was taken away from programs and people, for a register beside the database. Each is told by something that only
 * grows, so that one can tell an older database from a later decision: a key never comes back, a secret that ends has ended,
 * and a person has a number of changes.
 */
export type Taken =
  | { readonly kind: 'key'; readonly id: string; readonly version: number }
  | { readonly kind: 'secret'; readonly id: string; readonly until: Instant }
  | { readonly kind: 'person'; readonly id: string; readonly version: number }

const REVOKED = `select handle as id, version from api_key where status = 'revoked' order by handle limit 10000`
const ENDING =
  'select hint as id, expires_at as until from api_secret where expires_at is not null order by hint limit 10000'
const DISABLED = `select handle as id, version from person where status = 'disabled' order by handle limit 10000`
const HINTS = 'select hint from api_secret order by hint limit 10000'

/** What stands as taken away now. */
export async function takenAway(sql: Sql): Promise<Taken[]> {
  const keys = await sql.query<{ id: string; version: number }>(REVOKED)
  const secrets = await sql.query<{ id: string; until: Instant }>(ENDING)
  const people = await sql.query<{ id: string; version: number }>(DISABLED)
  return [
    ...keys.rows.map(row => ({ kind: 'key' as const, ...row })),
    ...secrets.rows.map(row => ({ kind: 'secret' as const, ...row })),
    ...people.rows.map(row => ({ kind: 'person' as const, ...row })),
  ]
}

/** The secrets that there are: one that is gone has ended. */
export const secretHints = async (sql: Sql): Promise<string[]> =>
  (await sql.query<{ hint: string }>(HINTS)).rows.map(row => row.hint)

const REVOKE = `
update api_key set status = 'revoked', version = greatest(version, $2) + 1 where handle = $1 and status <> 'revoked'`
const END = `
update api_secret set expires_at = $2 where hint = $1 and (expires_at is null or expires_at > $2)`
// Whoever was changed later than that is as somebody decided since.
const DISABLE = `
update person set status = 'disabled', version = $2 + 1 where handle = $1 and status <> 'disabled' and version < $2`

/** Takes it away again in an older database. True: it was there. */
export async function takeAgain(sql: Sql, taken: Taken): Promise<boolean> {
  const { kind, id } = taken
  if (kind === 'key') return (await sql.query(REVOKE, [id, taken.version])).rowCount === 1
  if (kind === 'secret') return (await sql.query(END, [id, taken.until])).rowCount === 1
  return (await sql.query(DISABLE, [id, taken.version])).rowCount === 1
}
