import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMINISTRATOR, assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()

test('how the system is, at a glance: what waits, what was refused, what the last minutes brought', async () => {
  await api.tell(placed('S-1'))
  assertProblem(await api.post('/v1/events', placed('S-2', { currency: 'XXX' })), 422, 'invalid_event')
  await api.tell(event('order.approved', { ref: { orderNo: 'S-nobody' } }))
  const { body } = await api.get<Of<'getSystem'>>('/v1/system')
  assert.match(body.database.version, /^\d+/)
  assert.ok(body.database.bytes > 1_000_000 && body.database.connections > 0 && body.process.memory > 1_000_000)
  assert.deepEqual([body.quarantine, body.unmatched, body.outbox], [{ door: 1, step: 0 }, 1, { waiting: 0, dead: 0 }])
  assert.ok(body.pipeline.groups > 0 && body.pipeline.rulesVersion !== null)
  const minute = body.minutes.at(-1)!
  assert.ok(
    minute.events >= 3 && minute.facts >= 2 && minute.problems >= 1 && minute.requests >= 3,
    JSON.stringify(minute),
  )
  assert.equal(body.node, 'test')
})

test('a follower that lags says by how much', async () => {
  await api.db.query(
    `insert into follower (name, bucket, pos) select 'planted', bucket, next_pos - 4 from position limit 1`,
  )
  const { pipeline } = (await api.get<Of<'getSystem'>>('/v1/system')).body
  assert.equal(pipeline.followers.find(f => f.name === 'planted')?.behind, 3)
})

test('feeds tell how long their messages take', async () => {
  const time = new Date(Date.now() - 90_000).toISOString()
  await api.tell(placed('S-9', {}, { source: '/channels/slow', time }))
  const feed = (await api.get<Of<'listFeeds'>>('/v1/feeds')).body.items.find(f => f.name === 'slow')!
  assert.equal(feed.lag?.messages, 1)
  assert.ok(feed.lag.typical >= 90_000 && feed.lag.typical < 150_000)
})

test('which release it is and what it is made of, with licences', async () => {
  const { body } = await api.get<Of<'getAbout'>>('/v1/about')
  assert.match(body.version, /^\d+\.\d+/)
  assert.match(body.runtime, /^Node\.js 24/)
  assert.match(body.database, /^PostgreSQL \d/)
  assert.ok(body.packages.some(p => p.name === 'pg' && p.licence === 'MIT'))
})

test('how it runs is for those who run it; what it is, for everybody who is signed in', async () => {
  const { 'operations.read': _, ...rights } = ADMINISTRATOR.rights
  const clerk = api.as(person('clerk', rights))
  assertProblem(await clerk.get('/v1/system'), 403, 'not_allowed')
  assert.equal((await clerk.get('/v1/about')).status, 200)
  assertProblem(await api.as(null).get('/v1/about'), 401, 'not_signed_in')
})
