import type { Reactor, StreamKind } from '../contract/stream.ts'
import { bucketOf } from '../kernel/bucket.ts'
import { type Instant, monthOf } from '../kernel/instant.ts'
import type { Sealer } from '../platform/seal.ts'
import { decideStream, type World } from './decide.ts'
import { emptyStream, type LoadDeps, type Loaded, loadStreams, type StreamRef } from './load.ts'
import { type Pack, type PackChange, type Packs, packed } from './packs.ts'
import { sealedText } from './personal.ts'
import { CLASS, type Decision, type IntakeRow, type LedgerRow, type ReadRows, type Stored, type Work } from './rows.ts'
import { type WritersSalt, writersSalts } from './salts.ts'
import type { LaneSql, Sql } from './sql.ts'
import { boundAfter } from './state-size.ts'
import { type GroupLedger, type Quarantined, type StreamWrite, writeStep } from './write.ts'

/** The blob is written when this many facts would have to be folded after it; below, the ledger itself is the state. */
export const BLOB_EVERY = 24

export interface StepDeps extends LoadDeps {
  readonly sealer: Sealer
  now(): Instant
  worldOf(kind: StreamKind): World
  readRows(decision: Decision): ReadRows
  personalPaths(type: string): readonly string[]
  ensureMonths(months: ReadonlySet<number>): Promise<void>
}

export interface StepResult {
  readonly ledgers: Map<number, GroupLedger>
  readonly decisions: readonly Decision[]
  readonly loaded: readonly Loaded[]
  readonly signals: readonly Pack[]
  readonly packs: readonly PackChange[]
  readonly quarantined: readonly Quarantined[]
}

/** Load, decide, write: one batch of streams of one lane. Nothing is remembered here; the lane keeps what comes back. */
export async function runStep(
  sql: LaneSql,
  deps: StepDeps,
  batch: {
    readonly work: ReadonlyMap<string, readonly Work[]>
    readonly memos: ReadonlyMap<string, Loaded>
    readonly ledgers: ReadonlyMap<number, GroupLedger>
    readonly packs: Packs
  },
): Promise<StepResult> {
  const known = await loadMissing(sql, deps, batch.work, batch.memos)
  const streams: StreamWrite[] = []
  const quarantined: Quarantined[] = []
  const at = deps.now()
  for (const [stream, rows] of batch.work) {
    const { memo, stored } = known.get(stream)!
    const decision = decideStream(memo, rows, deps.worldOf(memo.kind))
    quarantined.push(...decision.failed.map(f => quarantinedRow(f.work, f, at)))
    const write = streamWrite(decision, stored, rows, deps)
    if (write) streams.push(write)
  }
  const sealed = await sealFacts(sql, deps, streams)
  await deps.ensureMonths(new Set(sealed.flatMap(s => s.decision.facts.map(f => monthOf(f.recordedAt)))))
  if (sealed.length === 0 && quarantined.length === 0)
    return { ledgers: new Map(), decisions: [], loaded: [], signals: [], packs: [], quarantined }
  const packs = batch.packs.plan(sealed.flatMap(s => s.decision.consumed))
  const signals = packed(sealed.flatMap(s => signalsOf(s.decision)))
  const { sealer } = deps
  const step = { at, sealer, streams: sealed, quarantined, ledgers: batch.ledgers, signals, packs }
  const ledgers = await writeStep(sql, step)
  return {
    ledgers,
    decisions: sealed.map(s => s.decision),
    loaded: sealed.map(s => ({ memo: s.decision.after, stored: s.to.version === 0 ? null : s.to })),
    signals,
    packs,
    quarantined,
  }
}

async function loadMissing(
  sql: Sql,
  deps: StepDeps,
  work: ReadonlyMap<string, readonly Work[]>,
  memos: ReadonlyMap<string, Loaded>,
): Promise<Map<string, Loaded>> {
  const known = new Map<string, Loaded>()
  const missing: StreamRef[] = []
  for (const [stream, rows] of work) {
    const memo = memos.get(stream)
    const ref = { stream, bucket: rows[0]!.bucket, kind: kindOf(rows) }
    if (memo) known.set(stream, memo)
    else if (rows[0]!.what !== 'wake' && rows[0]!.fresh) known.set(stream, emptyStream(ref, deps))
    else missing.push(ref)
  }
  for (const [stream, loaded] of await loadStreams(sql, deps, missing)) known.set(stream, loaded)
  return known
}

// A stream that does not exist yet has no wakes, so one of its rows tells the kind.
const kindOf = (rows: readonly Work[]): StreamKind => rows.find(r => r.what !== 'wake')?.kind ?? 'order'

