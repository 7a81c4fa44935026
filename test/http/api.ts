import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { type Access, type AccessConfig, buildAccess, USUAL_ACCESS } from '../../src/app/access.ts'
import { blindToken, buildPipeline, newId, shipped, upcast, VERSION } from '../../src/app/compose.ts'
import { Glance } from '../../src/app/glance.ts'
import { buildApp } from '../../src/app/http/app.ts'
import type { HttpDeps } from '../../src/app/http/deps.ts'
import { type Door, LOCAL_DOOR } from '../../src/app/http/door.ts'
import type { Certificate, Limits } from '../../src/app/http/listener.ts'
import type { LiveLimits } from '../../src/app/http/live-limits.ts'
import { requestMeter } from '../../src/app/http/meter.ts'
import { buildJobs } from '../../src/app/job-kinds.ts'
import {
  type Answer as ContractAnswer,
  type OperationId,
  PROBLEM_MEDIA_TYPE,
  type ProblemBody,
  problemBody,
  type Routes,
} from '../../src/contract/api/index.ts'
import type { Label } from '../../src/contract/facts.ts'
import { joinedNames, type Names, SHIPPED_NAMES } from '../../src/contract/names.ts'
import { PRACTICE_NAMES } from '../../src/contract/practice.ts'
import { type Principal, systemPrincipal } from '../../src/contract/principal.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { AuditTrail } from '../../src/modules/access/index.ts'
import { Erasures } from '../../src/pipeline/erasures.ts'
import type { Pack } from '../../src/pipeline/packs.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { coreRelease } from '../support/pipeline.ts'
import { lintSql } from '../support/sql-lint.ts'

export interface Answer<B> {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: B
}

