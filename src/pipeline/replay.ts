import { type CanonicalEvent, type Problem, parseEvent } from '../contract/events/index.ts'
import { bucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Json } from '../kernel/json.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { doorOwner } from './door.ts'
import type { Incoming, Receipt } from './ingress.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { openText } from './personal.ts'
import type { QuarantineTable } from './queries/tables.ts'
import type { IntakeRow } from './rows.ts'
import { loadSalts, loadSaltsFor, saltFor } from './salts.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import type { Sql } from './sql.ts'

/** How a second try of a quarantined row ended. */
export type Replayed =
  | { readonly outcome: 'replayed'; readonly row: QuarantineTable }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'impossible'; readonly why: string }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[]; readonly why: string }

export interface ReplayDeps {
  readonly db: Database
  readonly sealer: Sealer
  now(): Instant
  ingest(events: readonly Incoming[]): Promise<Receipt[]>
  /** Tells the lanes of rows that are in the mailbox. */
  offer(packs: readonly Pack[]): void
  /** In the transaction that marks the row: who replayed it is told with it or not at all. */
  told?(tx: Sql, row: QuarantineTable): Promise<unknown>
}

const FIND = `select * from quarantine where bucket = any($1::smallint[]) and id = $2`
const DONE = `update quarantine set status = 'replayed' where bucket = $1 and id = $2 and status = 'open'`

/** Tries a quarantined row again: an event at the door, any other row in its mailbox. */
export async function replayQuarantined(deps: ReplayDeps, id: string): Promise<Replayed> {
  const row = await findQuarantined(deps, id)
  if (row === null) return { outcome: 'missing' }
  if (row.status === 'replayed') return { outcome: 'impossible', why: 'it was replayed already' }
  return row.stage === 'door' ? replayAtDoor(deps, row) : replayStep(deps, row)
}

/** A row of a step stands in its stream's bucket, which its id does not tell. */
async function findQuarantined({ db }: ReplayDeps, id: string): Promise<QuarantineTable | null> {
  const buckets = id.startsWith('d-') ? [bucketOf(id)] : ALL_BUCKETS
  return (await db.query<QuarantineTable>(FIND, [buckets, id])).rows[0] ?? null
}
const ALL_BUCKETS = Array.from({ length: 1024 }, (_, i) => i)

interface DoorRow {
  readonly sealed: string
  readonly whole: boolean
}

async function replayAtDoor(deps: ReplayDeps, row: QuarantineTable): Promise<Replayed> {
  const { sealed, whole }: DoorRow = JSON.parse(row.row)
  if (!whole) return { outcome: 'impossible', why: 'it was too long to be kept whole: let its sender send it again' }
  const owner = doorOwner(row.id)
  const salt = (await loadSalts(deps.db, [{ bucket: bucketOf(row.id), stream: owner }])).get(owner)
  if (!salt) return { outcome: 'impossible', why: 'its text was erased' }
  const parsed = parseEvent(JSON.parse(deps.sealer.open(salt, owner, sealed)), { now: deps.now() })
  if (!parsed.ok) return { outcome: 'refused', problems: parsed.problems, why: 'it is still not well formed' }
  return accepted(deps, row, parsed.event)
}

async function accepted(deps: ReplayDeps, row: QuarantineTable, event: CanonicalEvent): Promise<Replayed> {
  const [receipt] = await deps.ingest([event])
  if (receipt?.status === 'conflict') {
    return { outcome: 'refused', problems: [], why: 'its id stands for another content: let its sender give a new id' }
  }
  await deps.db.transaction(async tx => {
    await tx.query(DONE, [row.bucket, row.id])
    await deps.told?.(tx, row)
  })
  return { outcome: 'replayed', row: { ...row, status: 'replayed' } }
}

async function replayStep(deps: ReplayDeps, row: QuarantineTable): Promise<Replayed> {
  const kept = JSON.parse(row.row) as { readonly [key: string]: Json }
  if (kept.what === undefined) {
    return { outcome: 'impossible', why: 'it was a timer: the next message of its stream sets it again' }
  }
  // Safe: `quarantinedRow` in `step.ts` wrote it, and left out only the plain body.
  const stored = kept as unknown as Omit<IntakeRow, 'body'>
  const salt = saltFor(await loadSaltsFor(deps.db, [stored]), stored.stream, stored.stored)
  const body = openText(deps.sealer, { stream: stored.stream, type: stored.type, salt }, stored.stored)
  // It takes effect now and was not known before, whenever it arrived.
  const recordedAt = Math.max(stored.recordedAt, deps.now())
  const knownAt = stored.historical ? stored.knownAt : recordedAt
  // A pack id of its own: the one it came in may still hold messages that wait.
  const packs = packed([{ ...stored, body, recordedAt, knownAt }]).map(p => ({ ...p, id: `${p.id}:${deps.now()}` }))
  const ours = await deps.db.transaction(async tx => {
    const { rowCount } = await tx.query(DONE, [row.bucket, row.id])
    if (rowCount === 1) await tx.query(INSERT_INTAKE, [packsJson(packs)])
    if (rowCount === 1) await deps.told?.(tx, row)
    return rowCount === 1
  })
  if (!ours) return { outcome: 'impossible', why: 'somebody else is replaying it' }
  deps.offer(packs)
  return { outcome: 'replayed', row: { ...row, status: 'replayed' } }
}
