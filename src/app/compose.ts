import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { newestVersionOf, upcastFact } from '../contract/events/index.ts'
import { personalPathsOf } from '../contract/personal.ts'
import type { CalendarDef } from '../kernel/business-time.ts'
import type { JsonObject } from '../kernel/json.ts'
import { orderFactSchema } from '../modules/orders/index.ts'
import { loadCalendars, loadPacks, type RuleDef } from '../modules/rules/index.ts'
import { type BeatOptions, Beats } from '../pipeline/beats.ts'
import type { Delivery } from '../pipeline/dispatch.ts'
import type { LoadDeps } from '../pipeline/load.ts'
import { Pipeline } from '../pipeline/pipeline.ts'
import { reactorsOf } from '../pipeline/reactors.ts'
import { personToken } from '../pipeline/search.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { pooledRandom, uuidMaker } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Sealer } from '../platform/seal.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Of this release, as package.json has it. */
export const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version
export const MIGRATIONS = join(ROOT, 'migrations')
export const PACKS = join(ROOT, 'packs')
export const CONSOLE = join(ROOT, 'web', 'dist')

/** Time-ordered ids; one maker a process, so that they never repeat. */
export const newId = uuidMaker({ clock: systemClock, random: pooledRandom() })

/** A stored body in its newest shape. @throws UnknownFact */
export const upcast = (type: string, v: number, body: JsonObject): { v: number; body: JsonObject } => ({
  v: newestVersionOf(type) ?? v,
  body: upcastFact(type, v, body),
})

/** The search token of a person's datum; the follower writes the same. */
export const blindToken = (sealer: Sealer, text: string): string => personToken(sealer, text)

/** What a release brings along. */
export interface Shipped {
  readonly rules: readonly RuleDef[]
  readonly calendars: readonly CalendarDef[]
}

/** The rules and the business calendars that ship. @throws PacksRefused, CalendarsRefused with every problem */
export const shipped = async (): Promise<Shipped> => ({
  rules: (await loadPacks(PACKS)).flatMap(pack => pack.rules),
  calendars: await loadCalendars(join(PACKS, 'calendars')),
})

export const loadsWith = (sealer: Sealer): LoadDeps => ({ sealer, upcast, reactorsOf })

export interface PipelineParts extends Shipped {
  readonly db: Database
  readonly sealer: Sealer
  readonly log: Log
  readonly metrics: Metrics
  readonly node: string
  readonly lanes: number
  /** The clock of the world; the wall clock when left out. */
  readonly simulated?: Clock
  readonly deliver?: Delivery
  readonly project?: boolean
  readonly heartbeats?: BeatOptions
  readonly upkeep?: (groups: readonly number[]) => Promise<unknown>
}

/** The pipeline of this process, put together and not started. */
export function buildPipeline(parts: PipelineParts): Pipeline {
  const { simulated, heartbeats, ...same } = parts
  return new Pipeline({
    ...same,
    heartbeats: heartbeats && new Beats(heartbeats),
    clock: simulated ?? systemClock,
    wallClock: systemClock,
    simulated: simulated !== undefined,
    schema: orderFactSchema,
    newId,
    versionOf: type => newestVersionOf(type) ?? 1,
    upcast,
    personalPaths: personalPathsOf,
    random: () => randomBytes(4).readUInt32LE() / 2 ** 32,
  })
}
