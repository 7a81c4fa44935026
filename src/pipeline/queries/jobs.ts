import { sql as raw } from 'kysely'
import type { JobStatus } from '../../contract/api/index.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import type { JobTable } from './tables.ts'

/** Long work, of the command line or of a server, that goes on after an interruption. Progress is `{ done, total, ... }`. */
export interface Job {
  readonly id: string
  readonly kind: string
  readonly status: JobStatus
  readonly progress: JsonObject
}

export interface JobRow extends Job {
  readonly actor: string
  /** The process that runs it; null for the command line. */
  readonly node: string | null
  readonly params: JsonObject
  readonly result: JsonObject | null
  readonly error: { readonly code: string; readonly message: string } | null
  readonly cancelling: boolean
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly endedAt: Instant | null
}

const READ = 'select * from job where id = $1'
const WRITE = `
insert into job (id, kind, status, progress, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
on conflict (id) do update set status = excluded.status, progress = excluded.progress, updated_at = excluded.updated_at,
  ended_at = case when excluded.status = 'running' then null else excluded.updated_at end,
  cancelling = job.cancelling and job.status = 'running' and excluded.status = 'running'
returning cancelling`
const ADD = `
insert into job (id, kind, status, actor, node, params, progress, created_at, updated_at)
values ($1, $2, 'running', $3, $4, $5, $6, $7, $7)`
const TELL = `
update job set progress = $3, updated_at = $4 where id = $1 and node = $2 and status = 'running'
returning cancelling`
const END = `
update job set status = $3, result = $4, error = $5, updated_at = $6, ended_at = $6, cancelling = false
where id = $1 and node = $2 and status = 'running'`
const CANCEL = `update job set cancelling = true, updated_at = $2 where id = $1 and status = 'running'`
const LEFT = `
update job set node = $1, updated_at = $2
where status = 'running' and node is not null and (updated_at < $3 or node = $1) and not (id = any($4::text[]))
returning *`

const parsed = (text: string | null): JsonObject | null => (text === null ? null : JSON.parse(text))

export const jobOf = (row: JobTable): JobRow => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  progress: parsed(row.progress) ?? {},
  actor: row.actor,
  node: row.node,
  params: parsed(row.params) ?? {},
  result: parsed(row.result),
  error: row.error === null ? null : JSON.parse(row.error),
  cancelling: row.cancelling,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
})

export async function readJob(sql: Sql, id: string): Promise<JobRow | null> {
  const row = (await sql.query<JobTable>(READ, [id])).rows[0]
  return row ? jobOf(row) : null
}

/** Writes how far work of the command line has come; returns whether somebody asked for its end. */
export async function writeJob(sql: Sql, job: Job, at: Instant): Promise<boolean> {
  const values = [job.id, job.kind, job.status, JSON.stringify(job.progress), at]
  return (await sql.query<{ cancelling: boolean }>(WRITE, values)).rows[0]?.cancelling ?? false
}

export async function addJob(
  sql: Sql,
  job: { id: string; kind: string; actor: string; node: string; params: JsonObject; progress: JsonObject },
  at: Instant,
): Promise<void> {
  const { id, kind, actor, node, params, progress } = job
  await sql.query(ADD, [id, kind, actor, node, JSON.stringify(params), JSON.stringify(progress), at])
}

/** Whether somebody asked for the end of the job; also when it is no longer of this process. */
export async function tellJob(
  sql: Sql,
  job: { id: string; node: string; progress: JsonObject },
  at: Instant,
): Promise<boolean> {
  const { rows } = await sql.query<{ cancelling: boolean }>(TELL, [job.id, job.node, JSON.stringify(job.progress), at])
  return rows[0]?.cancelling ?? true
}

export interface JobEnd {
  readonly status: 'done' | 'failed' | 'cancelled'
  readonly result: JsonObject | null
  readonly error: JobRow['error']
}

export async function endJob(
  sql: Sql,
  job: { id: string; node: string },
  end: JobEnd & { at: Instant },
): Promise<void> {
  const { status, result, error, at } = end
  await sql.query(END, [job.id, job.node, status, result && JSON.stringify(result), error && JSON.stringify(error), at])
}

export async function askToEnd(sql: Sql, id: string, at: Instant): Promise<boolean> {
  return (await sql.query(CANCEL, [id, at])).rowCount === 1
}

/** Takes over the jobs of processes that are gone (their rows are older than `before`), and our own of an earlier life. */
export async function takeLeftJobs(
  sql: Sql,
  given: { node: string; running: readonly string[]; before: Instant; at: Instant },
): Promise<JobRow[]> {
  const { rows } = await sql.query<JobTable>(LEFT, [given.node, given.at, given.before, given.running])
  return rows.map(jobOf)
}

export interface JobPlace {
  readonly at: Instant
  readonly id: string
}

export async function listJobs(
  sql: Sql,
  filter: {
    readonly status?: readonly JobStatus[]
    readonly kind?: readonly string[]
    readonly actor?: string
    readonly updatedFrom?: Instant
    /** Of back-tests: those of this rule. */
    readonly rule?: string
  },
  page: { readonly limit: number; readonly after: JobPlace | null },
): Promise<Page<JobRow, JobPlace>> {
  const { limit, after } = page
  let query = build.selectFrom('job').selectAll()
  if (filter.status) query = query.where('status', 'in', filter.status)
  if (filter.kind) query = query.where('kind', 'in', filter.kind)
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor)
  if (filter.rule !== undefined) query = query.where(raw<string>`params -> 'draft' ->> 'id'`, '=', filter.rule)
  if (filter.updatedFrom !== undefined) query = query.where('updated_at', '>=', filter.updatedFrom)
  if (after)
    query = query
      .where('created_at', '<=', after.at)
      .where(e => e.or([e('created_at', '<', after.at), e('id', '>', after.id)]))
  const rows = await run(
    sql,
    query
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(limit + 1),
  )
  return pageOf(rows.map(jobOf), limit, row => ({ at: row.createdAt, id: row.id }))
}
