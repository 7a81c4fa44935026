import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type Access, buildAccess, USUAL_ACCESS } from '../../src/app/access.ts'
import { blindToken, buildPipeline, newId, shipped, upcast, VERSION } from '../../src/app/compose.ts'
import { Glance } from '../../src/app/glance.ts'
import { buildApp } from '../../src/app/http/app.ts'
import type { HttpDeps } from '../../src/app/http/deps.ts'
import { LOCAL_DOOR } from '../../src/app/http/door.ts'
import { requestMeter } from '../../src/app/http/meter.ts'
import { buildJobs } from '../../src/app/job-kinds.ts'
import { systemPrincipal } from '../../src/contract/principal.ts'
import { AuditTrail, firstRunLink } from '../../src/modules/access/index.ts'
import { Erasures } from '../../src/pipeline/erasures.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/database.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Sealer } from '../../src/platform/seal.ts'
import { keyOn } from '../../test/support/key.ts'

/** The same server twice in one process: as it ships, and with a door through which everybody comes as somebody who may do everything. */
export interface Doors {
  readonly locked: FastifyInstance
  readonly open: FastifyInstance
  readonly access: Access
  readonly pipeline: Pipeline
  /** The `Cookie` of an administrator who signed in. */
  readonly cookie: string
  /** `Authorization` of a key that may do everything. */
  readonly bearer: string
  close(): Promise<void>
}

const PASSWORD = 'wooden lamp vexing otter'
const NO_BACKUPS = { dataDir: tmpdir(), dir: join(tmpdir(), 'andon-bench-none'), keep: 1 }

export async function openDoors(db: Database, sealer: Sealer): Promise<Doors> {
  const now = (): number => systemClock.now()
  const log = createLog({ clock: systemClock, level: 'error', write: line => void process.stderr.write(line) })
  const metrics = createMetrics({ process: false })
  const pipeline = buildPipeline({ db, sealer, log, metrics, ...(await shipped()), node: 'bench', lanes: 1 })
  const audit = new AuditTrail({ db, sealer, newId, now })
  const access = buildAccess({ db, sealer, log, audit, door: LOCAL_DOOR, config: USUAL_ACCESS, now, newId })
  const jobs = buildJobs({ db, sealer, clock: systemClock, log, node: 'bench', newId, now, backup: NO_BACKUPS })
  const register = { read: async () => [], append: async () => {} }
  const erasures = new Erasures({ db, sealer, audit, now, newId, register, offer: packs => pipeline.offer(packs) })
  const parts: HttpDeps = {
    ...{ pipeline, jobs, audit, erasures, access, db, sealer, log, metrics, newId, upcast, now, node: 'bench' },
    ...{ door: LOCAL_DOOR, version: VERSION, checkAnswers: false, names: [], glance: new Glance(metrics, systemClock) },
    authenticate: request => access.authenticate(request),
    still: request => access.still(request),
    backups: { ...NO_BACKUPS, lock: undefined, every: undefined, since: now() },
    blind: text => blindToken(sealer, text),
    ...requestMeter(metrics),
  }
  const anybody = systemPrincipal('bench')
  const locked = buildApp(parts)
  const besides = createMetrics({ process: false })
  const everybody = { authenticate: async () => anybody, still: async () => anybody }
  const open = buildApp({ ...parts, metrics: besides, ...requestMeter(besides), ...everybody })
  for (const app of [locked, open]) await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    ...{ locked, open, access, pipeline, cookie: await cookieOf(locked, access), bearer: `Bearer ${await keyOn(db)}` },
    close: async () => {
      for (const app of [locked, open]) await app.close()
      await access.stop()
    },
  }
}

async function cookieOf(app: FastifyInstance, access: Access): Promise<string> {
  access.listensAt(urlOf(app))
  const token = ((await firstRunLink(access)) ?? '').replace(/^.*token=/, '')
  const body = JSON.stringify({ name: 'Ada', mail: 'ada@example.com', password: PASSWORD, token })
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const answer = await fetch(`${urlOf(app)}/v1/auth/setup`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.headers
    .getSetCookie()
    .map(line => line.split(';')[0])
    .join('; ')
}

/** Where an app listens. */
export function urlOf(app: FastifyInstance): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the app does not listen')
  return `http://127.0.0.1:${address.port}`
}
