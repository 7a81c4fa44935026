import { hash } from 'node:crypto'
import { streamIdOf } from '../contract/identity.ts'
import type { StreamKind } from '../contract/stream.ts'
import { bucketOf } from '../kernel/bucket.ts'
import { HOUR, type Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Dedicated, Statement } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { type Pack, packed, packsLines } from './packs.ts'
import { hasPersonal, sealedText, withoutPersonal } from './personal.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { ensureSalts } from './salts.ts'
import { ADD_KEYS, COPY_INTAKE, COPY_SEEN, FIND_SEEN, INSERT_UNMATCHED, RESOLVE_KEYS } from './sql/ingress.ts'
import { hex, jsonRows, type Sql } from './sql.ts'

/** A message waits this long for its order before it becomes a finding of its feed. */
export const UNMATCHED_PATIENCE = 24 * HOUR

export interface KeyRef {
  readonly kind: string
  readonly value: string
}

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
export async function ingest(sql: IngressSql, deps: IngressDeps, events: readonly Incoming[]): Promise<Receipt[]> {
  const drafts = events.map(event => draftOf(event, deps.sealer))
  markRepeats(drafts)
  // Ids are rarely repeated, so we insert first and look only when the server says that one was seen.
  for (let look = deps.expectRepeats.value; ; look = true) {
    if (look) deps.expectRepeats.value = await markSeen(sql, drafts)
    const fresh = drafts.filter(d => d.status === 'accepted')
    const beats = deps.beats?.(events, deps.now())
    if (fresh.length + (beats?.rows.length ?? 0) === 0 || (await accept(sql, deps, fresh, beats))) break
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

/** Inserts the batch in one transaction; false when one of its ids was seen before and nothing was inserted. */
async function accept(
  sql: IngressSql,
  deps: IngressDeps,
  drafts: readonly Draft[],
  beats?: Heartbeats,
): Promise<boolean> {
  const keys = await resolve(sql, drafts)
  const waiting = drafts.filter(d => d.stream === null)
  await seal(sql, deps, drafts)
  const now = deps.now()
  const rows: IntakeRow[] = []
  // What creates an order comes before what else the batch says of it: an order begins with being placed.
  for (const draft of drafts.toSorted((a, b) => Number(b.event.creates) - Number(a.event.creates))) {
    draft.row = draft.stream === null ? null : rowOf(draft, deps.newId(), now)
    rows.push(draft.row ?? noticeOf(draft, deps.newId(), now))
  }
  rows.push(...(beats?.rows ?? []))
  const packs = packed(rows)
  try {
    const parked = waiting.flatMap(draft => unmatchedRows(draft, deps.newId(), now))
    await sql.batch(acceptance({ drafts, keys, packs, parked, now }))
  } catch (error) {
    if (isSeen(error)) return false
    throw error
  }
  beats?.committed()
  for (const draft of waiting) draft.status = 'unmatched'
  deps.offer(packs)
  // Whoever commits last, the message or its key, sees the other: both look after their commit.
  const added = keys.map(key => ({ kind: key.k, value: key.v }))
  const waits = waiting.flatMap(d => d.event.keys)
  if (added.length + waits.length > 0) deps.keysMoved([...added, ...waits])
  return true
}

function acceptance(batch: {
  readonly drafts: readonly Draft[]
  readonly keys: readonly KeyRow[]
  readonly packs: readonly Pack[]
  readonly parked: readonly Parked[]
  readonly now: Instant
}): Statement[] {
  const { drafts, keys, packs, parked, now } = batch
  // The backslash of a bytea's text is one of COPY's own.
  const ids = drafts.map(d => `${bucketOfDigest(d.digest)}\t\\${d.digest}\t\\${d.bodyHash}\t${now}\n`).join('')
  return [
    ...(ids === '' ? [] : [{ text: COPY_SEEN, rows: ids }]),
    ...(keys.length === 0 ? [] : [{ text: ADD_KEYS, values: [jsonRows(keys)] }]),
    ...(parked.length === 0 ? [] : [{ text: INSERT_UNMATCHED, values: [unmatchedJson(parked)] }]),
    { text: COPY_INTAKE, rows: packsLines(packs) },
  ]
}

const isSeen = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505' && error.message.includes('seen_pkey')

interface KeyRow {
  readonly b: number
  readonly k: string
  readonly v: string
  readonly s: string
}

/** Gives every draft its stream, if any of its keys is known or it creates one; returns the keys to add. */
async function resolve(sql: Sql, drafts: readonly Draft[]): Promise<KeyRow[]> {
  const asked = new Map<string, object>()
  for (const { event } of drafts)
    for (const { kind, value } of event.keys)
      asked.set(`${kind}\0${value}`, { b: bucketOfKey(kind, value), k: kind, v: value })
  const { rows } = await sql.query<{ kind: string; value: string; stream: string }>(RESOLVE_KEYS, [
    jsonRows([...asked.values()]),
  ])
  const known = new Map(rows.map(r => [`${r.kind}\0${r.value}`, r.stream]))
  const added: KeyRow[] = []
  // Creating events first: what else stands in the batch for the same order then finds its key.
  for (const pass of [true, false])
    for (const draft of drafts) if (draft.event.creates === pass) bind(draft, known, added)
  return added
}

/**
 * Keys that tell whose message it is: the order number alone where there is one, since one payment or one parcel may be
 * shared by several orders; else whatever it names. A shared key stays with the order that brought it first.
 */
const deciding = (keys: readonly KeyRef[]): readonly KeyRef[] => {
  const numbers = keys.filter(key => key.kind === 'order_no')
  return numbers.length > 0 ? numbers : keys
}

function bind(draft: Draft, known: Map<string, string>, added: KeyRow[]): void {
  const { keys, creates } = draft.event
  draft.fresh = false
  const hit = deciding(keys).find(k => known.has(`${k.kind}\0${k.value}`))
  if (hit) draft.stream = known.get(`${hit.kind}\0${hit.value}`)!
  else if (creates) {
    draft.stream = streamIdOf('order', keys[0]!.kind, keys[0]!.value)
    draft.fresh = true
  }
  if (draft.stream === null) return
  for (const { kind, value } of keys) {
    if (known.has(`${kind}\0${value}`)) continue
    known.set(`${kind}\0${value}`, draft.stream)
    added.push({ b: bucketOfKey(kind, value), k: kind, v: value, s: draft.stream })
  }
}

export const bucketOfKey = (kind: string, value: string): number => bucketOf(`${kind}\0${value}`)

/** Seals personal fields under the stream's salt; a message without an order is sealed under its own. */
async function seal(sql: Sql, deps: IngressDeps, drafts: readonly Draft[]): Promise<void> {
  const personal = drafts.filter(d => hasPersonal(d.event.body, deps.personalPaths(d.event.type)))
  const targets = new Map(personal.map(d => [saltOwner(d), { stream: saltOwner(d), bucket: bucketOf(saltOwner(d)) }]))
  const salts = await ensureSalts(sql, [...targets.values()], deps.now())
  for (const draft of personal) {
    const { type, body } = draft.event
    const stream = saltOwner(draft)
    const salt = salts.get(stream) ?? null
    const paths = deps.personalPaths(type)
    draft.stored = sealedText(deps.sealer, { stream, type, salt, paths }, body)
    if (salt === null) draft.body = withoutPersonal(body, paths)
  }
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
      b: bucketOfKey(key.kind, key.value),
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
