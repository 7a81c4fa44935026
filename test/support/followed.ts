import { setTimeout as delay } from 'node:timers/promises'
import { followersBehind, ledgerEnds } from '../../src/pipeline/queries/waiting.ts'
import type { Sql } from '../../src/pipeline/sql.ts'
import { systemClock } from '../../src/platform/clock.ts'

/** Waits until search, roll-ups and stories have come to the end of the ledger, in whichever process they are made. @param patience ms */
export async function followed(sql: Sql, patience = 120_000): Promise<void> {
  const deadline = systemClock.now() + patience
  while ((await followersBehind(sql, await ledgerEnds(sql))) > 0) {
    if (systemClock.now() > deadline) throw new Error(`the followers are still behind after ${patience} ms`)
    await delay(5)
  }
}
