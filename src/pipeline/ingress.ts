import { hash } from 'node:crypto'
import { streamIdOf } from '../contract/identity.ts'
import type { StreamKind } from '../contract/stream.ts'
import { bucketOf } from '../kernel/bucket.ts'
import { HOUR, type Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Dedicated, Statement } from '../platform/database.ts'
import { violatedKey } from '../platform/error.ts'
import type { Sealer } from '../platform/seal.ts'
import type { Flight } from './collector.ts'
import { bucketOfKey, deciding, type KeyRef, type KeyRow, keyText, resolveKeys } from './keys.ts'
import { type Pack, packed, packsLines } from './packs.ts'
import { hasPersonal, sealedText, withoutPersonal } from './personal.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { ensureSalts, type NewSalt, newSalts, saltLines } from './salts.ts'
import { ADD_KEYS, COPY_INTAKE, COPY_SALTS, COPY_SEEN, FIND_SEEN, INSERT_UNMATCHED } from './sql/ingress.ts'
import { hex, jsonRows, type Sql } from './sql.ts'

/** A message waits this long for its order before it becomes a finding of its feed. */
export const UNMATCHED_PATIENCE = 24 * HOUR

/** A checked event on its way in. */
export interface Incoming {
  readonly id: string
  readonly source: string
  readonly feed: string
  readonly type: string
  readonly v: number
  readonly occurredAt: Instant
  /** False when the message had no time of its own and `occurredAt` is ours. */
  readonly timed?: boolean
  readonly keys: readonly KeyRef[]
  /** Only such an event may start an order; others wait until their order is known. */
  readonly creates: boolean
  readonly body: JsonObject
  /** For imports of history: when the source knew it. The row is then handled in the past, without messages. */
  readonly knownAt?: Instant
  /** For a simulated world only: the instant it arrives there. */
  readonly arrivesAt?: Instant
}

export type ReceiptStatus = 'accepted' | 'unmatched' | 'duplicate' | 'conflict'

export interface Receipt {
  readonly id: string
  readonly source: string
  readonly status: ReceiptStatus
  readonly stream: string | null
  /** Id of the mailbox row, to wait for. */
  readonly row: string | null
}

export interface IngressDeps {
  readonly sealer: Sealer
  now(): Instant
  newId(): string
  personalPaths(type: string): readonly string[]
  upcast(type: string, v: number, body: JsonObject): { v: number; body: JsonObject }
  /** After the commit: rows of the mailbox, for the lanes of this process or a hint to other nodes. */
  offer(packs: readonly Pack[]): void
  /** Whether the last batch repeated ids (an import run twice): then the next one looks before it inserts. */
  readonly expectRepeats: { value: boolean }
  /** What the newest batch added, and how many there were. */
  readonly accepted: { count: number; keys: ReadonlySet<string> }
  /** What feeds are told of themselves along with their events; left out, they have no heartbeat. */
  beats?(events: readonly Incoming[], now: Instant): Heartbeats
  /** Keys appeared, or messages began to wait for them: some may belong together. */
  keysMoved(keys: readonly KeyRef[]): void
}

/** Beats of one batch; only what was committed counts as told. */
export interface Heartbeats {
  readonly rows: readonly IntakeRow[]
  committed(): void
}

interface Draft {
  readonly event: Incoming
  readonly digest: string
  readonly bodyHash: string
  stream: string | null
  stored: string
  /** As the core sees it: all of it, or what is left when the person was erased. */
  body: JsonObject
  fresh: boolean
  row: IntakeRow | null
  status: ReceiptStatus
}

/** The pool for looking things up, a connection of its own for the transaction. */
export type IngressSql = Sql & Pick<Dedicated, 'batch'>

