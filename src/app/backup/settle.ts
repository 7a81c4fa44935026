import type { Sql } from '../../platform/database.ts'

/** Sign-ins and one-time links: whatever ended or was used since the backup must not be good again. */
const SHORT_LIVED = ['session', 'ticket', 'verification'] as const
const HAS = `select to_regclass('public.' || $1) is not null as there`

/** Ends every sign-in of a restored database, which need not be migrated; people sign in anew. Returns how many there were. */
export async function endSignIns(sql: Sql): Promise<number> {
  let ended = 0
  for (const table of SHORT_LIVED) {
    // A backup of an older release may not have it.
    if (!(await sql.query<{ there: boolean }>(HAS, [table])).rows[0]?.there) continue
    const { rowCount } = await sql.query(`delete from ${table}`)
    if (table === 'session') ended = rowCount
  }
  return ended
}
