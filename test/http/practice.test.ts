import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PracticeHost } from '../../src/app/practice/host.ts'
import { HOUR, MINUTE, SECOND } from '../../src/kernel/instant.ts'
import { readWorld } from '../../src/pipeline/queries/world.ts'
import { simulatedClock, systemClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/database.ts'
import { inTime } from '../support/process.ts'
import { ADMINISTRATOR, assertProblem, type Of, openApi, person, placed } from './api.ts'

type Practice = Of<'getPractice'>

const REAL = Date.UTC(2026, 10, 21, 8)
const real = simulatedClock(REAL)
const restarts: number[] = []
let opened: Database | null = null
let host: PracticeHost | null = null

const api = await openApi({
  practice: async (db, pipeline) => {
    opened = db
    host = await openHost(db, () => pipeline().drained())
    return { host, offer: null }
  },
})

function openHost(db: Database, settled: () => Promise<void> = () => Promise.resolve()): Promise<PracticeHost> {
  const host = PracticeHost.open({ db, wallClock: real, seed: 7, settled, restart: seed => void restarts.push(seed) })
  after(async () => (await host).close())
  return host
}

const shopNow = async () => (await api.get<Practice>('/v1/practice')).body.shop!
const iso = (at: number): string => new Date(at).toISOString()

/** Asks for an instant, again and again as the shop does, and lets real time pass until the world is there. */
async function advanceTo(until: number, more: object = {}) {
  for (;;) {
    const asked = api.post<Practice>('/v1/practice/clock', { until: iso(until), ...more })
    const { shop } = (await passing(asked, until)).body
    // Its history ends where it opens, whatever was asked for.
    if (Date.parse(shop!.now) >= until || shop!.now === shop!.opensAt) return shop!
  }
}

async function passing<T>(asked: Promise<T>, until: number): Promise<T> {
  const deadline = systemClock.now() + 60_000
  for (;;) {
    if (systemClock.now() > deadline) throw new Error('the world did not answer')
    const answer = await Promise.race([asked, new Promise<null>(resolve => setImmediate(resolve, null))])
    if (answer) return answer
    const next = real.nextSleeper()
    if (next !== null && host!.clock.now() < until) real.advanceTo(next)
  }
}

test('it begins two days back, and its history runs as fast as it is told', async () => {
  const shop = await shopNow()
  assert.deepEqual([shop.phase, shop.now, shop.opensAt, shop.seed], ['history', iso(REAL - 48 * HOUR), iso(REAL), 7])
  const then = REAL - 30 * HOUR
  assert.equal((await advanceTo(then)).now, iso(then))
  assert.ok(real.now() < REAL + SECOND, 'hours of the world in a moment')
  assert.equal((await advanceTo(REAL + HOUR)).now, iso(REAL), 'it stops where it opens')
})

test('open, it keeps step with real time at its speed, and never passes what was promised', async () => {
  const opening = real.now()
  const later = await advanceTo(REAL + 30 * SECOND)
  assert.deepEqual([later.now, later.phase], [iso(REAL + 30 * SECOND), 'running'])
  assert.equal(real.now() - opening, 30 * SECOND, 'in real time')
  real.advanceTo(real.now() + HOUR)
  assert.equal((await shopNow()).now, later.now, 'without a promise the world waits')
  const answer = await api.post<Practice>('/v1/practice', { speed: 60 })
  assert.deepEqual([answer.body.shop?.speed, answer.body.shop?.changes[0]?.speed], [60, 60])
  const before = real.now()
  await advanceTo(REAL + 30 * SECOND + 20 * MINUTE)
  assert.equal(real.now() - before, 20 * SECOND, 'a minute in a second')
})

test('a promise is answered when something changed, and at once when the shop has not seen it', async () => {
  const { revision, now } = await shopNow()
  const until = Date.parse(now) + 10 * HOUR
  const waiting = api.post<Practice>('/v1/practice/clock', { until: iso(until), revision })
  const triggered = await api.post<Practice>('/v1/practice/incidents', { kind: 'stock_out', minutes: 60 })
  const incident = triggered.body.shop!.incidents[0]!
  assert.deepEqual([incident.kind, incident.target, incident.by], ['stock_out', 'AF-50', 'user:local'])
  assert.equal(Date.parse(incident.until) - Date.parse(incident.from), HOUR)
  assert.equal((await waiting).body.shop?.incidents[0]?.id, incident.id)
  const stale = await api.post<Practice>('/v1/practice/clock', { until: iso(until), revision })
  assert.notEqual(stale.body.shop?.revision, revision)
  const ended = await api.post<Practice>(`/v1/practice/incidents/${incident.id}/end`, {})
  assert.ok(Date.parse(ended.body.shop!.incidents[0]!.until) < Date.parse(incident.until))
})

test('a change while a promise is being written down is not missed', async () => {
  const written = Promise.withResolvers<void>()
  const slow: Database = {
    ...opened!,
    query: async (text, values) => {
      if (values?.[0] === 'clock') await written.promise
      return opened!.query(text, values)
    },
  }
  const shop = await openHost(slow)
  const { revision, now } = shop.state()
  const waiting = shop.advance({ until: Date.parse(now) + 10 * HOUR, revision })
  await shop.set({ speed: 100 }, 'user:local')
  written.resolve()
  await inTime(waiting, 'the answer to the promise')
})

test('paused it stands; going on it loses nothing', async () => {
  await api.post('/v1/practice', { paused: true })
  const { now, speed } = await shopNow()
  real.advanceTo(real.now() + HOUR)
  const still = await shopNow()
  assert.deepEqual([still.now, still.paused, still.speed], [now, true, speed])
  const going = await api.post<Practice>('/v1/practice', { paused: false })
  assert.equal(going.body.shop?.paused, false)
})

test('rules follow the clock of the world: an alarm at its instant, long before real time gets there', async () => {
  const { now } = await shopNow()
  const at = Date.parse(now)
  const lines = [{ sku: 'TEA-08', qty: 1, price: 16800, shipBy: iso(at + 5 * HOUR) }]
  const approved = { specversion: '1.0', id: 'approved-1', source: '/systems/erp', type: 'order.approved', time: now }
  await api.tell(placed('P-1', { lines }, { time: now }), {
    ...approved,
    data: { ref: { channel: 'web', orderNo: 'P-1' } },
  })
  await api.post('/v1/practice', { speed: 1000 })
  const before = real.now()
  for (let until = at; until <= at + 6 * HOUR; until += 30 * MINUTE) await advanceTo(until, { settled: true })
  const found = (await api.get<Of<'listCases'>>('/v1/cases?type=handover_late')).body.items
  assert.deepEqual(
    found.map(c => c.openedAt),
    [iso(at + 5 * HOUR + 1)],
    'to the millisecond',
  )
  assert.ok(real.now() - before < MINUTE)
})

test('what it remembers survives: the clock is never earlier than it was, also after a kill', async () => {
  await api.post('/v1/practice', { staff: 'me' })
  const was = await shopNow()
  const values = await readWorld(opened!)
  assert.ok(Number(values.get('clock')) >= Date.parse(was.now), 'written down ahead')
  const again = await openHost(opened!)
  const shop = again.state()
  assert.ok(Date.parse(shop.now) >= Date.parse(was.now))
  assert.deepEqual([shop.staff, shop.speed, shop.seed, shop.revision], ['me', 1000, 7, was.revision])
})

test('a reset asks for another world; only who may, may', async () => {
  assert.equal((await api.post('/v1/practice/reset', { seed: 11 })).status, 202)
  assert.deepEqual(restarts, [11])
  const { 'practice.run': _, ...rights } = ADMINISTRATOR.rights
  const clerk = api.as(person('clerk', rights))
  assert.equal((await clerk.get<Practice>('/v1/practice')).body.world, 'practice')
  for (const [path, body] of [
    ['', { speed: 10 }],
    ['/start', {}],
    ['/incidents', { kind: 'promotion' }],
    ['/incidents/x/end', {}],
    ['/reset', {}],
    ['/clock', { until: iso(REAL) }],
  ] as const)
    assertProblem(await clerk.post(`/v1/practice${path}`, body), 403, 'not_allowed')
})

test('what cannot be is said so', async () => {
  const post = (path: string, body: object) => api.post(`/v1/practice${path}`, body)
  assertProblem(await post('', { speed: 1001 }), 400, 'invalid_request')
  assertProblem(await post('/incidents', { kind: 'earthquake' }), 400, 'invalid_request')
  assertProblem(await post('/incidents', { kind: 'warehouse_strike', target: 'web' }), 409, 'incident_elsewhere')
  assertProblem(await post('/incidents/none/end', {}), 404, 'incident_not_found')
  assertProblem(await post('/start', {}), 409, 'practice_not_offered')
  for (let n = 0; n < 20; n++) await post('/incidents', { kind: 'promotion' })
  assertProblem(await post('/incidents', { kind: 'promotion' }), 409, 'too_many_incidents')
})
