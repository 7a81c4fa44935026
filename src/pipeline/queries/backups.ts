import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../sql.ts'

/** How the backups of this installation went, as their jobs tell. */
export interface BackupHistory {
  /** The end of the last good one. */
  readonly doneAt: Instant | null
  /** The end of the last failed one, when no good one came after it. */
  readonly failedAt: Instant | null
  readonly failure: string | null
  readonly running: boolean
}

const LAST = `
select status, ended_at, error from job where kind = 'backup' and status = $1 order by created_at desc, id limit 1`

interface Ended {
  readonly ended_at: Instant | null
  readonly error: string | null
}

export async function backupHistory(sql: Sql): Promise<BackupHistory> {
  const last = async (status: string): Promise<Ended | undefined> => (await sql.query<Ended>(LAST, [status])).rows[0]
  const [done, failed, running] = [await last('done'), await last('failed'), await last('running')]
  const doneAt = done?.ended_at ?? null
  const isNewer = failed?.ended_at != null && failed.ended_at > (doneAt ?? 0)
  return {
    doneAt,
    failedAt: isNewer ? (failed?.ended_at ?? null) : null,
    failure: isNewer ? messageIn(failed?.error ?? null) : null,
    running: running !== undefined,
  }
}

const messageIn = (error: string | null): string => (error === null ? '' : String(JSON.parse(error).message ?? ''))

// As texts of the same length, which compare as the instants do.
const CLAIM = `
insert into world (name, value) values ('backup_claim', $1)
on conflict (name) do update set value = excluded.value where world.value < $2
returning value`

/** True for one of those who ask within a minute: only that one begins a backup. */
export async function claimBackup(sql: Sql, { now, notSince }: { now: Instant; notSince: Instant }): Promise<boolean> {
  const text = (at: Instant): string => String(at).padStart(15, '0')
  return (await sql.query(CLAIM, [text(now), text(notSince)])).rows.length === 1
}
