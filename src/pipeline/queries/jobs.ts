import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Sql } from '../sql.ts'

/** Long work of the command line that goes on after an interruption. */
export interface Job {
  readonly id: string
  readonly kind: string
  readonly status: 'running' | 'done'
  readonly progress: JsonObject
}

const READ = 'select id, kind, status, progress from job where id = $1'
const WRITE = `
insert into job (id, kind, status, progress, updated_at) values ($1, $2, $3, $4, $5)
on conflict (id) do update set status = excluded.status, progress = excluded.progress, updated_at = excluded.updated_at`

export async function readJob(sql: Sql, id: string): Promise<Job | null> {
  const { rows } = await sql.query<{ kind: string; status: string; progress: string }>(READ, [id])
  const row = rows[0]
  if (!row) return null
  const status = row.status === 'done' ? 'done' : 'running'
  return { id, kind: row.kind, status, progress: JSON.parse(row.progress) as JsonObject }
}

export async function writeJob(sql: Sql, job: Job, at: Instant): Promise<void> {
  await sql.query(WRITE, [job.id, job.kind, job.status, JSON.stringify(job.progress), at])
}