/** Accepts a batch durably: after it resolves, every accepted event is committed. All or nothing. */
export async function ingest(
  sql: IngressSql,
  deps: IngressDeps,
  { events, flight }: Pick<Batch, 'events' | 'flight'>,
): Promise<Receipt[]> {
  const drafts = events.map(event => draftOf(event, deps.sealer))
  markRepeats(drafts)
  // Ids are rarely repeated, so we insert first and look only when the server says that one was seen.
  for (let look = deps.expectRepeats.value; ; look = true) {
    if (look) deps.expectRepeats.value = await markSeen(sql, drafts)
    const fresh = drafts.filter(d => d.status === 'accepted')
    if (await accept(sql, deps, { drafts: fresh, events, flight, look })) break
  }
  return drafts.map(d => ({
    id: d.event.id,
    source: d.event.source,
    status: d.status,
    stream: d.stream,
    row: d.status === 'accepted' ? (d.row?.id ?? null) : null,
  }))
}

function draftOf(event: Incoming, sealer: Sealer): Draft {
  const digest = `\\x${hash('sha256', `${event.source}\0${event.id}`).slice(0, 32)}`
  const stored = JSON.stringify(event.body)
  // What the sender said: a message without a time is the same one when it is sent again later.
  const said = event.timed === false ? '' : event.occurredAt
  const bodyHash = `\\x${sealer.fingerprint(`${event.type}\0${said}\0${stored}`)}`
  return {
    event,
    digest,
    bodyHash,
    stream: null,
    stored,
    body: event.body,
    fresh: false,
    row: null,
    status: 'accepted',
  }
}

const bucketOfDigest = (digest: string): number => bucketOf(digest)

// The same id twice in one batch: the first one counts.
function markRepeats(drafts: readonly Draft[]): void {
  const first = new Map<string, Draft>()
  for (const draft of drafts) {
    const earlier = first.get(draft.digest)
    if (!earlier) first.set(draft.digest, draft)
    else draft.status = earlier.bodyHash === draft.bodyHash ? 'duplicate' : 'conflict'
  }
}

/** Marks what was accepted before; returns whether there was any. */
async function markSeen(sql: Sql, drafts: readonly Draft[]): Promise<boolean> {
  const ask = drafts.map(d => ({ b: bucketOfDigest(d.digest), d: d.digest }))
  const { rows } = await sql.query<{ digest: Buffer; body_hash: Buffer }>(FIND_SEEN, [jsonRows(ask)])
  const seen = new Map(rows.map(r => [hex(r.digest), hex(r.body_hash)]))
  for (const draft of drafts) {
    const hash = seen.get(draft.digest)
    if (hash !== undefined) draft.status = hash === draft.bodyHash ? 'duplicate' : 'conflict'
  }
  return rows.length > 0
}

interface Batch {
  readonly drafts: readonly Draft[]
  readonly events: readonly Incoming[]
  readonly flight: Flight
  /** Whether ids or salts of it may be there already. */
  readonly look: boolean
}

