import { bucketOf } from '../kernel/bucket.ts'
import { digest26 } from '../kernel/hash.ts'
import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Sealer } from '../platform/seal.ts'
import { ensureSalts } from './salts.ts'
import { DROP_REFUSED, DROP_SALTS } from './sql/erase.ts'
import { jsonRows, type Sql } from './sql.ts'

/** Text of a refused event that is kept; what is longer is cut and can be looked at, but not replayed. */
export const KEPT_BYTES = 64 * 1024

/**
 * The newest that are kept of a bucket; some 50,000 in all. A sender whose every message is wrong, each in another way,
 * must not fill the disk.
 */
export const KEPT_PER_BUCKET = 50

/** An event that was refused at the door: not well formed, or the id of another one. */
export interface AtDoor {
  readonly source: string
  readonly type: string
  readonly code: string
  readonly error: JsonObject
  /** JSON text of the event as it came, personal fields in plain. */
  readonly text: string
}

// The same event refused again is the same row, open once more: a sender that repeats itself does not fill the disk.
const KEEP = `
insert into quarantine (bucket, id, stage, source, type, stream, code, error, at, status, row)
select b, i, 'door', o, t, null, c, e, a, 'open', j
from json_to_recordset($1) as x(b smallint, i text, o text, t text, c text, e json, a bigint, j json)
on conflict (bucket, id) do update set status = 'open', at = excluded.at, code = excluded.code, error = excluded.error`

const TOO_MANY = `
select r.bucket, r.id
from unnest($1::smallint[]) as b(bucket)
cross join lateral (
  select q.bucket, q.id from quarantine q where q.bucket = b.bucket and q.stage = 'door'
  order by q.at desc, q.id desc offset ${KEPT_PER_BUCKET}
) as r`

/** Keeps refused events, sealed as a whole, since nobody knows what is in them; returns their ids. */
export async function keepAtDoor(
  sql: Sql,
  deps: { readonly sealer: Sealer; now(): Instant },
  refused: readonly AtDoor[],
): Promise<string[]> {
  const named = new Map(refused.map(r => [idOf(deps.sealer, r), r]))
  const owners = [...named.keys()].map(id => ({ stream: doorOwner(id), bucket: bucketOf(id) }))
  const at = deps.now()
  const salts = await ensureSalts(sql, owners, at)
  const rows = [...named].map(([id, { source, type, code, error, text }]) => {
    const kept = cut(text)
    // Null: the person in it was erased, and the very same text came again.
    const salt = salts.get(doorOwner(id)) ?? null
    const sealed = salt === null ? '' : deps.sealer.seal(salt, doorOwner(id), kept)
    const row = { sealed, bytes: Buffer.byteLength(text), whole: salt !== null && kept.length === text.length }
    return { b: bucketOf(id), i: id, o: clean(source, 300), t: clean(type, 100), c: code, e: error, a: at, j: row }
  })
  await sql.query(KEEP, [jsonRows(rows)])
  const old = await sql.query<{ bucket: number; id: string }>(TOO_MANY, [[...new Set(rows.map(r => r.b))]])
  if (old.rows.length > 0) await removeAtDoor(sql, old.rows)
  return [...named.keys()]
}

/** Removes what was refused at the door, with its salts. */
export async function removeAtDoor(
  sql: Sql,
  found: readonly { readonly bucket: number; readonly id: string }[],
): Promise<void> {
  await sql.query(DROP_REFUSED, [jsonRows(found.map(r => ({ b: r.bucket, s: r.id })))])
  await sql.query(DROP_SALTS, [jsonRows(found.map(r => ({ b: r.bucket, s: doorOwner(r.id) })))])
}

/** The salt of a row that was refused at the door stands under this name. */
export const doorOwner = (id: string): string => `q-${id}`

const idOf = (sealer: Sealer, { source, text }: AtDoor): string =>
  `d-${digest26(sealer.blind('door', `${source}\0${text}`).toString('hex'))}`

const cut = (text: string): string =>
  Buffer.byteLength(text) <= KEPT_BYTES
    ? text
    : Buffer.from(text).subarray(0, KEPT_BYTES).toString('utf8').toWellFormed()

// PostgreSQL stores neither NUL nor halves of characters.
const clean = (text: string, most: number): string => text.slice(0, most).toWellFormed().replaceAll('\0', '\uFFFD')
