import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Overloaded } from '../../src/pipeline/overloaded.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { assertProblem, type Of, openApi, placed } from './api.ts'

/** The real pipeline, but for one way in. */
const failing =
  (error: Error) =>
  (pipeline: Pipeline): Pipeline =>
    Object.assign(Object.create(pipeline), {
      ingest: async () => {
        throw error
      },
    })

const lost = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })

test('too much waits: 429, and when to come again', async () => {
  const api = await openApi({ pipeline: failing(new Overloaded('50,001 rows wait')) })
  const answer = await api.post('/v1/events', placed('X-1'))
  const problem = assertProblem(answer, 429, 'overloaded')
  assert.equal(answer.headers['retry-after'], '1')
  assert.match(problem.detail, /Nothing of this request was taken/)
})

test('the database is gone: 503, nothing acknowledged', async () => {
  const api = await openApi({ pipeline: failing(lost) })
  const answer = await api.post('/v1/events', placed('X-1'))
  const problem = assertProblem(answer, 503, 'database_unavailable')
  assert.equal(answer.headers['retry-after'], '2')
  assert.match(problem.detail, /Nothing was acknowledged/)
  assert.ok(!JSON.stringify(answer.body).includes('ECONNREFUSED'), 'how we are built is nobody else’s matter')
})

test('a bug: 500 that tells nothing but the id under which the log tells all', async () => {
  const api = await openApi({ pipeline: failing(new Error('secret inner workings')) })
  const answer = await api.post('/v1/events', placed('X-1'))
  assertProblem(answer, 500, 'internal')
  assert.ok(!JSON.stringify(answer.body).includes('secret'))
  assert.match(
    api.log(),
    new RegExp(
      `${answer.headers['x-request-id']}.*secret inner workings|secret inner workings.*${answer.headers['x-request-id']}`,
    ),
  )
})

test('not started: alive, but not ready', async () => {
  const api = await openApi({ start: false })
  assert.equal((await api.get('/healthz')).status, 200)
  assertProblem(await api.get('/readyz'), 503, 'not_ready')
  assertProblem(await api.get('/v1/rules'), 503, 'not_ready')
})

test('two senders of one event at once: it counts once', async () => {
  const api = await openApi()
  const event = placed('R-1')
  const answers = await Promise.all(Array.from({ length: 8 }, () => api.post<Of<'sendEvents'>>('/v1/events', event)))
  const accepted = answers.reduce((sum, a) => sum + a.body.accepted, 0)
  const known = answers.reduce((sum, a) => sum + a.body.duplicates, 0)
  assert.deepEqual([accepted, known], [1, 7])
})