/** Inserts the batch in one transaction; false when one of its ids or salts was there before and nothing was inserted. */
async function accept(sql: IngressSql, deps: IngressDeps, batch: Batch): Promise<boolean> {
  const { drafts, flight } = batch
  const { keys, salts } = await preparedInTurn(sql, deps, batch)
  const beats = deps.beats?.(batch.events, deps.now())
  if (drafts.length + (beats?.rows.length ?? 0) === 0) return true
  const waiting = drafts.filter(d => d.stream === null)
  const now = deps.now()
  const packs = packed([...mailRows(drafts, deps, now), ...(beats?.rows ?? [])])
  try {
    const parked = waiting.flatMap(draft => unmatchedRows(draft, deps.newId(), now))
    const landed = sql.batch(acceptance({ drafts, keys, salts, packs, parked, now }))
    flight.sent()
    await landed
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
  beats?.committed()
  for (const draft of waiting) draft.status = 'unmatched'
  deps.offer(packs)
  const added = keys.map(key => ({ kind: key.k, value: key.v }))
  deps.accepted.count++
  deps.accepted.keys = new Set(added.map(keyText))
  // Whoever commits last, the message or its key, sees the other: both look after their commit.
  const waits = waiting.flatMap(d => d.event.keys)
  if (added.length + waits.length > 0) deps.keysMoved([...added, ...waits])
  return true
}

/** Gives each draft its row, a waiting one a notice to its feed. */
function mailRows(drafts: readonly Draft[], deps: IngressDeps, now: Instant): IntakeRow[] {
  // What creates an order comes before what else the batch says of it: an order begins with being placed.
  return drafts
    .toSorted((a, b) => Number(b.event.creates) - Number(a.event.creates))
    .map(draft => {
      draft.row = draft.stream === null ? null : rowOf(draft, deps.newId(), now)
      return draft.row ?? noticeOf(draft, deps.newId(), now)
    })
}

interface Prepared {
  /** To be added. */
  readonly keys: readonly KeyRow[]
  readonly salts: readonly NewSalt[]
  /** Keys that nobody had when they were looked for. */
  readonly missing: readonly string[]
}

/** Looks up and seals while the batch before commits; once more when that one added a key which this one missed. */
async function preparedInTurn(sql: Sql, deps: IngressDeps, { drafts, flight, look }: Batch): Promise<Prepared> {
  const { accepted } = deps
  const { count } = accepted
  const prepared = await prepare(sql, deps, drafts, look)
  await flight.turn()
  const since = accepted.count - count
  const outrun = since > 1 || (since === 1 && prepared.missing.some(key => accepted.keys.has(key)))
  return outrun ? prepare(sql, deps, drafts, look) : prepared
}

async function prepare(sql: Sql, deps: IngressDeps, drafts: readonly Draft[], look: boolean): Promise<Prepared> {
  const { added, missing } = await resolveKeys(sql, drafts)
  return { keys: added, missing, salts: await seal(sql, deps, drafts, look) }
}

function acceptance(batch: {
  readonly drafts: readonly Draft[]
  readonly keys: readonly KeyRow[]
  readonly salts: readonly NewSalt[]
  readonly packs: readonly Pack[]
  readonly parked: readonly Parked[]
  readonly now: Instant
}): Statement[] {
  const { drafts, keys, salts, packs, parked, now } = batch
  // The backslash of a bytea's text is one of COPY's own.
  const ids = drafts.map(d => `${bucketOfDigest(d.digest)}\t\\${d.digest}\t\\${d.bodyHash}\t${now}\n`).join('')
  return [
    ...(ids === '' ? [] : [{ text: COPY_SEEN, rows: ids }]),
    ...(keys.length === 0 ? [] : [{ text: ADD_KEYS, values: [jsonRows(keys)] }]),
    ...(salts.length === 0 ? [] : [{ text: COPY_SALTS, rows: saltLines(salts, now) }]),
    ...(parked.length === 0 ? [] : [{ text: INSERT_UNMATCHED, values: [unmatchedJson(parked)] }]),
    { text: COPY_INTAKE, rows: packsLines(packs) },
  ]
}

const isTaken = (error: unknown): boolean => /^(seen|salt)_pkey/.test(violatedKey(error) ?? '')

/**
 * Seals personal fields under the stream's salt; a message without an order is sealed under its own. Returns the salts of
 * orders that begin with this batch: they are written along with it, unless `look` tells that some may be there.
 */
async function seal(sql: Sql, deps: IngressDeps, drafts: readonly Draft[], look: boolean): Promise<NewSalt[]> {
  const personal = drafts.filter(d => hasPersonal(d.event.body, deps.personalPaths(d.event.type)))
  const targets = new Map(personal.map(d => [saltOwner(d), { stream: saltOwner(d), bucket: bucketOf(saltOwner(d)) }]))
  const begun = new Set(look ? [] : drafts.filter(d => d.fresh).map(d => d.stream))
  const made = newSalts([...targets.values()].filter(t => begun.has(t.stream)))
  const old = await ensureSalts(
    sql,
    [...targets.values()].filter(t => !begun.has(t.stream)),
    deps.now(),
  )
  const salts = new Map([...old, ...made.map(m => [m.stream, m.salt] as const)])
  for (const draft of personal) {
    const { type, body } = draft.event
    const stream = saltOwner(draft)
    const salt = salts.get(stream) ?? null
    const paths = deps.personalPaths(type)
    draft.stored = sealedText(deps.sealer, { stream, type, salt, paths }, body)
    draft.body = salt === null ? withoutPersonal(body, paths) : body
  }
  return made
}

/** The stream whose salt seals a message that waits for its order. */
export const parkedOwner = (digest: string): string => `u-${digest.slice(2)}`
const saltOwner = (draft: Draft): string => draft.stream ?? parkedOwner(draft.digest)

function rowOf({ event, stream, stored, body, fresh }: Draft, id: string, now: Instant): IntakeRow {
  const historical = event.knownAt !== undefined
  const recordedAt = event.arrivesAt ?? now
  return {
    bucket: bucketOf(stream!),
    class: historical ? CLASS.backfill : CLASS.event,
    id,
    stream: stream!,
    kind: 'order',
    what: 'event',
    type: event.type,
    v: event.v,
    actor: `feed:${event.feed}`,
    occurredAt: event.occurredAt,
    recordedAt,
    knownAt: event.knownAt ?? recordedAt,
    historical,
    body,
    stored,
    fresh,
  }
}

interface Parked {
  readonly json: object
  readonly stored: string | null
}

function unmatchedRows({ event, digest, stored }: Draft, id: string, now: Instant): Parked[] {
  const recordedAt = event.arrivesAt ?? now
  return deciding(event.keys).map((key, i) => ({
    json: {
      d: digest,
      b: bucketOfKey(key),
      k: key.kind,
      w: key.value,
      i: `${id}.${digest.slice(2)}`,
      m: i === 0,
      y: event.keys,
      f: event.feed,
      t: event.type,
      v: event.v,
      a: `feed:${event.feed}`,
      o: event.occurredAt,
      r: recordedAt,
      n: event.knownAt ?? recordedAt,
      h: event.knownAt !== undefined,
      u: recordedAt + UNMATCHED_PATIENCE,
    },
    stored: i === 0 ? stored : null,
  }))
}

/** Tells the feed's own stream that one of its messages waits, so that waiting too long is a finding. */
function noticeOf({ event }: Draft, id: string, now: Instant): IntakeRow {
  const at = event.arrivesAt ?? now
  const body = { feed: event.feed, type: event.type, until: at + UNMATCHED_PATIENCE }
  return feedRow(event.feed, { id, type: 'feed.message_unmatched', at, body })
}

/** A mailbox row for the stream of a feed. */
export function feedRow(feed: string, message: { id: string; type: string; at: Instant; body: JsonObject }): IntakeRow {
  const stream = streamIdOf('feed', 'feed', feed)
  const kind: StreamKind = 'feed'
  const { id, type, at, body } = message
  const times = { occurredAt: at, recordedAt: at, knownAt: at, historical: false }
  const stored = JSON.stringify(body)
  return {
    bucket: bucketOf(stream),
    class: CLASS.signal,
    id,
    stream,
    kind,
    what: 'signal',
    type,
    v: 1,
    actor: 'system',
    ...times,
    body,
    stored,
  }
}

// By hand, so that the stored text reaches the table byte for byte as it will be hashed in the ledger.
const withBody = (json: object, key: string, stored: string | null): string => {
  const text = JSON.stringify(json)
  return `${text.slice(0, -1)},"${key}":${stored ?? 'null'}}`
}

const unmatchedJson = (rows: readonly Parked[]): string =>
  `[${rows.map(r => withBody(r.json, 'j', r.stored)).join(',')}]`
