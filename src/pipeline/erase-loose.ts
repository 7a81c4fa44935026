import { BUCKETS, bucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { doorOwner, removeAtDoor } from './door.ts'
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

/** Messages that wait for their order and speak of a person, with their bodies in plain; in pages. */
export async function* findWaiting(
  { db, sealer }: LooseDeps,
  persons: Persons,
): AsyncGenerator<readonly { readonly row: WaitingMessage; readonly body: JsonObject }[]> {
  for (let after = ''; ; ) {
    const { rows } = await db.query<WaitingMessage>(text.WAITING_MESSAGES, [ALL_BUCKETS, after, PAGE])
    const salts = await loadSalts(db, rows.map(saltOf))
    const opened = rows.map(row => {
      const { stream } = saltOf(row)
      return {
        row,
        body: openText(sealer, { stream, type: row.type, salt: salts.get(stream), broken: 'mark' }, row.body),
      }
    })
    yield opened.filter(o => speaksOf(sealer, JSON.stringify(o.body), since(persons, o.row.recorded_at)))
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

/** Removes messages that wait for their order and speak of a person; whose they are nobody knows but by looking. */
export async function dropWaiting(deps: LooseDeps, persons: Persons): Promise<{ count: number; packs: Pack[] }> {
  const packs: Pack[] = []
  let count = 0
  for await (const page of findWaiting(deps, persons)) {
    const found = page.map(({ row }) => row)
    if (found.length > 0) packs.push(...(await deps.db.transaction(tx => removeWaiting(tx, found, deps.now()))))
    count += found.length
  }
  return { count, packs }
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

/** What was refused at the door and speaks of a person, in plain; in pages. */
export async function* findRefused(
  { db, sealer }: LooseDeps,
  persons: Persons,
): AsyncGenerator<readonly { readonly row: RefusedAtDoor; readonly said: string }[]> {
  for (let after = ''; ; ) {
    const { rows } = await db.query<RefusedAtDoor>(text.REFUSED_AT_DOOR, [ALL_BUCKETS, after, PAGE])
    const salts = await loadSalts(
      db,
      rows.map(r => ({ bucket: r.bucket, stream: doorOwner(r.id) })),
    )
    const opened = rows.map(row => {
      const salt = salts.get(doorOwner(row.id))
      return { row, said: salt ? openedAtDoor(sealer, salt, row) : '' }
    })
    yield opened.filter(o => speaksOf(sealer, o.said, since(persons, o.row.at)))
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

/** Removes what was refused at the door and speaks of a person. */
export async function dropRefused(deps: LooseDeps, persons: Persons): Promise<number> {
  let count = 0
  for await (const page of findRefused(deps, persons)) {
    const found = page.map(({ row }) => row)
    if (found.length > 0) await deps.db.transaction(tx => removeAtDoor(tx, found))
    count += found.length
  }
  return count
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
