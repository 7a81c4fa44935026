import { BUCKETS, bucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { doorOwner } from './door.ts'
import { feedRow, parkedOwner } from './ingress.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { openText } from './personal.ts'
import { loadSalts } from './salts.ts'
import { personQueries, personToken } from './search.ts'
import * as text from './sql/erase.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import { jsonRows, type Sql } from './sql.ts'

export interface LooseDeps {
  readonly db: Database
  readonly sealer: Sealer
  now(): Instant
}

/** Tokens of persons, each with the instant up to which what is theirs goes. */
export type Persons = ReadonlyMap<string, Instant>

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket)
const PAGE = 500

/** A message that waits for its order; `body` as stored. */
export interface WaitingMessage {
  readonly id: string
  readonly feed: string
  readonly type: string
  readonly recorded_at: Instant
  readonly until: Instant
  readonly body: string
}

/** Removes messages that wait for their order and speak of a person; whose they are nobody knows but by looking. */
export async function dropWaiting(deps: LooseDeps, persons: Persons): Promise<{ count: number; packs: Pack[] }> {
  const packs: Pack[] = []
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await deps.db.query<WaitingMessage>(text.WAITING_MESSAGES, [ALL_BUCKETS, after, PAGE])
    const salts = await loadSalts(deps.db, rows.map(saltOf))
    const found = rows.filter(row => {
      const { stream } = saltOf(row)
      const target = { stream, type: row.type, salt: salts.get(stream), broken: 'mark' as const }
      return speaksOf(
        deps.sealer,
        JSON.stringify(openText(deps.sealer, target, row.body)),
        since(persons, row.recorded_at),
      )
    })
    if (found.length > 0) packs.push(...(await deps.db.transaction(tx => removeWaiting(tx, found, deps.now()))))
    count += found.length
    if (rows.length < PAGE) return { count, packs }
    after = rows.at(-1)!.id
  }
}

const since = (persons: Persons, at: Instant): ReadonlySet<string> =>
  new Set([...persons].filter(([, until]) => at <= until).map(([token]) => token))

function saltOf({ id }: { readonly id: string }): { stream: string; bucket: number } {
  const stream = parkedOwner(`\\x${id.slice(id.indexOf('.') + 1)}`)
  return { stream, bucket: bucketOf(stream) }
}

/** Removes messages with their salts, and tells their feeds, which count what waits; returns what the lanes must hear of. */
export async function removeWaiting(tx: Sql, found: readonly WaitingMessage[], at: Instant): Promise<Pack[]> {
  await tx.query(text.DROP_WAITING, [jsonRows(found.map(r => ({ i: r.id }))), ALL_BUCKETS])
  await tx.query(text.DROP_SALTS, [jsonRows(found.map(saltOf).map(s => ({ b: s.bucket, s: s.stream })))])
  const told = found.map(({ id, feed, type, until }) =>
    feedRow(feed, { id: `${id}:dropped`, type: 'feed.message_dropped', at, body: { feed, type, until } }),
  )
  const packs = packed(told)
  await tx.query(INSERT_INTAKE, [packsJson(packs)])
  return packs
}

export interface RefusedAtDoor {
  readonly bucket: number
  readonly id: string
  readonly at: Instant
  readonly row: string
}

/** Removes what was refused at the door and speaks of a person. */
export async function dropRefused(deps: LooseDeps, persons: Persons): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await deps.db.query<RefusedAtDoor>(text.REFUSED_AT_DOOR, [ALL_BUCKETS, after, PAGE])
    const salts = await loadSalts(
      deps.db,
      rows.map(r => ({ bucket: r.bucket, stream: doorOwner(r.id) })),
    )
    const found = rows.filter(row => {
      const salt = salts.get(doorOwner(row.id))
      return salt && speaksOf(deps.sealer, openedAtDoor(deps.sealer, salt, row), since(persons, row.at))
    })
    if (found.length > 0) await deps.db.transaction(tx => removeRefused(tx, found))
    count += found.length
    if (rows.length < PAGE) return count
    after = rows.at(-1)!.id
  }
}

export async function removeRefused(tx: Sql, found: readonly Pick<RefusedAtDoor, 'bucket' | 'id'>[]): Promise<void> {
  await tx.query(text.DROP_REFUSED, [jsonRows(found.map(r => ({ b: r.bucket, s: r.id })))])
  await tx.query(text.DROP_SALTS, [jsonRows(found.map(r => ({ b: r.bucket, s: doorOwner(r.id) })))])
}

function openedAtDoor(sealer: Sealer, salt: Buffer, { id, row }: RefusedAtDoor): string {
  const { sealed }: { readonly sealed: string } = JSON.parse(row)
  try {
    return sealer.open(salt, doorOwner(id), sealed)
  } catch {
    // A row that does not open tells nobody anything.
    return ''
  }
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g
const LONGEST = 300

/** Whether any text in a piece of JSON, which may be cut off, is one of the tokens. */
function speaksOf(sealer: Sealer, json: string, tokens: ReadonlySet<string>): boolean {
  if (tokens.size === 0) return false
  for (const [quoted] of json.matchAll(STRINGS)) {
    const said = unquoted(quoted)
    if (said === null || said.length > LONGEST) continue
    if (personQueries(said).some(query => tokens.has(personToken(sealer, query)))) return true
  }
  return false
}

function unquoted(quoted: string): string | null {
  try {
    return JSON.parse(quoted)
  } catch {
    return null
  }
}
