import { groupOf, homeBucketOf } from '../kernel/bucket.ts'
import { digest26 } from '../kernel/hash.ts'
import { monthOf } from '../kernel/instant.ts'
import { copyField, copyJson } from '../platform/copy-in.ts'
import type { Statement } from '../platform/database.ts'
import { codeOf, messageOf } from '../platform/error.ts'
import type { Sealer } from '../platform/seal.ts'
import { type ChainedRow, ledgerText, linkHash } from './chain.ts'
import { type Pack, type PackChange, packChangesJson, packsJson } from './packs.ts'
import type { Decision, LedgerRow, ReadRows, Stored, WakeRow } from './rows.ts'
import * as readSql from './sql/read-rows.ts'
import * as sqlText from './sql/write.ts'
import { hex, jsonRows, type LaneSql } from './sql.ts'
import { missedRows } from './step-errors.ts'

/** A group's ledger as its lane knows it; moves only when a step has committed. */
export interface GroupLedger {
  readonly epoch: number
  readonly nextPos: number
  readonly chainN: number
  readonly chainHash: Buffer
}

/** One stream's part of a step, ready to be written. Every fact's `stored` text is set. */
export interface StreamWrite {
  readonly decision: Decision
  readonly from: Stored | null
  readonly to: Stored
  /** The new blob with its shapes, or null when this step leaves the old one. */
  readonly blob: { readonly shapes: string; readonly body: string } | null
  readonly rows: ReadRows
}

/** The lease moved on, or ours is not the newest epoch: somebody else owns the group. */
export class Fenced extends Error {}
/** What we remembered of a stream or of the mailbox is out of date; read it again. */
export class Stale extends Error {}

export interface Quarantined {
  readonly bucket: number
  readonly id: string
  readonly stage: string
  readonly source: string
  readonly type: string
  readonly stream: string | null
  readonly code: string
  readonly error: object
  readonly at: number
  readonly row: object
}

export interface StepWrite {
  readonly at: number
  /** Keys the chain. */
  readonly sealer: Sealer
  readonly streams: readonly StreamWrite[]
  readonly quarantined: readonly Quarantined[]
  readonly ledgers: ReadonlyMap<number, GroupLedger>
  /** Messages to other streams, packed for their mailboxes. */
  readonly signals: readonly Pack[]
  /** What becomes of the packs whose messages were handled. */
  readonly packs: readonly PackChange[]
  /** A wake that could not be written: its stream's timer is cleared, else it would fire for ever. */
  readonly disarm?: WakeRow | null
}

/** Writes a step in one transaction and one flight, one statement per table; returns the moved ledgers. */
export async function writeStep(sql: LaneSql, step: StepWrite): Promise<Map<number, GroupLedger>> {
  const { moved, statements } = planStep(step)
  try {
    await sql.batch([{ text: sqlText.BY_KEY }, ...statements])
  } catch (error) {
    throw missed(error) ?? error
  }
  return moved
}

/** The rows that a change was to touch are not as we remember them. */
function missed(error: unknown): Fenced | Stale | null {
  const what = missedRows(error)
  if (what === 'fenced') return new Fenced('positions that are not ours any more', { cause: error })
  if (what === 'stale' || codeOf(error) === 'COMMIT_LOST') return new Stale(messageOf(error), { cause: error })
  return null
}

