import type { AuditWhat, AuditWho } from '../../contract/audit.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Sql } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Sealer } from '../../platform/seal.ts'
import { type Counted, Refusals } from './audit-refusals.ts'
import { AUDIT_BUCKET, type AuditRow, auditRow, auditText } from './core-audit.ts'

export interface AuditDeps {
  readonly db: Sql
  readonly sealer: Sealer
  now(): Instant
  newId(): string
}

const INSERT = `
insert into audit (bucket, id, at, actor, behalf, address, agent, verb, subject_kind, subject_id, outcome, code, request,
  times, detail, mac)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`

const TELL = `select pg_notify('andon_audit', '')`

/**
 * Writes the audit trail. What changes something is recorded in the transaction that changes it, so that neither stands
 * without the other; the row is authenticated at once and sealed into the chain within a second.
 */
export class AuditTrail {
  readonly #deps: AuditDeps
  readonly #refusals = new Refusals()
  readonly #told = new WeakSet<AuditWho>()
  readonly #before = new WeakMap<AuditWho, JsonObject>()

  constructor(deps: AuditDeps) {
    this.#deps = deps
  }

  /** For what changes nothing in the database: sign-ins that failed, reads that are told of. Returns the id. */
  record(who: AuditWho, what: AuditWhat): Promise<string> {
    return this.recordIn(this.#deps.db, who, what)
  }

  /** In the transaction of what it tells of; the row is sealed when that has committed. Returns the id. */
  recordIn(tx: Sql, who: AuditWho, what: AuditWhat): Promise<string> {
    return this.#write(tx, { who, what, times: 1 })
  }

  /** For a request that was refused: counted, and written with `flushRefusals`. */
  refused(who: AuditWho, what: AuditWhat): void {
    this.#refusals.add(who, { ...what, outcome: 'refused' }, this.#deps.now())
  }

  /** Writes the refusals that are due. @param all also those whose repeats are still being counted: the process ends */
  async flushRefusals(all = false): Promise<void> {
    if (this.#refusals.isEmpty) return
    for (const counted of this.#refusals.take(this.#deps.now(), all)) await this.#write(this.#deps.db, counted)
  }

  /** The request of `who` is told of, under another name than it came with. */
  tellsOf(who: AuditWho): void {
    this.#told.add(who)
  }

  /** What the request of `who` is about to change, as it was: for the entry that is written when that is done. */
  was(who: AuditWho, before: JsonObject): void {
    this.#before.set(who, before)
  }

  beforeOf(who: AuditWho): JsonObject | undefined {
    return this.#before.get(who)
  }

  /** Whether something was recorded for this very request: its verb told more than anybody else can. */
  hasTold(who: AuditWho): boolean {
    return this.#told.has(who)
  }

  async #write(tx: Sql, { who, what, times }: Counted): Promise<string> {
    this.#told.add(who)
    const row = auditRow(who, what, { id: this.#deps.newId(), at: this.#deps.now(), times })
    await tx.query(INSERT, [AUDIT_BUCKET, ...valuesOf(row), macOf(this.#deps.sealer, row)])
    // Told when the transaction commits: whoever seals need not look all the time.
    await tx.query(TELL)
    return row.id
  }
}

/** Proves that the row was written by who has the master secret, also before it is sealed. */
export const macOf = (sealer: Sealer, row: AuditRow): Buffer => sealer.mac('audit row', Buffer.from(auditText(row)))

const valuesOf = (r: AuditRow): unknown[] => [
  ...[r.id, r.at, r.actor, r.behalf, r.address, r.agent, r.verb, r.subject_kind, r.subject_id],
  ...[r.outcome, r.code, r.request, r.times, r.detail],
]

const FLUSH_EVERY = 1_000

/** Writes what was refused, once a second until `signal` is aborted, and then the rest. */
export async function keepRefusals(
  trail: AuditTrail,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const write = (all: boolean): Promise<void> =>
    trail.flushRefusals(all).catch(error => log.warn('refusals were not recorded', { error: String(error) }))
  while (!signal.aborted) {
    await clock.sleepUntil(clock.now() + FLUSH_EVERY, signal)
    await write(signal.aborted)
  }
}
