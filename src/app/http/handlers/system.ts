import type { About } from '../../../contract/api/index.ts'
import { isoOf } from '../../../kernel/instant.ts'
import { databaseGlance, followersBehind, outboxWaiting } from '../../../pipeline/queries/glance.ts'
import { countUnmatched } from '../../../pipeline/queries/operations.ts'
import { deadLetters, mailWaiting, refusedEvents, stuckRows } from '../../../pipeline/queries/waiting.ts'
import { systemClock } from '../../../platform/clock.ts'
import { LOOP_LOOKS } from '../../../platform/metrics.ts'
import { aboutAndon } from '../../about.ts'
import type { HttpDeps } from '../deps.ts'
import type { Handlers } from '../serve.ts'

const MOST_COUNTED = 10_000

export function systemHandlers(deps: HttpDeps): Pick<Handlers, 'getSystem' | 'getAbout'> {
  const { db, pipeline, glance } = deps
  let about: Promise<About> | null = null
  return {
    async getSystem() {
      const [database, followers, waiting, outbox, dead] = await Promise.all([
        ...([databaseGlance(db), followersBehind(db), mailWaiting(db, MOST_COUNTED)] as const),
        ...([outboxWaiting(db), deadLetters(db)] as const),
      ])
      const [door, step, unmatched] = await Promise.all([refusedEvents(db), stuckRows(db), countUnmatched(db, 'all')])
      const { minutes, totals } = await glance.read()
      // Told is the time between two looks, late or not.
      const eventLoop = Math.max(0, Math.round((totals.nodejs_eventloop_lag_p99_seconds ?? 0) * 1000 - LOOP_LOOKS))
      return {
        status: 200,
        body: {
          ...{ node: deps.node, startedAt: isoOf(glance.startedAt), now: isoOf(systemClock.now()) },
          process: { memory: process.memoryUsage.rss(), cpu: glance.cpu, eventLoop },
          database,
          pipeline: {
            ...{ waiting, groups: pipeline.ownedGroups, followers },
            rulesVersion: pipeline.references.rules.at(-1)?.version ?? null,
          },
          outbox: { waiting: outbox, dead },
          quarantine: { door, step },
          unmatched,
          minutes: [...minutes],
        },
      }
    },
    async getAbout() {
      about ??= databaseGlance(db).then(({ version }) => aboutAndon(version))
      return { status: 200, body: await about }
    },
  }
}