function planStep(step: StepWrite): { moved: Map<number, GroupLedger>; statements: Statement[] } {
  const moved = new Map<number, GroupLedger>()
  const chain: object[] = []
  const positions: object[] = []
  let ledger = ''
  for (const [group, facts] of factsByGroup(step.streams)) {
    const before = step.ledgers.get(group)
    if (!before) throw new Fenced(`group ${group} is not ours`)
    const stored = facts.map((fact, i) => chained(fact, before.nextPos + i))
    const rows = stored.map(ledgerText)
    const nextPos = before.nextPos + rows.length
    const head = { n: before.chainN + 1, pos_from: before.nextPos, pos_to: nextPos - 1, at: step.at }
    const hash = linkHash(step.sealer, 'ledger chain', { head, prev: before.chainHash, rows })
    moved.set(group, { ...before, nextPos, chainN: head.n, chainHash: hash })
    const b = homeBucketOf(group)
    const link = { n: head.n, f: head.pos_from, t: head.pos_to, a: head.at }
    chain.push({ b, ...link, p: hex(before.chainHash), h: hex(hash) })
    positions.push({ b, e: before.epoch, o: before.nextPos, p: nextPos, n: head.n, h: hex(hash) })
    for (const row of stored) ledger += ledgerLine(row)
  }
  fenceQuietGroups(step, moved, positions)
  const statements: Statement[] = [{ text: sqlText.MOVE_POSITIONS, values: [jsonRows(positions), positions.length] }]
  if (ledger !== '') statements.push({ text: sqlText.COPY_LEDGER, rows: ledger })
  if (chain.length > 0) statements.push({ text: sqlText.INSERT_CHAIN, values: [jsonRows(chain)] })
  statements.push(...planStreams(step.streams), ...planReadRows(step.streams), ...planEffects(step))
  return { moved, statements }
}

// A step that writes no fact in a group (an early timer, a quarantined row) is fenced all the same.
function fenceQuietGroups(step: StepWrite, moved: ReadonlyMap<number, GroupLedger>, positions: object[]): void {
  const quiet = new Set<number>()
  for (const s of step.streams) quiet.add(groupOf(s.decision.after.bucket))
  for (const q of step.quarantined) quiet.add(groupOf(q.bucket))
  for (const change of step.packs) quiet.add(change.pack.group)
  for (const group of quiet) {
    if (moved.has(group)) continue
    const g = step.ledgers.get(group)
    if (!g) throw new Fenced(`group ${group} is not ours`)
    positions.push({ b: homeBucketOf(group), e: g.epoch, o: g.nextPos, p: g.nextPos, n: g.chainN, h: hex(g.chainHash) })
  }
}

function factsByGroup(streams: readonly StreamWrite[]): Map<number, LedgerRow[]> {
  const groups = new Map<number, LedgerRow[]>()
  for (const { decision } of streams) {
    if (decision.facts.length === 0) continue
    const group = groupOf(decision.after.bucket)
    const list = groups.get(group)
    if (list) list.push(...decision.facts)
    else groups.set(group, [...decision.facts])
  }
  return groups
}

const chained = (fact: LedgerRow, pos: number): ChainedRow => ({
  bucket: fact.bucket,
  recorded_month: monthOf(fact.recordedAt),
  stream: fact.stream,
  seq: fact.seq,
  pos,
  type: fact.type,
  v: fact.v,
  actor: fact.actor,
  cause: fact.cause,
  occurred_at: fact.occurredAt,
  recorded_at: fact.recordedAt,
  known_at: fact.knownAt,
  body: fact.stored!,
})

/** A row of the ledger for COPY, columns as `COPY_LEDGER` lists them. */
const ledgerLine = (r: ChainedRow): string =>
  `${r.bucket}\t${r.recorded_month}\t${copyField(r.stream)}\t${r.seq}\t${r.pos}\t${copyField(r.type)}\t${r.v}\t` +
  `${copyField(r.actor)}\t${copyField(r.cause)}\t${r.occurred_at}\t${r.recorded_at}\t${r.known_at}\t${copyJson(r.body)}\n`

