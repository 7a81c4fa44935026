import { JOB_KINDS, type JobItem } from '../../../contract/api/index.ts'
import { type Principal, permits } from '../../../contract/principal.ts'
import { isoOf } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type JobRow, listJobs, readJob } from '../../../pipeline/queries/jobs.ts'
import { demand } from '../caller.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { isoOrNull } from './orders.ts'

export function jobHandlers(deps: HttpDeps): Pick<Handlers, 'listJobs' | 'getJob' | 'cancelJob' | 'verifyLedger'> {
  const { db, jobs, audit } = deps
  return {
    async listJobs({ query: { limit, cursor, ...asked } }, { principal }) {
      const filter = permits(principal, 'operations.read') ? asked : { ...asked, actor: principal.actor }
      const place = LISTS.jobs.placeOf(cursor)
      const after = place && { at: place[0], id: place[1] }
      const { rows, next } = await listJobs(db, filter, { limit, after })
      return {
        status: 200,
        body: { items: rows.map(listedJob), next: LISTS.jobs.cursorOf(next && [next.at, next.id]) },
      }
    },
    async getJob({ params: { id } }, { principal }) {
      return { status: 200, body: jobItem(await jobFor(deps, principal, id)) }
    },
    async cancelJob({ params: { id } }, { principal, who }) {
      const before = await jobFor(deps, principal, id)
      if (before.actor !== principal.actor) demand(principal, 'job.manage')
      const asked = await jobs.cancel(id)
      if (asked) await audit.record(who, { verb: 'job.cancel', subject: { kind: 'job', id } })
      const job = await jobFor(deps, principal, id)
      if (!asked) throw new ApiProblem('job_over', `The job has ended already: it is ${job.status}.`)
      return { status: 200, body: jobItem(job) }
    },
    async verifyLedger(_asked, caller) {
      if (jobs.runs('verify')) throw new ApiProblem('job_running', 'A check is running already: see GET /v1/jobs.')
      const job = await jobs.begin('verify', { params: {}, actor: caller.actor })
      return { status: 202, body: jobItem(job), headers: { location: `/v1/jobs/${job.id}` } }
    },
  }
}

/** @throws ApiProblem job_not_found, also for a job that is not the caller's to see */
async function jobFor({ db }: HttpDeps, principal: Principal, id: string): Promise<JobRow> {
  const job = await readJob(db, id)
  const isVisible = job !== null && (job.actor === principal.actor || permits(principal, 'operations.read'))
  if (!isVisible) throw new ApiProblem('job_not_found', `There is no job ${id}: see GET /v1/jobs.`)
  return job
}

/** A job as the API shows it; also for answers that start one. */
export function jobItem(row: JobRow): JobItem {
  const { id, kind, status, actor, params, result, error, cancelling } = row
  return {
    ...{ id, kind, name: { ...(JOB_KINDS[kind] ?? { zh: kind, en: kind }) }, status, actor },
    progress: progressOf(row.progress),
    params: { ...params },
    result: result && { ...result },
    error: error && { code: error.code, message: error.message },
    cancelling: cancelling && status === 'running',
    cancellable: status === 'running' && !cancelling,
    createdAt: isoOf(row.createdAt),
    updatedAt: isoOf(row.updatedAt),
    endedAt: isoOrNull(row.endedAt),
  }
}

/** Of what it was given only what is short: a list is read often, and one job tells all. */
function listedJob(row: JobRow): JobItem {
  const short = Object.entries(row.params).filter(([, value]) => value === null || typeof value !== 'object')
  return jobItem({ ...row, params: Object.fromEntries(short) })
}

const count = (value: JsonObject[string]): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null
const text = (value: JsonObject[string]): string | null => (typeof value === 'string' ? value : null)

const progressOf = ({ done, total, unit, note }: JsonObject): JobItem['progress'] => ({
  ...{ done: count(done) ?? 0, total: count(total), unit: text(unit), note: text(note) },
})
