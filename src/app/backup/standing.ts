import type { Instant } from '../../kernel/instant.ts'
import type { BackupHistory } from '../../pipeline/queries/backups.ts'
import { backupFindingStands, type StandingDeps, tellInstallation } from '../../pipeline/standing.ts'

/** How backups stand, for those who work on cases. */
export interface BackupStanding {
  tell(history: BackupHistory, at: { readonly now: Instant; readonly overdue: boolean }): Promise<void>
}

const OVERDUE = 'No backup was made although one was due'

/**
 * A backup that failed, or that did not come when it was due, is a case; the next good one clears it. Looks at what stands
 * before it tells, so that each change is one fact, in whichever process it is seen.
 */
export const backupStanding = (deps: StandingDeps): BackupStanding => ({
  async tell(history, { now, overdue }) {
    const { doneAt, failedAt, failure } = history
    const isBad = failedAt !== null || overdue
    if (isBad === (await backupFindingStands(deps))) return
    const body = { lastGoodAt: doneAt, ...(isBad && { failedAt, reason: failure ?? OVERDUE }) }
    const id = `backup:${isBad ? 'failed' : 'done'}:${failedAt ?? doneAt ?? now}`
    await tellInstallation(deps, { id, type: isBad ? 'backup.failed' : 'backup.done', at: now, body })
  },
})
