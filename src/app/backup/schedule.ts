import { type Duration, type Instant, MINUTE } from '../../kernel/instant.ts'
import type { Jobs } from '../../pipeline/jobs.ts'
import { type BackupHistory, backupHistory, claimBackup } from '../../pipeline/queries/backups.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { messageOf } from '../../platform/error.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { BackupStanding } from './standing.ts'

/** How long to wait after a failure, unless backups are more often than that anyway. */
const RETRY_AFTER = 15 * MINUTE
const LOOK_EVERY = MINUTE / 2

/** When the next backup is due. */
export function dueAt({ doneAt, failedAt }: Pick<BackupHistory, 'doneAt' | 'failedAt'>, every: Duration): Instant {
  const due = doneAt === null ? 0 : doneAt + every
  return failedAt === null ? due : Math.max(due, failedAt + Math.min(RETRY_AFTER, every))
}

/** Later than this after it was due, somebody should look: the time that a backup takes is in it. */
export const isOverdue = (
  { doneAt }: Pick<BackupHistory, 'doneAt'>,
  given: { every: Duration; now: Instant; since: Instant },
): boolean => given.now > (doneAt ?? given.since) + given.every * 1.5 + RETRY_AFTER

export interface ScheduleOptions {
  readonly jobs: Jobs
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly every: Duration | undefined
  /** Opens a case when backups fail; none in a practice world. */
  readonly standing: BackupStanding | null
}

/**
 * Begins a backup whenever one is due, whichever process of the installation sees it first. How each went stands in its job;
 * what failed is logged, counted, a case, and tried again.
 */
export function keepBackingUp(options: ScheduleOptions, stop: AbortSignal): Promise<void> {
  const { jobs, db, clock, log, metrics, every, standing } = options
  const since = clock.now()
  const lastAt = metrics.gauge({
    name: 'backup_last_success_seconds',
    help: 'When the last backup was whole, in Unix time',
  })
  const overdue = metrics.gauge({
    name: 'backup_overdue',
    help: '1 when by the schedule there should be a newer backup',
  })
  const failures = metrics.counter({ name: 'backup_failures_total', help: 'Backups that failed' })
  let known: Instant | null = null
  const look = async (): Promise<void> => {
    const history = await backupHistory(db)
    const now = clock.now()
    lastAt((history.doneAt ?? 0) / 1000)
    const isLate = every !== undefined && isOverdue(history, { every, now, since })
    overdue(isLate ? 1 : 0)
    await standing?.tell(history, { now, overdue: isLate })
    if (history.failedAt !== null && history.failedAt > (known ?? since)) {
      failures()
      log.error('a backup failed', { reason: history.failure ?? '' })
      known = history.failedAt
    }
    if (every === undefined || history.running || now < dueAt(history, every)) return
    if (await claimBackup(db, { now, notSince: now - LOOK_EVERY * 2 }))
      await jobs.begin('backup', { params: { scheduled: true }, actor: 'system' })
  }
  return (async () => {
    while (!stop.aborted) {
      await look().catch(error => log.warn('the backups could not be looked after', { reason: messageOf(error) }))
      await clock.sleepUntil(clock.now() + LOOK_EVERY, stop)
    }
  })()
}
