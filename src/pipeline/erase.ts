import type { Instant } from '../kernel/instant.ts'
import { dropRefused, dropWaiting, type LooseDeps } from './erase-loose.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { MOST_GENERATIONS, ownerOf } from './salts.ts'
import * as text from './sql/erase.ts'
import { STRIP_SEARCH } from './sql/project.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import { jsonRows, type Sql } from './sql.ts'

/** Orders of one transaction. */
const PAGE = 100

export interface EraseDeps extends LooseDeps {
  now(): Instant
  /** Tells the lanes of rows that are in the mailbox. */
  offer?(packs: readonly Pack[]): void
}

/** Why something is erased: a person's request, or the end of the time for which such data is kept. */
export interface EraseCause {
  /** Id of the erasure, or `retention`. */
  readonly id: string
  readonly actor: string
}

interface Stream {
  readonly bucket: number
  readonly stream: string
}

/**
 * Erases the personal data of orders: their salts are destroyed, nobody finds them by the person any more, and the ledger
 * of each gets a fact that says so, through its mailbox like every other one, so that no cache knows better.
 */
export async function eraseStreams(deps: EraseDeps, streams: readonly Stream[], cause: EraseCause): Promise<void> {
  const once = [...new Map(streams.map(s => [s.stream, s])).values()]
  for (let i = 0; i < once.length; i += PAGE) {
    const page = once.slice(i, i + PAGE)
    const at = deps.now()
    // A pack id of its own: the same order may be erased again, after a restore for one.
    const packs = packed(page.map(s => rowOf(s, cause, at))).map(p => ({ ...p, id: `${p.id}:${at}` }))
    await deps.db.transaction(tx => erasePage(tx, { page, packs, at }))
    deps.offer?.(packs)
  }
}

async function erasePage(
  tx: Sql,
  { page, packs, at }: { readonly page: readonly Stream[]; readonly packs: readonly Pack[]; readonly at: Instant },
): Promise<void> {
  const rows = jsonRows(page.map(s => ({ b: s.bucket, s: s.stream })))
  await tx.query(text.DESTROY_SALTS, [rows, at])
  await tx.query(text.DESTROY_LATER_SALTS, [jsonRows(page.flatMap(laterSalts)), at])
  await tx.query(STRIP_SEARCH, [rows])
  await tx.query(text.BLANK_ROWS, [rows])
  await tx.query(INSERT_INTAKE, [packsJson(packs)])
}

const laterSalts = ({ bucket, stream }: Stream): object[] =>
  Array.from({ length: MOST_GENERATIONS - 1 }, (_, i) => ({ b: bucket, s: ownerOf(stream, i + 1) }))

function rowOf({ bucket, stream }: Stream, { id, actor }: EraseCause, at: Instant): IntakeRow {
  const body = { erasure: id }
  const times = { occurredAt: at, recordedAt: at, knownAt: at, historical: false }
  return {
    ...{ bucket, class: CLASS.signal, id: `erase:${id}:${stream}`, stream, kind: 'order', what: 'signal' },
    ...{ type: 'person.erased', v: 1, actor, ...times, body, stored: JSON.stringify(body) },
  }
}

// ---- of a person ----

export interface PersonOrder extends Stream {
  readonly order_no: string | null
  readonly open: boolean
  readonly erased: boolean
}

/** Orders that say anything of the person, in pages. */
export async function* ordersOfPerson(
  db: Sql,
  asked: { readonly tokens: readonly string[]; readonly until: Instant },
): AsyncGenerator<readonly PersonOrder[]> {
  for (let at: Stream = { bucket: -1, stream: '' }; ; ) {
    const values = [asked.tokens, asked.until, at.bucket, at.stream, PAGE]
    const { rows } = await db.query<PersonOrder>(text.FIND_PERSON, values)
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
    at = rows.at(-1)!
  }
}

/** Messages that are no order's yet, of persons by their tokens, each up to the instant of the request. */
export async function eraseLoose(deps: EraseDeps, tokens: ReadonlyMap<string, Instant>): Promise<number> {
  const { count, packs } = await dropWaiting(deps, tokens)
  deps.offer?.(packs)
  return count + (await dropRefused(deps, tokens))
}

export interface Erased {
  /** Orders and messages that were erased now. */
  readonly erased: number
  /** Orders that are still being worked on: they are erased when they have ended. */
  readonly waiting: number
}

/** Erases what the database has of a person up to an instant; orders that are not over wait. Twice changes nothing. */
export async function erasePerson(
  deps: EraseDeps,
  asked: { readonly tokens: readonly string[]; readonly until: Instant },
  cause: EraseCause,
): Promise<Erased> {
  const { erased, waiting } = await eraseOrders(deps, asked, cause)
  const loose = await eraseLoose(deps, new Map(asked.tokens.map(token => [token, asked.until])))
  return { erased: erased + loose, waiting }
}

/** The same for orders alone. */
export async function eraseOrders(
  deps: EraseDeps,
  asked: { readonly tokens: readonly string[]; readonly until: Instant },
  cause: EraseCause,
): Promise<Erased> {
  const found: PersonOrder[] = []
  for await (const page of ordersOfPerson(deps.db, asked)) found.push(...page)
  // Once erased, an order is found no more; but a follower that is behind may not have forgotten it yet.
  const over = found.filter(o => !o.open && !o.erased)
  const waiting = found.filter(o => o.open && !o.erased).length
  await eraseStreams(deps, over, cause)
  return { erased: over.length, waiting }
}
