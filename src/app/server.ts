import type { FastifyInstance } from 'fastify'
import { joinedNames, type Names, SHIPPED_NAMES } from '../contract/names.ts'
import { PRACTICE_NAMES } from '../contract/practice.ts'
import { AuditTrail, keepRefusals } from '../modules/access/index.ts'
import type { Jobs } from '../pipeline/jobs.ts'
import type { Pack } from '../pipeline/packs.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { systemClock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { createMetrics, type Metrics } from '../platform/metrics.ts'
import { type Access, buildAccess } from './access.ts'
import { keepBackingUp } from './backup/schedule.ts'
import { backupStanding } from './backup/standing.ts'
import { blindToken, buildPipeline, CONSOLE, loadsWith, newId, type Shipped, upcast, VERSION } from './compose.ts'
import { type DataConfig, machineName, type ServeConfig } from './config.ts'
import type { BackupConfig } from './config-backup.ts'
import { Glance } from './glance.ts'
import { buildApp } from './http/app.ts'
import type { HttpDeps } from './http/deps.ts'
import { requestMeter } from './http/meter.ts'
import { buildJobs } from './job-kinds.ts'
import { keepRevocations, Revocations, revocationsPath } from './revocations.ts'
import { buildUpkeep } from './upkeep.ts'
import { webhookDelivery } from './webhook.ts'
import type { World } from './world.ts'

export interface ServerParts {
  readonly world: World
  readonly log: Log
  readonly config: DataConfig
  readonly serving: ServeConfig
  readonly release: Shipped
  readonly certificate: HttpDeps['certificate']
  readonly practice: HttpDeps['practice']
  /** What the shop calls its codes. */
  readonly names: Names
  readonly backups: BackupConfig
}

/** Everything that a server process runs, put together and neither started nor listening. */
export interface Server {
  readonly app: FastifyInstance
  readonly access: Access
  readonly pipeline: Pipeline
  readonly jobs: Jobs
  start(): Promise<void>
  /** Answers what is at hand, then lets go of everything but the world. */
  stop(): Promise<void>
}

export function buildServer(parts: ServerParts): Server {
  const { world, log, config, serving, release, certificate, practice, names, backups } = parts
  const { db, sealer } = world
  const metrics = createMetrics()
  const node = config.nodeId ?? nodeName(world)
  const deliver = config.webhook && webhookDelivery(config.webhook, systemClock)
  // A practice world has a clock of its own; leases, jobs and the trail of deeds stay with real time.
  const clock = practice?.host?.clock
  const { lanes, dataDir } = config
  const now = (): number => (clock ?? systemClock).now()
  const audit = new AuditTrail({ db, sealer, newId, now: () => systemClock.now() })
  const offer = (packs: readonly Pack[]): void => pipeline.offer(packs)
  const learn = () => beginToLearn(jobs)
  const { erasures, upkeep } = buildUpkeep({ db, sealer, audit, now, offer, log, learn, dataDir })
  const flow = { node, lanes, deliver, simulated: clock, upkeep, heartbeats: practice?.host?.heartbeats ?? {} }
  const pipeline = buildPipeline({ db, sealer, log, metrics, ...release, ...flow })
  const backup = { dataDir, dir: backups.dir, keep: backups.keep }
  const jobs = buildJobs({ db, sealer, clock: systemClock, log, node, newId, now, backup })
  const access = buildAccess({
    ...{ db, sealer, log, audit, newId, now: () => systemClock.now() },
    ...{ config: serving.access, door: serving.door },
  })
  const [glance, stopping] = [new Glance(metrics, systemClock), new AbortController()]
  let kept: Promise<unknown> = Promise.resolve()
  const revocations = new Revocations({ db, sealer, path: revocationsPath(dataDir) })
  const app = buildApp({
    ...{ pipeline, jobs, audit, erasures, db, sealer, log, metrics, glance, node, newId, upcast },
    ...{ door: serving.door, certificate, consoleFolder: CONSOLE, checkAnswers: false, version: VERSION },
    access,
    ...{ authenticate: request => access.authenticate(request), still: request => access.still(request) },
    practice,
    names: joinedNames(SHIPPED_NAMES, practice?.host ? PRACTICE_NAMES : {}, names),
    backups: { ...backups, since: systemClock.now() },
    now,
    blind: text => blindToken(sealer, text),
    ...requestMeter(metrics),
  })
  return {
    ...{ app, access, pipeline, jobs },
    async start() {
      await pipeline.start()
      // A backup that was restored may know less than the register beside it.
      if ((await erasures.sync()) > 0) await erasures.reapply()
      await revocations.reapply()
      jobs.start()
      void glance.run(stopping.signal)
      access.start(systemClock)
      kept = keep(parts, { metrics, audit, jobs, access, revocations, offer }, stopping.signal)
    },
    async stop() {
      await app.close().catch(error => log.warn('requests were cut off', { error: String(error) }))
      stopping.abort()
      await access.stop()
      await kept
      await jobs.stop()
      await pipeline.stop().catch(error => log.warn('the pipeline did not stop cleanly', { error: String(error) }))
    },
  }
}

interface Kept {
  readonly metrics: Metrics
  readonly audit: AuditTrail
  readonly jobs: Jobs
  readonly access: Access
  readonly revocations: Revocations
  readonly offer: (packs: readonly Pack[]) => void
}

/** What goes on beside the requests until `stop` is aborted. A practice world has no backups of its own. */
function keep({ world, log, practice, backups }: ServerParts, kept: Kept, stop: AbortSignal): Promise<unknown> {
  const { db, sealer } = world
  const { metrics, audit, jobs, access, revocations, offer } = kept
  const isReal = !practice?.host
  const every = isReal ? backups.every : undefined
  const standing = isReal ? backupStanding({ db, loads: loadsWith(sealer), offer }) : null
  const clock = systemClock
  return Promise.all([
    keepRefusals(audit, { clock, log, signal: stop }),
    keepRevocations(revocations, { clock, log, stop, onChange: told => access.principals.onChange(told) }),
    keepBackingUp({ jobs, db, clock, log, metrics, every, standing }, stop),
  ])
}

async function beginToLearn(jobs: Jobs): Promise<void> {
  if (!jobs.runs('baselines')) await jobs.begin('baselines', { params: {}, actor: 'system' })
}

/** With the built-in database there is one such process, so that after a crash it takes its own leases back at once. */
const nodeName = ({ embedded }: World): string => (embedded ? 'local' : `${machineName()}-${newId()}`)
