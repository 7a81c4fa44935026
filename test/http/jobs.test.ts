import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { JsonObject } from '../../src/kernel/json.ts'
import { type JobKind, type JobRun, Jobs } from '../../src/pipeline/jobs.ts'
import { readJob, writeJob } from '../../src/pipeline/queries/jobs.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { connect } from '../../src/platform/database.ts'
import { createLog } from '../../src/platform/log.ts'
import { until } from '../pipeline/world.ts'
import { testDatabase } from '../support/database.ts'
import { assertProblem, type Of, openApi, person } from './api.ts'

const api = await openApi()
const owned = await testDatabase()
const db = await connect({ connection: owned.connection })
const engines: Jobs[] = []
after(async () => {
  for (const engine of engines) await engine.stop()
  await db.close()
  await owned.drop()
})

const ended = (id: string) => until(async () => (await readJob(api.db, id))?.status !== 'running')

test('a check of the ledger is a job: started, listed, with its result', async () => {
  const started = await api.post<Of<'getJob'>>('/v1/jobs/verify', {})
  assert.equal(started.status, 202, JSON.stringify(started.body))
  const { id, status, actor } = started.body
  assert.deepEqual([status, started.headers.location], ['running', `/v1/jobs/${id}`])
  assert.match(actor, /^user:/)
  await ended(id)
  const { body } = await api.get<Of<'getJob'>>(`/v1/jobs/${id}`)
  assert.deepEqual([body.status, body.result?.tampered, body.progress.done, body.progress.total], ['done', 0, 32, 32])
  const list = (await api.get<Of<'listJobs'>>('/v1/jobs?kind=verify&status=done')).body
  assert.deepEqual(
    list.items.map(j => j.id),
    [id],
  )
  assertProblem(await api.post(`/v1/jobs/${id}/cancel`, {}), 409, 'job_over')
  assertProblem(await api.get('/v1/jobs/none'), 404, 'job_not_found')
  assertProblem(await api.post('/v1/jobs/none/cancel', {}), 404, 'job_not_found')
})

test('one sees and stops the own jobs; those of others with a right', async () => {
  const anna = api.as(person('anna', { 'audit.read': 'all' }))
  const { body } = await anna.post<Of<'getJob'>>('/v1/jobs/verify', {})
  await ended(body.id)
  assert.deepEqual(
    (await anna.get<Of<'listJobs'>>('/v1/jobs')).body.items.map(j => j.id),
    [body.id],
  )
  assertProblem(await api.as(person('ben', { 'audit.read': 'all' })).get(`/v1/jobs/${body.id}`), 404, 'job_not_found')
  const looks = api.as(person('cleo', { 'operations.read': 'all' }))
  assert.equal((await looks.get(`/v1/jobs/${body.id}`)).status, 200)
  assertProblem(await looks.post(`/v1/jobs/${body.id}/cancel`, {}), 403, 'not_allowed')
  assertProblem(await looks.post('/v1/jobs/verify', {}), 403, 'not_allowed')
})

test('work of the command line is listed too, and its row tells it to stop', async () => {
  const job = {
    id: 'import-x',
    kind: 'import',
    status: 'running',
    progress: { done: 7, total: 9, unit: 'orders' },
  } as const
  assert.equal(await writeJob(api.db, job, systemClock.now()), false)
  const { body } = await api.post<Of<'getJob'>>('/v1/jobs/import-x/cancel', {})
  assert.deepEqual(
    [body.cancelling, body.cancellable, body.progress],
    [true, false, { done: 7, total: 9, unit: 'orders', note: null }],
  )
  assert.equal(await writeJob(api.db, job, systemClock.now()), true)
  await writeJob(api.db, { ...job, status: 'cancelled' }, systemClock.now())
  assert.equal(await writeJob(api.db, job, systemClock.now()), false, 'a new run does not see the end of the last one')
})

// ---- the engine, with kinds of our own ----

let made = 0
function engine(node: string, kinds: { readonly [kind: string]: JobKind }): Jobs {
  const log = createLog({ clock: systemClock, write: () => {} })
  const jobs = new Jobs({ db, clock: systemClock, log, node, newId: () => `j-${++made}`, kinds })
  engines.push(jobs)
  return jobs
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
const asked = { params: { a: 1 }, actor: 'user:anna' }
const rowOf = async (id: string) => (await readJob(db, id))!
const over = (id: string) => until(async () => (await rowOf(id)).status !== 'running')

test('a job that is asked to end comes to a safe place, from any process', async () => {
  let seen = 0
  const waits: JobKind = {
    async run({ signal, tell }) {
      tell({ done: 3, total: 10 })
      await aborted(signal)
      return { kept: 3 }
    },
  }
  const here = engine('a', { waits })
  const there = engine('b', { waits })
  here.onChange(() => seen++)
  const mine = await here.begin('waits', asked)
  await until(async () => (await rowOf(mine.id)).progress.done === 3)
  assert.equal(await there.cancel(mine.id), true)
  await over(mine.id)
  const row = await rowOf(mine.id)
  assert.deepEqual([row.status, row.result, row.cancelling], ['cancelled', { kept: 3 }, false])
  assert.ok(row.endedAt !== null && seen >= 2)
  assert.equal(await there.cancel(mine.id), false)
})

test('a job that throws has failed with its code', async () => {
  const fails: JobKind = {
    run: () => Promise.reject(Object.assign(new Error('no such rule'), { code: 'rule_missing' })),
  }
  const job = await engine('c', { fails }).begin('fails', asked)
  await over(job.id)
  assert.deepEqual((await rowOf(job.id)).error, { code: 'rule_missing', message: 'no such rule' })
})

test('after a restart a job goes on where it was, or has failed when its kind cannot', async () => {
  const runs: JsonObject[] = []
  const long = async ({ before, signal, tell }: JobRun): Promise<JsonObject> => {
    runs.push(before)
    if (before.done === 5) return { done: 10 }
    tell({ done: 5, total: 10 })
    await aborted(signal)
    throw new Error('stopped')
  }
  const kinds = { goesOn: { run: long, resumes: true }, breaks: { run: long } }
  const first = engine('d', kinds)
  const goesOn = await first.begin('goesOn', asked)
  const breaks = await first.begin('breaks', asked)
  await until(async () => (await rowOf(goesOn.id)).progress.done === 5 && (await rowOf(breaks.id)).progress.done === 5)
  await first.stop()
  assert.equal((await rowOf(goesOn.id)).status, 'running')
  assert.equal((await rowOf(breaks.id)).error?.code, 'interrupted')
  engine('d', kinds).start()
  await over(goesOn.id)
  assert.deepEqual([(await rowOf(goesOn.id)).result, runs.at(-1)], [{ done: 10 }, { done: 5, total: 10 }])
})

test('a job of a process that vanished is taken over after a minute without a sign of life', async () => {
  const old = systemClock.now() - 61_000
  const insert = `insert into job (id, kind, status, node, progress, created_at, updated_at) values ($1, 'quick', 'running', 'gone', '{"done":1}', $2, $2)`
  await db.query(insert, ['left', old])
  await db.query(insert, ['alive', systemClock.now()])
  engine('e', { quick: { run: async () => ({ ok: true }), resumes: true } }).start()
  await over('left')
  assert.deepEqual([(await rowOf('left')).result, (await rowOf('alive')).status], [{ ok: true }, 'running'])
})
