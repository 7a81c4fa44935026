import type { Instant } from '../kernel/instant.ts'
import { AUDIT_BUCKET, type AuditRow, auditText } from '../modules/access/index.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Sealer } from '../platform/seal.ts'
import { GENESIS, linkHash } from './chain.ts'
import * as text from './sql/audit.ts'
import { jsonRows, type Sql } from './sql.ts'

export type StoredAudit = AuditRow & { readonly pos: number | null; readonly mac: Buffer }

/** What the chain of the trail covers of a row: its place, its columns and its authentication. */
export const sealedAuditText = (row: StoredAudit, pos: number): string =>
  JSON.stringify([pos, auditText(row), row.mac.toString('hex')])

/** Rows of one link. */
const PAGE = 500
/** So that what is written together is sealed together. */
const GATHER = 100
const AFTER_FAILURE = 1_000

interface Head {
  readonly n: number
  readonly pos: number
  readonly hash: Buffer
}

/** Seals what waits, one link a page; returns how many rows. Any number may run at once, and each row is sealed once. */
export async function sealAudit(db: Database, sealer: Sealer, now: () => Instant): Promise<number> {
  // Mostly nothing waits, and a look without a transaction is a quarter of the work.
  const { rows } = await db.query<{ waits: boolean }>(text.WAITS_AUDIT, [AUDIT_BUCKET])
  if (!rows[0]!.waits) return 0
  let sealed = 0
  for (;;) {
    const count = await db.transaction(tx => sealPage(tx, sealer, now()))
    if (count < 0) continue
    sealed += count
    if (count < PAGE) return sealed
  }
}

/** @returns how many rows; -1 when another sealer was faster */
async function sealPage(tx: Sql, sealer: Sealer, at: Instant): Promise<number> {
  // Before the rows: whoever seals them meanwhile moves the head, and then ours does not move.
  const head = await headOf(tx)
  const { rows } = await tx.query<StoredAudit>(text.WAITING_AUDIT, [AUDIT_BUCKET, PAGE])
  if (rows.length === 0) return 0
  const link = { n: head.n + 1, pos_from: head.pos, pos_to: head.pos + rows.length - 1, at }
  const texts = rows.map((row, i) => sealedAuditText(row, head.pos + i))
  const hash = linkHash(sealer, 'audit chain', { head: link, prev: head.hash, rows: texts })
  const next = [AUDIT_BUCKET, link.n, link.pos_to + 1, hash, head.n, head.hash]
  if ((await tx.query(text.MOVE_AUDIT, next)).rowCount !== 1) return -1
  const places = jsonRows(rows.map((row, i) => ({ i: row.id, p: head.pos + i })))
  const placed = await tx.query(text.PLACE_AUDIT, [AUDIT_BUCKET, places])
  // Moving the head locks out every other sealer, so this cannot be; if it is, nothing is sealed.
  if (placed.rowCount !== rows.length) throw new Error('rows of the audit trail were sealed by somebody else')
  const { n, pos_from, pos_to } = link
  await tx.query(text.INSERT_AUDIT_LINK, [AUDIT_BUCKET, n, pos_from, pos_to, at, head.hash, hash])
  return rows.length
}

async function headOf(tx: Sql): Promise<Head> {
  const found = (await tx.query<Head>(text.AUDIT_HEAD, [AUDIT_BUCKET])).rows[0]
  if (found) return found
  await tx.query(text.FOUND_AUDIT, [AUDIT_BUCKET, GENESIS])
  return { n: 0, pos: 1, hash: GENESIS }
}

export interface AuditSealerDeps {
  readonly db: Database
  readonly sealer: Sealer
  readonly log: Log
  now(): Instant
  /** Whether it is this node's turn: one node at a time has the work, so that they do not get in each other's way. */
  mine(): boolean
  pause(ms: number): Promise<void>
}

/** Seals the audit trail within a second of its writing. Modes: idle (waits for a notice) -> sealing -> idle. */
export class AuditSealer {
  readonly #deps: AuditSealerDeps
  #wake: () => void = () => {}
  #told = true
  #stopped = false
  #running: Promise<void> | null = null

  constructor(deps: AuditSealerDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#running ??= this.#loop()
  }

  /** Something was written, here or elsewhere. */
  poke(): void {
    this.#told = true
    this.#wake()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake()
    await this.#running
  }

  async #loop(): Promise<void> {
    const { db, sealer, log, now, mine, pause } = this.#deps
    while (!this.#stopped) {
      const woken = new Promise<void>(resolve => {
        this.#wake = resolve
      })
      // A notice that was lost is made up for by the pipeline, which pokes now and then.
      if (!this.#told) await woken
      if (this.#stopped) return
      this.#told = false
      if (!mine()) continue
      try {
        await pause(GATHER)
        await sealAudit(db, sealer, now)
      } catch (error) {
        log.warn('the audit trail could not be sealed, trying again', { error: String(error) })
        this.#told = true
        await pause(AFTER_FAILURE)
      }
    }
  }
}