function planStreams(streams: readonly StreamWrite[]): Statement[] {
  const created: object[] = []
  const updated: object[] = []
  const states: string[] = []
  for (const { decision, from, to, blob } of streams) {
    // Nothing took effect on it yet: the stream never came to be.
    if (to.version === 0) continue
    const m = decision.after
    const head = {
      b: m.bucket,
      s: m.stream,
      v: to.version,
      c: m.clock,
      w: m.wakeAt,
      i: to.timerAt,
      g: to.blobVersion,
      h: m.historical,
    }
    if (from === null) created.push({ ...head, k: m.kind, m: to.bornMonth })
    else updated.push({ ...head, o: from.version, m: to.bornMonth })
    if (blob)
      states.push(`{"b":${m.bucket},"s":"${m.stream}","v":${to.blobVersion},"h":${blob.shapes},"j":${blob.body}}`)
  }
  const planned: Statement[] = []
  // A stream that appeared meanwhile violates the primary key: the same as a stale head.
  if (created.length > 0) planned.push({ text: sqlText.INSERT_HEADS, values: [jsonRows(created)] })
  if (updated.length > 0) planned.push({ text: sqlText.UPDATE_HEADS, values: [jsonRows(updated), updated.length] })
  if (states.length > 0) planned.push({ text: sqlText.WRITE_STATES, values: [`[${states.join(',')}]`] })
  return planned
}

function planReadRows(streams: readonly StreamWrite[]): Statement[] {
  const tables = [
    [readSql.WRITE_ORDER_ROWS, streams.flatMap(s => s.rows.orders)],
    [readSql.MOVE_ORDER_ROWS, streams.flatMap(s => s.rows.moved)],
    [readSql.WRITE_CASE_ROWS, streams.flatMap(s => s.rows.cases)],
    [readSql.WRITE_FINDING_ROWS, streams.flatMap(s => s.rows.findings)],
  ] as const
  return tables.filter(([, rows]) => rows.length > 0).map(([text, rows]) => ({ text, values: [jsonRows(rows)] }))
}

function planEffects(step: StepWrite): Statement[] {
  const planned: Statement[] = []
  const add = (text: string, rows: readonly object[]) => {
    if (rows.length > 0) planned.push({ text, values: [jsonRows(rows)] })
  }
  const all = step.streams.map(s => s.decision)
  const parts = all.flatMap(d => [
    ...new Map(d.parts.map(p => [`${p.kind}\0${p.part}`, { ...d.after, ...p }])).values(),
  ])
  const put = parts.filter(p => p.body !== null)
  const gone = parts.filter(p => p.body === null)
  add(
    sqlText.WRITE_PARTS,
    put.map(p => ({ b: p.bucket, s: p.stream, k: p.kind, p: p.part, j: p.body })),
  )
  add(
    sqlText.DELETE_PARTS,
    gone.map(p => ({ b: p.bucket, s: p.stream, k: p.kind, p: p.part })),
  )
  add(sqlText.INSERT_OUTBOX, all.flatMap(outboxRows))
  add(
    sqlText.INSERT_OUTCOMES,
    all.flatMap(d => d.outcomes.map(outcomeRow)),
  )
  add(sqlText.INSERT_QUARANTINE, step.quarantined.map(quarantineRow))
  if (step.signals.length > 0) planned.push({ text: sqlText.INSERT_INTAKE, values: [packsJson(step.signals)] })
  const { done, kept } = packChangesJson(step.packs)
  const finished = step.packs.filter(c => c.left.length === 0).length
  if (done) planned.push({ text: sqlText.DELETE_PACKS, values: [done, finished] })
  if (kept) planned.push({ text: sqlText.SHORTEN_PACKS, values: [kept, step.packs.length - finished] })
  if (step.disarm) planned.push({ text: sqlText.DISARM, values: [step.disarm.bucket, step.disarm.stream] })
  return planned
}

const outboxRows = (d: Decision): object[] =>
  d.sends.map(s => {
    const id = digest26(d.after.stream, s.key)
    return { b: d.after.bucket, i: id, s: d.after.stream, c: s.channel, t: s.type, a: s.at, j: s.body }
  })

const outcomeRow = (o: Decision['outcomes'][number]): object => ({
  b: o.bucket,
  i: o.commandId,
  u: o.status,
  s: o.stream,
  v: o.version,
  a: o.at,
  j: o.body,
  q: o.request,
})

const quarantineRow = (q: Quarantined): object => ({
  b: q.bucket,
  i: q.id,
  g: q.stage,
  o: q.source,
  t: q.type,
  s: q.stream,
  c: q.code,
  e: q.error,
  a: q.at,
  j: q.row,
})
