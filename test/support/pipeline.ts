import { join } from 'node:path'
import { type Shipped, shipped } from '../../src/app/compose.ts'
import { newestVersionOf, parseEvent, upcastFact } from '../../src/contract/events/index.ts'
import { personalPathsOf } from '../../src/contract/personal.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { orderFactSchema } from '../../src/modules/orders/index.ts'
import type { Incoming } from '../../src/pipeline/ingress.ts'
import { Pipeline, type PipelineOptions } from '../../src/pipeline/pipeline.ts'
import { type SimulatedClock, simulatedClock, systemClock } from '../../src/platform/clock.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { pooledRandom, uuidMaker } from '../../src/platform/ids.ts'
import { createLog, type Log } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from './database.ts'

export const ROOT = join(import.meta.dirname, '../..')
export const TEST_MASTER = Buffer.alloc(32, 7)

/** Lines that the code under test logged at warn and above; a healthy run has none. */
export interface Harness {
  readonly db: Database
  readonly pipeline: Pipeline
  readonly clock: SimulatedClock
  readonly warnings: string[]
  /** Ingests raw CloudEvents as they would arrive at their own times. */
  send(raw: readonly object[], more?: { historical?: boolean }): Promise<void>
  close(): Promise<void>
}

export interface HarnessOptions {
  readonly start?: Instant
  /** Instead of a clock of its own: that of another node in the same world. */
  readonly clock?: SimulatedClock
  readonly lanes?: number
  readonly db?: Database
  readonly node?: string
  readonly with?: Partial<PipelineOptions>
}

/** A pipeline in a world of its own: fresh database, clock that moves only when told. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const owned = options.db ? null : await testDatabase()
  const db = options.db ?? (await connect({ connection: owned!.connection }))
  const clock = options.clock ?? simulatedClock(options.start ?? Date.UTC(2026, 0, 5))
  const warnings: string[] = []
  const log = createLog({ clock: systemClock, level: 'warn', write: line => void warnings.push(line) })
  const pipeline = new Pipeline({
    ...(await pipelineOptions({ db, clock, log })),
    lanes: options.lanes ?? 2,
    node: options.node ?? 'n1',
    ...options.with,
  })
  await pipeline.start()
  return {
    db,
    pipeline,
    clock,
    warnings,
    send: async (raw, more) => void (await pipeline.ingest(raw.map(r => incoming(r, { now: clock.now(), ...more })))),
    close: async () => {
      await pipeline.stop()
      await db.close()
      await owned?.drop()
    },
  }
}

/** What ships, with the core pack alone: the machinery is tested on ten rules that do not change with every pack. */
export async function coreRelease(): Promise<Shipped> {
  const { rules, calendars } = await shipped()
  return { rules: rules.filter(rule => rule.pack === 'core'), calendars }
}

export async function pipelineOptions(given: {
  db: Database
  clock: SimulatedClock
  log: Log
}): Promise<PipelineOptions> {
  return {
    ...given,
    wallClock: systemClock,
    metrics: createMetrics({ process: false }),
    sealer: new Sealer(TEST_MASTER),
    node: 'n1',
    lanes: 2,
    simulated: true,
    ...(await coreRelease()),
    schema: orderFactSchema,
    newId: uuidMaker({ clock: systemClock, random: pooledRandom() }),
    random: () => 0.5,
    versionOf: type => newestVersionOf(type) ?? 1,
    upcast: (type, v, body) => ({ v: newestVersionOf(type) ?? v, body: upcastFact(type, v, body) }),
    personalPaths: personalPathsOf,
  }
}

/** A raw CloudEvent as the ingress takes it; throws with the problems when it is not valid. */
export function incoming(raw: object, more: { now: Instant; historical?: boolean }): Incoming {
  const parsed = parseEvent(raw, { now: more.now })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { event } = parsed
  return {
    ...event,
    ...(more.historical ? { knownAt: event.occurredAt } : { arrivesAt: Math.max(event.occurredAt, more.now) }),
  }
}