export interface Api {
  /** For the test's own questions. */
  readonly db: Database
  readonly access: Access
  readonly pipeline: Pipeline
  readonly audit: AuditTrail
  readonly erasures: Erasures
  /** The same server, asked by somebody else; null: by nobody who signed in. Everything above is asked by an administrator. */
  as(principal: Principal | null): Api
  get<B = unknown>(path: string, headers?: Record<string, string>): Promise<Answer<B>>
  post<B = unknown>(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer<B>>
  /** Sends the text as it is. */
  raw<B = unknown>(options: InjectOptions): Promise<Answer<B>>
  /** Sends events and waits until all of it took effect. */
  tell(...events: readonly object[]): Promise<void>
  readonly app: FastifyInstance
  /** Listens on a free port of this machine and returns it; for what only a socket shows. */
  listen(): Promise<number>
  /** What was logged. */
  log(): string
  /** Rows of a table. */
  count(table: string): Promise<number>
}

/** The body of an operation's good answer, as the contract says; the app checks in tests that it is so. */
export type Of<K extends OperationId> = Extract<ContractAnswer<Routes[K]>, { readonly status: 200 }>['body']

export interface ApiOptions {
  /** The core pack alone: what is told and shown does not change with every new rule. */
  readonly core?: true
  /** Puts something in the place of the pipeline that the server sees. */
  readonly pipeline?: (real: Pipeline) => Pipeline
  /** Serves the console that is built there. */
  readonly consoleFolder?: string
  readonly live?: LiveLimits
  /** False: the pipeline is not started. */
  readonly start?: boolean
  readonly door?: Door
  readonly limits?: Limits
  readonly certificate?: Certificate
  /** How people may sign in; without mail and single sign-on when left out. */
  readonly access?: Partial<AccessConfig>
  /** The clock of sign-ins. */
  readonly accessNow?: () => Instant
  /** What the shop calls its codes. */
  readonly names?: Names
  /** Makes it a world with a practice shop, or one that offers it. */
  readonly practice?: (db: Database, pipeline: () => Pipeline) => Promise<NonNullable<HttpDeps['practice']>>
}

/** Whoever asks when a test does not say: may do everything. */
export const ADMINISTRATOR: Principal = {
  ...systemPrincipal('test'),
  ...{ kind: 'person', id: 'local', name: 'Local', actor: 'user:local' },
}

/** A person of this handle, with all rights unless `rights` says otherwise. */
export const person = (handle: string, rights: Principal['rights'] = ADMINISTRATOR.rights): Principal => ({
  ...{ kind: 'person', id: handle, name: handle, actor: `user:${handle}`, rights },
})

/** Nothing is there, and no test over HTTP makes one. */
const BACKUPS = { dataDir: join(tmpdir(), 'andon-none'), dir: join(tmpdir(), 'andon-none', 'backups'), keep: 7 }

/** The header by which a request says on whose behalf it is sent, in tests only. */
export const AS = 'x-test-principal'

/** The whole server on a database of its own, without a socket; every answer is checked against the contract. */
export async function openApi(options: ApiOptions = {}): Promise<Api> {
  const owned = await testDatabase()
  const db = await connect({ connection: owned.connection })
  // The test's own questions, which no lint sees.
  const look = await connect({ connection: owned.connection, poolSize: 1 })
  const emitted = new Set<string>()
  db.onQuery(text => emitted.add(text))
  const sealer = new Sealer(Buffer.alloc(32, 7))
  const log = createLog({ clock: systemClock, write: line => lines.push(line) })
  const lines: string[] = []
  const metrics = createMetrics({ process: false })
  const present = new Map<string, Principal>([[ADMINISTRATOR.id, ADMINISTRATOR]])
  const release = options.core ? await coreRelease() : await shipped()
  const practice = await options.practice?.(db, () => pipeline)
  const clock = practice?.host?.clock
  const pipeline = buildPipeline({ db, sealer, log, metrics, ...release, node: 'test', lanes: 2, simulated: clock })
  const jobs = buildJobs({
    db,
    sealer,
    clock: systemClock,
    log,
    node: 'test',
    newId,
    now: () => systemClock.now(),
    backup: BACKUPS,
  })
  const audit = new AuditTrail({ db, sealer, newId, now: () => systemClock.now() })
  const access = buildAccess({
    ...{ db, sealer, log, audit, newId, door: options.door ?? LOCAL_DOOR },
    config: { ...USUAL_ACCESS, ...options.access },
    now: options.accessNow ?? (() => systemClock.now()),
  })
  access.listensAt('http://localhost:4680')
  const offer = (packs: readonly Pack[]): void => pipeline.offer(packs)
  const register = { read: async () => [], append: async () => {} }
  const erasures = new Erasures({ ...{ db, sealer, audit, newId, register, offer }, now: () => systemClock.now() })
  const seen = options.pipeline?.(pipeline) ?? pipeline
  const app = buildApp({
    ...{ pipeline: seen, jobs, audit, access, erasures, db, sealer, log, metrics, newId, upcast },
    ...{ glance: new Glance(metrics, systemClock), node: 'test' },
    // Tests name who asks; without a name, whoever the cookie or the key of the request is of.
    authenticate: async request => {
      const named = request.headers[AS]
      return named === undefined ? access.authenticate(request) : (present.get(String(named)) ?? null)
    },
    still: async request => {
      const named = request.headers[AS]
      return named === undefined ? access.still(request) : (present.get(String(named)) ?? null)
    },
    ...{
      door: options.door ?? LOCAL_DOOR,
      limits: options.limits,
      live: options.live,
      certificate: options.certificate,
      consoleFolder: options.consoleFolder,
      checkAnswers: true,
      version: VERSION,
    },
    practice,
    names: joinedNames(SHIPPED_NAMES, practice?.host ? PRACTICE_NAMES : {}, options.names ?? {}),
    backups: { ...BACKUPS, lock: undefined, every: undefined, since: 0 },
    now: () => (clock ?? systemClock).now(),
    blind: text => blindToken(sealer, text),
    ...requestMeter(metrics),
  })
  if (options.start !== false) await pipeline.start()
  jobs.start()
  after(async () => {
    await app.close()
    await jobs.stop()
    await pipeline.stop()
    await db.close()
    await look.close()
    await owned.drop()
    const problems = [...emitted].flatMap(text => lintSql(text).map(p => `${p.code}: ${p.message}\n  ${text.trim()}`))
    assert.deepEqual(problems, [], 'statements that would not run on a cluster')
  })
  const apiAs = (id: string): Api => {
    const raw = async <B>(options: InjectOptions): Promise<Answer<B>> => {
      const { statusCode, headers, body } = await app.inject({
        ...options,
        headers: { host: 'localhost:4680', [AS]: id, ...options.headers },
      })
      const json = /[/+]json/.test(String(headers['content-type']))
      return { status: statusCode, headers, body: (json && body !== '' ? JSON.parse(body) : body) as B }
    }
    const post = <B>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<B>> =>
      raw<B>({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json', ...headers },
        payload: JSON.stringify(body),
      })
    return {
      app,
      access,
      listen: async () => Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port),
      log: () => lines.join(''),
      db: look,
      pipeline,
      audit,
      erasures,
      raw,
      post,
      get: (path, headers = {}) => raw({ method: 'GET', url: path, headers }),
      as: principal => {
        if (principal) present.set(principal.id, principal)
        return apiAs(principal?.id ?? 'nobody')
      },
      async tell(...events) {
        const answer = await post('/v1/events', events)
        assert.equal(answer.status, 202, JSON.stringify(answer.body))
        await pipeline.drained()
      },
      // The name is of our own making.
      count: async table => (await look.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]!.n,
    }
  }
  return apiAs(ADMINISTRATOR.id)
}

/** Holds an answer against RFC 9457 and the code that is expected. */
export function assertProblem(answer: Answer<unknown>, status: number, code: string): ProblemBody {
  assert.equal(answer.status, status, JSON.stringify(answer.body).slice(0, 500))
  assert.match(String(answer.headers['content-type']), new RegExp(PROBLEM_MEDIA_TYPE.replace('+', '\\+')))
  const body = problemBody.parse(answer.body)
  assert.equal(body.code, code)
  assert.equal(body.status, status)
  assert.equal(body.instance, `urn:uuid:${answer.headers['x-request-id']}`)
  assert.ok(body.detail.length > 10, 'a problem says what to do')
  const { zh, en } = (body.more?.sentence ?? {}) as Partial<Label>
  assert.match(zh ?? '', /\p{Script=Han}/u, 'in Chinese too')
  assert.ok(en, 'and in English')
  return body
}

let made = 0

/** A CloudEvent of the channel `web`; `more` changes its attributes. */
export const event = (type: string, data: object, more: object = {}): object => ({
  specversion: '1.0',
  id: `e-${++made}`,
  source: '/channels/web',
  type,
  time: '2026-11-01T08:00:00Z',
  data,
  ...more,
})

/** An order of one line, 98.00 CNY, unless `data` says otherwise. */
export const placed = (orderNo: string, data: object = {}, more: object = {}): object =>
  event(
    'order.placed',
    { ref: { orderNo }, currency: 'CNY', lines: [{ sku: 'TEA-01', qty: 2, price: 4900 }], ...data },
    more,
  )
