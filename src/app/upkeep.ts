import { groupOf } from '../kernel/bucket.ts'
import { DAY } from '../kernel/instant.ts'
import { AUDIT_BUCKET } from '../modules/access/index.ts'
import { isStale } from '../pipeline/baselines.ts'
import { Erasures } from '../pipeline/erasures.ts'
import { applyRetention, keptOf, type RetentionDeps, readRetention, tidyPassing } from '../pipeline/retention.ts'
import type { Log } from '../platform/log.ts'
import { newId } from './compose.ts'
import { registerFile, registerPath } from './erasure-register.ts'

export interface UpkeepParts extends RetentionDeps {
  /** Begins to learn the baselines anew, and does not wait for the end of it. */
  learn(): Promise<unknown>
  readonly log: Log
  readonly dataDir: string
}

/** What keeps this world to its promises about data, put together. */
export function buildUpkeep({ log, dataDir, ...deps }: UpkeepParts): {
  readonly erasures: Erasures
  readonly upkeep: (groups: readonly number[]) => Promise<void>
} {
  const erasures = new Erasures({ ...deps, newId, register: registerFile(registerPath(dataDir)) })
  return { erasures, upkeep: upkeepOf({ ...deps, erasures, log }) }
}

/** What a node does once an hour for the bucket groups that it owns: nothing is kept longer than it may be. */
export function upkeepOf(
  deps: RetentionDeps & Pick<UpkeepParts, 'learn' | 'log'> & { readonly erasures: Pick<Erasures, 'reapply'> },
): (groups: readonly number[]) => Promise<void> {
  let learnedAt = Number.NEGATIVE_INFINITY
  return async groups => {
    const outcomes = await tidyPassing(deps.db, groups, deps.now())
    const removed = await applyRetention(deps, groups, keptOf(await readRetention(deps.db)))
    // Orders that have ended since somebody asked, and what an import of history brought back.
    const erased = groups.includes(groupOf(AUDIT_BUCKET)) ? await deps.erasures.reapply() : 0
    if (outcomes + erased > 0 || Object.keys(removed).length > 0)
      deps.log.info('what is past its time was removed', { outcomes, erased, ...removed })
    // One process learns for all: the one that has the group of the trail; once a day, also where there is nothing to learn.
    const now = deps.now()
    if (!groups.includes(groupOf(AUDIT_BUCKET)) || learnedAt > now - DAY || !(await isStale(deps.db, now, DAY))) return
    learnedAt = now
    await deps.learn()
  }
}
