import type { Sql } from '../../src/platform/database.ts'

/** When everything that was sent has taken effect, and when the followers have seen it. */

const POSITIONS = `select sum(next_pos)::float8 as bench_facts from position`
const WAITING = `select exists (select 1 from intake) or exists (select 1 from unmatched) as bench_waiting`
const BEHIND = `
select coalesce(sum(l.next_pos - 1 - coalesce(f.pos, 0)), 0)::float8 as bench_behind
from position l cross join unnest(array['project', 'tally']) as n(name)
left join follower f on f.bucket = l.bucket and f.name = n.name`

/** Ledger rows of the whole database so far: a look at 32 short rows. */
export async function factsOf(db: Sql): Promise<number> {
  const { rows } = await db.query<{ bench_facts: number }>(POSITIONS)
  return rows[0]!.bench_facts
}

/** Resolves when the ledger has grown to `facts` rows at least and no message waits. */
export async function stepsDone(db: Sql, facts: number): Promise<void> {
  await until('the steps', async () => {
    if ((await factsOf(db)) < facts) return false
    const { rows } = await db.query<{ bench_waiting: boolean }>(WAITING)
    return !rows[0]!.bench_waiting
  })
}

/** Resolves when both followers have read every ledger row. */
export async function followersDone(db: Sql): Promise<void> {
  await until('the followers', async () => {
    const { rows } = await db.query<{ bench_behind: number }>(BEHIND)
    return rows[0]!.bench_behind <= 0
  })
}

const PATIENCE = 180_000
const PAUSE = 5

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what} did not finish within ${PATIENCE / 1000} s`)
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
}
