import { isoOf } from '../../../kernel/instant.ts'
import { backupHistory } from '../../../pipeline/queries/backups.ts'
import { keptIn } from '../../backup/kept.ts'
import { isOverdue } from '../../backup/schedule.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { jobItem } from './jobs.ts'
import { isoOrNull } from './orders.ts'

const MOST_LISTED = 1000

export function backupHandlers({ db, jobs, backups, now }: HttpDeps): Pick<Handlers, 'listBackups' | 'startBackup'> {
  return {
    async listBackups() {
      const { doneAt, failedAt, failure } = await backupHistory(db)
      const { dir, lock, every, keep, since } = backups
      return {
        status: 200,
        body: {
          ...{ every: every ?? null, keep, encrypted: lock !== undefined, lastDoneAt: isoOrNull(doneAt) },
          lastFailure: failedAt === null ? null : { at: isoOf(failedAt), message: failure ?? '' },
          overdue: every !== undefined && isOverdue({ doneAt }, { every, now: now(), since }),
          items: keptIn(dir)
            .slice(0, MOST_LISTED)
            .map(file => ({ ...file, createdAt: isoOf(file.createdAt) })),
        },
      }
    },
    async startBackup(_asked, caller) {
      const { running } = await backupHistory(db)
      if (running) throw new ApiProblem('job_running', 'A backup is being made already: see GET /v1/jobs.')
      const job = await jobs.begin('backup', { params: { scheduled: false }, actor: caller.actor })
      return { status: 202, body: jobItem(job), headers: { location: `/v1/jobs/${job.id}` } }
    },
  }
}
