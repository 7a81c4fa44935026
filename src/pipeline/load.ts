import type { Fact, Reactor, StreamKind } from '../contract/stream.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Sealer } from '../platform/seal.ts'
import { foldFacts, initialSlices } from './decide.ts'
import { openText } from './personal.ts'
import type { Memo, Stored } from './rows.ts'
import { loadSaltsFor, saltFor } from './salts.ts'
import { LOAD_HEADS, LOAD_TAILS } from './sql/load.ts'
import { jsonRows, type Sql } from './sql.ts'
import { growthBy } from './state-size.ts'

export interface Loaded {
  readonly memo: Memo
  /** Null for a stream that does not exist yet. */
  readonly stored: Stored | null
}

export interface LoadDeps {
  readonly sealer: Sealer
  reactorsOf(kind: StreamKind): readonly Reactor<unknown>[]
  /** Runs the upcasters; throws on an unknown type or version, which stops the lane. */
  upcast(type: string, v: number, body: JsonObject): { v: number; body: JsonObject }
  /** `mark`: a text that does not open is marked; otherwise it is an error. */
  readonly broken?: 'mark'
  /** Personal fields stay sealed: for what no rule reads. */
  readonly masked?: true
}

export interface StreamRef {
  readonly stream: string
  readonly bucket: number
  readonly kind: StreamKind
}

interface HeadRow {
  bucket: number
  stream: string
  kind: StreamKind
  version: number
  clock: number
  wake_at: number | null
  timer_at: number | null
  born_month: number
  blob_version: number
  historical: boolean
  shapes: string | null
  body: string | null
}

export interface TailRow {
  bucket: number
  stream: string
  seq: number
  type: string
  v: number
  actor: string
  cause: string | null
  occurred_at: number
  recorded_at: number
  known_at: number
  body: string
}

/** Loads streams as blob + ledger tail. Streams that do not exist come back empty, at version 0. */
export async function loadStreams(sql: Sql, deps: LoadDeps, refs: readonly StreamRef[]): Promise<Map<string, Loaded>> {
  const loaded = new Map<string, Loaded>()
  if (refs.length === 0) return loaded
  const ask = jsonRows(refs.map(r => ({ b: r.bucket, s: r.stream })))
  const heads = (await sql.query<HeadRow>(LOAD_HEADS, [ask])).rows
  const bases = new Map(heads.map(h => [h.stream, baseOf(h, deps.reactorsOf(h.kind))]))
  const behind = heads.filter(h => bases.get(h.stream)!.version < h.version)
  const tails = await loadTails(
    sql,
    deps,
    behind.map(h => ({ ...h, from: bases.get(h.stream)!.version })),
  )
  for (const head of heads) {
    const base = bases.get(head.stream)!
    const { facts, growth } = tails.get(head.stream) ?? NO_TAIL
    if (base.version + facts.length !== head.version) throw new Error(`ledger of ${head.stream} has a gap`)
    const slices = foldFacts(base.slices, facts, deps.reactorsOf(head.kind))
    loaded.set(head.stream, { memo: memoOf(head, slices), stored: storedOf(head, base.bytes + growth) })
  }
  for (const ref of refs) if (!loaded.has(ref.stream)) loaded.set(ref.stream, emptyStream(ref, deps))
  return loaded
}

const memoOf = (h: HeadRow, slices: Memo['slices']): Memo => ({
  stream: h.stream,
  kind: h.kind,
  bucket: h.bucket,
  version: h.version,
  clock: h.clock,
  wakeAt: h.wake_at,
  historical: h.historical,
  slices,
})

const storedOf = (h: HeadRow, stateBound: number): Stored => ({
  version: h.version,
  timerAt: h.timer_at,
  bornMonth: h.born_month,
  blobVersion: h.blob_version,
  stateBound,
})

/** A stream at version 0. */
export function emptyStream(ref: StreamRef, deps: LoadDeps): Loaded {
  const slices = initialSlices(deps.reactorsOf(ref.kind))
  return { memo: { ...ref, version: 0, clock: 0, wakeAt: null, historical: false, slices }, stored: null }
}

/** The blob when every slice in it has today's shape, else nothing: the stream is folded again from its first fact. */
function baseOf(
  head: HeadRow,
  reactors: readonly Reactor<unknown>[],
): { version: number; slices: Memo['slices']; bytes: number } {
  const nothing = { version: 0, slices: initialSlices(reactors), bytes: 0 }
  if (head.body === null || head.shapes === null) return nothing
  const shapes = JSON.parse(head.shapes) as Record<string, number>
  const fits = reactors.every(r => shapes[r.slice] === r.shape)
  if (!fits) return nothing
  const slices = JSON.parse(head.body) as Memo['slices']
  return { version: head.blob_version, slices, bytes: Buffer.byteLength(head.body) }
}

interface Tail {
  readonly facts: Fact[]
  /** Bytes by which they can have made the state grow. */
  growth: number
}
const NO_TAIL: Tail = { facts: [], growth: 0 }

async function loadTails(
  sql: Sql,
  deps: LoadDeps,
  behind: readonly { bucket: number; stream: string; born_month: number; from: number; version: number }[],
): Promise<Map<string, Tail>> {
  const tails = new Map<string, Tail>()
  if (behind.length === 0) return tails
  const ask = behind.map(h => ({ b: h.bucket, s: h.stream, m: h.born_month, v: h.from }))
  const upTo = new Map(behind.map(h => [h.stream, h.version]))
  // Who reads outside a transaction may see facts that were written after the heads: they are of the next look.
  const told = (await sql.query<TailRow>(LOAD_TAILS, [jsonRows(ask)])).rows
  const rows = told.filter(row => row.seq <= (upTo.get(row.stream) ?? 0))
  const opened = deps.masked ? openFactsMasked(deps, rows) : await openFacts(sql, deps, rows)
  for (const [i, row] of rows.entries()) {
    const tail = tails.get(row.stream) ?? { facts: [], growth: 0 }
    tail.facts.push(opened[i]!)
    tail.growth += growthBy([row.body])
    tails.set(row.stream, tail)
  }
  return tails
}

/** Ledger rows as facts without their personal fields: no salt is read and nothing is opened. */
export const openFactsMasked = (deps: LoadDeps, rows: readonly TailRow[]): Fact[] =>
  rows.map(row => factOf(deps, row, openText(deps.sealer, { stream: row.stream, type: row.type }, row.body)))

/** Ledger rows as facts: personal fields opened (as far as their salts exist), bodies in their newest shape. */
export async function openFacts(sql: Sql, deps: LoadDeps, rows: readonly TailRow[]): Promise<Fact[]> {
  const texts = rows.map(r => ({ bucket: r.bucket, stream: r.stream, stored: r.body }))
  const salts = await loadSaltsFor(sql, texts)
  return rows.map(row => {
    const { stream, type } = row
    const salt = saltFor(salts, stream, row.body)
    const target = { stream, type, salt, ...(deps.broken && { broken: deps.broken }) }
    return factOf(deps, row, openText(deps.sealer, target, row.body))
  })
}

function factOf(deps: LoadDeps, row: TailRow, plain: JsonObject): Fact {
  const { v, body } = deps.upcast(row.type, row.v, plain)
  return {
    type: row.type,
    v,
    seq: row.seq,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    knownAt: row.known_at,
    actor: row.actor,
    cause: row.cause,
    body,
  }
}