/** What has to be written for a stream, or null when its timer was early and everything stands as it was. */
function streamWrite(
  decision: Decision,
  from: Stored | null,
  rows: readonly Work[],
  deps: StepDeps,
): StreamWrite | null {
  const { before, after, facts, consumed } = decision
  const version = after.version
  const timerAt = nextTimer(decision, from, rows)
  const idle = facts.length === 0 && consumed.length === 0 && before.wakeAt === after.wakeAt
  if (idle && (from === null || timerAt === from.timerAt)) return null
  const stateBound = boundAfter(decision, from?.stateBound ?? 0)
  const blobVersion = from?.blobVersion ?? 0
  // An old blob may still name a person that was erased since.
  const due = version - blobVersion >= BLOB_EVERY || (blobVersion > 0 && facts.some(f => f.type === 'person.erased'))
  const blob = due ? blobOf(decision, deps.reactorsOf(after.kind)) : null
  const to: Stored = {
    version,
    timerAt,
    // The earliest month of any fact: clocks of two nodes may disagree about midnight.
    bornMonth: Math.min(from?.bornMonth ?? Number.MAX_SAFE_INTEGER, ...months(facts, deps)),
    blobVersion: blob ? version : blobVersion,
    stateBound,
  }
  return { decision, from, to, blob, rows: deps.readRows(decision) }
}

const months = (facts: Decision['facts'], deps: StepDeps): number[] =>
  facts.length > 0 ? [...new Set(facts.map(f => monthOf(f.recordedAt)))] : [monthOf(deps.now())]

/** The indexed timer: moved only when it fired or a nearer wake appeared, else left where it is (lazy re-arm). */
function nextTimer({ after }: Decision, from: Stored | null, rows: readonly Work[]): Instant | null {
  const wake = after.wakeAt
  const timer = from?.timerAt ?? null
  const ranTo = rows.reduce((max, r) => (r.what === 'wake' && r.upTo > max ? r.upTo : max), after.clock)
  if (timer === null || timer <= ranTo) return wake
  return wake !== null && wake < timer ? wake : timer
}

function blobOf({ after }: Decision, reactors: readonly Reactor<unknown>[]): StreamWrite['blob'] {
  const body = JSON.stringify(after.slices)
  return { body, shapes: JSON.stringify(Object.fromEntries(reactors.map(r => [r.slice, r.shape]))) }
}

async function sealFacts(sql: Sql, deps: StepDeps, streams: readonly StreamWrite[]): Promise<StreamWrite[]> {
  const needing = streams.filter(s =>
    s.decision.facts.some(f => f.stored === undefined && deps.personalPaths(f.type).length > 0),
  )
  const salts = await writersSalts(
    sql,
    needing.map(s => s.decision.after),
    deps.now(),
  )
  return streams.map(s => {
    if (s.decision.facts.every(f => f.stored !== undefined)) return s
    const facts = s.decision.facts.map(f => (f.stored === undefined ? storeFact(f, deps, salts.get(f.stream)) : f))
    return { ...s, decision: { ...s.decision, facts } }
  })
}

function storeFact(fact: LedgerRow, deps: StepDeps, salt: WritersSalt | undefined): LedgerRow {
  const paths = deps.personalPaths(fact.type)
  const stored =
    salt && paths.length > 0
      ? sealedText(deps.sealer, { stream: fact.stream, type: fact.type, ...salt, paths }, fact.body)
      : JSON.stringify(fact.body)
  return { ...fact, stored }
}

/** A row that could not take effect, as it is kept: with its stored text, so that it can be replayed. */
export function quarantinedRow(work: Work, error: { code: string; message: string }, at: Instant): Quarantined {
  const base = { bucket: work.bucket, stage: 'step', stream: work.stream, code: error.code, at }
  const detail = { message: error.message }
  if (work.what === 'wake')
    return { ...base, id: `${work.id}:${at}`, source: 'wake', type: 'tick', error: detail, row: { upTo: work.upTo } }
  const { body: _plain, fresh: _hint, stored, ...row } = work
  return { ...base, id: work.id, source: work.actor, type: work.type, error: detail, row: { ...row, stored } }
}

const signalsOf = (d: Decision): IntakeRow[] =>
  d.signals.map(s => ({
    bucket: bucketOf(s.to),
    class: CLASS.signal,
    id: s.id,
    stream: s.to,
    kind: s.kind,
    what: 'signal',
    type: s.type,
    v: 1,
    actor: `stream:${d.after.stream}`,
    occurredAt: s.at,
    recordedAt: s.at,
    knownAt: s.at,
    historical: d.after.historical,
    body: s.body,
    stored: JSON.stringify(s.body),
  }))
