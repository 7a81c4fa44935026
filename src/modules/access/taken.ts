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

/** Far more than anybody has: each look reads all of them. */
const MOST_SECRETS = 20_000
/** One statement: a node at rest asks it all day long. A secret that is gone has ended, so all of them are told. */
const STANDING = `
(select 'key' as kind, handle as id, version, null::bigint as until
 from api_key where status = 'revoked' order by handle limit 10000)
union all
(select 'person', handle, version, null from person where status = 'disabled' order by handle limit 10000)
union all
(select 'secret', hint, 0, expires_at from api_secret order by expires_at is null, hint limit ${MOST_SECRETS})`

export interface Standing {
  /** What stands as taken away now. */
  readonly taken: readonly Taken[]
  /** The secrets that there are: one that is gone has ended. */
  readonly hints: readonly string[]
  /** Whether these are all. */
  readonly isWhole: boolean
}

export async function standing(sql: Sql): Promise<Standing> {
  type Row = { kind: Taken['kind']; id: string; version: number; until: Instant | null }
  const { rows } = await sql.query<Row>(STANDING)
  const taken = rows.flatMap(({ kind, id, version, until }): Taken[] => {
    if (kind !== 'secret') return [{ kind, id, version }]
    return until === null ? [] : [{ kind, id, until }]
  })
  const hints = rows.flatMap(({ kind, id }) => (kind === 'secret' ? [id] : []))
  return { taken, hints, isWhole: hints.length < MOST_SECRETS }
}

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
