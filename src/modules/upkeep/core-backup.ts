import type { Fact, Reaction, Reactor, StreamView, Tick } from '../../contract/stream.ts'
import { NOTHING } from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'

export const BACKUP_SLICE = 'backup'
/** The rule, and the type of its case. */
export const BACKUP_FAILED = 'backup_failed'
const FAILED = 'backup.failed'
const DONE = 'backup.done'
const RAISED = 'finding.raised'
const CLEARED = 'finding.cleared'

/** Whether there is a backup to go back to, as far as the installation knows. */
export interface BackupState {
  /** Since when the finding stands; null while all is well. */
  readonly since: Instant | null
}

/** Raises one finding when a backup failed or did not come, however often it is told so, and clears it with a good one. */
export const backupReactor: Reactor<BackupState> = {
  slice: BACKUP_SLICE,
  shape: 1,
  initial: { since: null },
  on: [FAILED, DONE],
  adds: [RAISED, CLEARED],
  evolve(state, { type, recordedAt }) {
    if (type === RAISED) return { since: recordedAt }
    return type === CLEARED ? { since: null } : state
  },
  react,
}

function react(view: StreamView, fact: Fact | Tick, now: Instant): Reaction {
  const stands = stateIn(view).since !== null
  if (!('body' in fact) || stands !== (fact.type === DONE)) return NOTHING
  const actor = `rule:${BACKUP_FAILED}@1`
  const body = { rule: BACKUP_FAILED, version: 1, type: BACKUP_FAILED, at: now, evidence: evidenceOf(fact) }
  if (fact.type === DONE) return { facts: [{ type: CLEARED, actor, body }] }
  return { facts: [{ type: RAISED, actor, body: { ...body, severity: 'P1', clears: 'auto', flipAt: null } }] }
}

/** Safe: the standing of backups writes these facts, with these fields. */
function evidenceOf({ body: { reason = null, failedAt = null, lastGoodAt = null } }: Fact): JsonObject {
  return { 'backup.failedAt': failedAt, 'backup.reason': reason, 'backup.lastGoodAt': lastGoodAt }
}

/** Safe: the slice holds what `initial` and `evolve` of this reactor made. */
const stateIn = (view: StreamView): BackupState => view.slices[BACKUP_SLICE] as BackupState
