import { bucketsOf } from '../kernel/bucket.ts'
import { DAY, HOUR, type Instant } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

/** How long what is only needed for a while is kept. */
export const KEPT = { outcome: 48 * HOUR, sent: 7 * DAY } as const
const PAGE = 5000

const OLD = {
  outcome: `delete from outcome where bucket = any($1::smallint[]) and (bucket, command_id) in (
  select bucket, command_id from outcome where bucket = any($1::smallint[]) and at < $2 limit ${PAGE})`,
  sent: `delete from outbox where bucket = any($1::smallint[]) and (bucket, id) in (
  select bucket, id from outbox where bucket = any($1::smallint[]) and status = 'sent' and created_at < $2 limit ${PAGE})`,
}

/** Removes outcomes and delivered messages that are past their time, in pages; returns how many. */
export async function tidy(sql: Sql, groups: readonly number[], now: Instant): Promise<number> {
  let removed = 0
  for (const kind of ['outcome', 'sent'] as const) {
    for (const group of groups) {
      for (;;) {
        const { rowCount } = await sql.query(OLD[kind], [bucketsOf(group), now - KEPT[kind]])
        removed += rowCount
        if (rowCount < PAGE) break
      }
    }
  }
  return removed
}
