import { type Instant, MINUTE } from '../kernel/instant.ts'
import { feedRow } from './ingress.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { readWorld, setWorld } from './queries/world.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import type { Sql } from './sql.ts'

/** A time in which no process of Andon ran, so that nothing could be heard of any feed. */
export interface Outage {
  readonly from: Instant
  readonly until: Instant
}

/** A restart is no outage: feeds send again what was not taken. */
const SHORTEST = MINUTE
const LEFT = 'left_at'
const SEEN = 'select max(seen_at) as seen from node'

/** The last process is about to be gone: its row among the nodes goes with it. */
export const markLeft = (sql: Sql, now: Instant): Promise<void> => setWorld(sql, LEFT, String(now))

/** Since when nobody was there, asked before this process tells that it lives; null when somebody was until just now. */
export async function outageBefore(sql: Sql, now: Instant): Promise<Outage | null> {
  const { rows } = await sql.query<{ seen: Instant | null }>(SEEN)
  const left = Number((await readWorld(sql)).get(LEFT) ?? 0)
  const from = Math.max(rows[0]?.seen ?? 0, left)
  return from > 0 && now - from >= SHORTEST ? { from, until: now } : null
}

/**
 * Tells the streams of these feeds that nobody listened. The message counts as written down when the outage began: it has
 * to be read before the feed's own timer, which fell due in the outage and would call it silent.
 */
export async function tellOutage(
  sql: Sql,
  feeds: readonly string[],
  { from, until, newId }: Outage & { newId(): string },
): Promise<readonly Pack[]> {
  if (feeds.length === 0) return []
  const rows = feeds.map(feed =>
    feedRow(feed, { id: newId(), type: 'feed.unheard', at: from, body: { feed, from, until } }),
  )
  const packs = packed(rows)
  await sql.query(INSERT_INTAKE, [packsJson(packs)])
  return packs
}
