import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildAccess, USUAL_ACCESS } from '../../src/app/access.ts'
import { newId } from '../../src/app/compose.ts'
import { LOCAL_DOOR } from '../../src/app/http/door.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { assertProblem, event, type Of, placed } from './api.ts'
import { openCompany } from './company.ts'

let ahead = 0
const now = (): number => systemClock.now() + ahead
const { api, ada } = await openCompany({ accessNow: now, access: { idle: 90 * DAY, longest: 90 * DAY } })
for (const shop of ['a', 'b']) await api.tell(placed(`${shop}-1`, {}, { source: `/channels/${shop}` }))

type Made = { key: Of<'changeKey'>; secret: string }
const make = async (handle: string, more: object): Promise<Made> => {
  const answer = await ada.post<Made>('/v1/keys', { handle, name: handle, rights: ['order.read'], ...more })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}
const ask = async <B = unknown>(secret: string, path = '/v1/orders', from = '127.0.0.1') => {
  const headers = { host: 'localhost:4680', authorization: `Bearer ${secret}` }
  const {
    statusCode,
    headers: said,
    body,
  } = await api.app.inject({ method: 'GET', url: path, headers, remoteAddress: from })
  return { status: statusCode, headers: said, body: JSON.parse(body) as B }
}
const listed = async (handle: string) =>
  (await ada.get<Of<'listKeys'>>('/v1/keys')).body.items.find(key => key.handle === handle)!

test('a key is shown once; the database has a digest of it', async () => {
  const { key, secret } = await make('once', {})
  assert.match(secret, /^andon_[a-z0-9]{12}_[\w-]{43}$/)
  assert.equal(secret.split('_')[1], key.secrets[0]!.hint)
  for (const table of ['api_key', 'api_secret', 'audit'])
    assert.ok(!JSON.stringify((await api.db.query(`select * from ${table}`)).rows).includes(secret.slice(19)), table)
  assert.ok(!JSON.stringify(await listed('once')).includes(secret.slice(19)))
  assert.equal((await ask(secret)).status, 200)
  assertProblem(await ada.post('/v1/keys', { handle: 'once', name: 'x', rights: ['order.read'] }), 409, 'key_exists')
})

test('it does what its rights say, over its shops, under its own name', async () => {
  const { secret } = await make('sync', { rights: ['order.read', 'event.write', 'order.note'], shops: ['a'] })
  const orders = (await ask<Of<'listOrders'>>(secret)).body
  assert.deepEqual(
    orders.items.map(order => order.orderNo),
    ['a-1'],
  )
  assertProblem(await ask(secret, '/v1/cases'), 403, 'not_allowed')
  const send = (source: string, orderNo: string) =>
    api.app.inject({
      ...{ method: 'POST', url: '/v1/events', payload: event('order.approved', { ref: { orderNo } }, { source }) },
      headers: { host: 'localhost', authorization: `Bearer ${secret}` },
    })
  assert.equal((await send('/channels/a', 'a-1')).statusCode, 202)
  assert.equal((await send('/channels/b', 'b-1')).statusCode, 403)
  const note = await api.app.inject({
    ...{ method: 'POST', url: `/v1/orders/${orders.items[0]!.id}/notes`, payload: { text: 'hello' } },
    headers: { host: 'localhost', authorization: `Bearer ${secret}` },
  })
  assert.equal(note.statusCode, 200)
  const ledger = (await ada.get<Of<'getOrderLedger'>>(`/v1/orders/${orders.items[0]!.id}/ledger`)).body.items
  assert.equal(ledger.at(-1)!.actor, 'key:sync')
  const me = (await ask<Of<'getMe'>>(secret, '/v1/me')).body
  assert.deepEqual([me.kind, me.actor, me.rights.length, me.mail], ['key', 'key:sync', 3, null])
  assertProblem(await ask(secret, '/v1/me/sessions'), 403, 'persons_only')
})

test('what is no key, or not this key, opens nothing; guessing is slowed down', async () => {
  const { secret } = await make('guess', {})
  const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`
  for (const bad of [wrong, 'andon_x', secret.toUpperCase(), `${secret} x`, secret.slice(0, 40), 'x'.repeat(150)])
    assertProblem(await ask(bad, '/v1/orders', '10.5.0.1'), 401, 'key_refused')
  const basic = await api.app.inject({ url: '/v1/orders', headers: { host: 'localhost', authorization: 'Basic YTpi' } })
  assert.equal(basic.statusCode, 401)
  const statuses = []
  for (let i = 0; i < 40; i++)
    statuses.push((await ask(`andon_aaaaaaaaaaaa_${'A'.repeat(43)}`, '/v1/orders', '10.5.0.2')).status)
  assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429])
  assert.equal((await ask(secret, '/v1/orders', '10.5.0.3')).status, 200, 'others are not held up')
})

test('a cookie beside a bad key does not help: the key is what counts', async () => {
  const answer = await ada.get('/v1/orders', { authorization: `Bearer andon_aaaaaaaaaaaa_${'A'.repeat(43)}` })
  assertProblem(answer, 401, 'key_refused')
})

test('networks: v4, v6, v4 in v6; another address is refused by name', async () => {
  const { secret } = await make('fence', { addresses: ['10.1.0.0/16', '2001:db8::/32', '192.0.2.7'] })
  for (const [address, status] of [
    ['10.1.2.3', 200],
    ['::ffff:10.1.2.3', 200],
    ['2001:db8::7', 200],
    ['192.0.2.7', 200],
    ['10.2.0.1', 403],
    ['192.0.2.8', 403],
    ['2001:db9::1', 403],
    ['127.0.0.1', 403],
  ] as const)
    assert.equal((await ask(secret, '/v1/orders', address)).status, status, address)
  assertProblem(await ask(secret, '/v1/orders', '10.2.0.1'), 403, 'key_address')
  const bad = await ada.post('/v1/keys', {
    handle: 'bad',
    name: 'x',
    rights: ['order.read'],
    addresses: ['10.1', '10.0.0.0/8'],
  })
  assert.equal(assertProblem(bad, 400, 'invalid_request').errors?.[0]?.pointer, '/addresses/0')
})

test('an end in time: the key, and the old secret after its overlap', async () => {
  const { key, secret } = await make('brief', { expiresAt: new Date(now() + HOUR).toISOString() })
  assert.equal((await ask(secret)).status, 200)
  const rotated = (await ada.post<Made>(`/v1/keys/${key.id}/rotate`, { overlapHours: 0.5 })).body
  assert.notEqual(rotated.secret, secret)
  assert.deepEqual([(await ask(secret)).status, (await ask(rotated.secret)).status], [200, 200])
  assert.equal(rotated.key.secrets.length, 2)
  ahead += 31 * MINUTE
  assertProblem(await ask(secret), 401, 'key_refused')
  assert.equal((await ask(rotated.secret)).status, 200)
  assert.equal((await listed('brief')).secrets.length, 1)
  ahead += HOUR
  assertProblem(await ask(rotated.secret), 401, 'key_refused')
  assert.equal((await listed('brief')).status, 'expired')
})

test('a rotation without overlap ends the old secret at once', async () => {
  const { key, secret } = await make('leaked', {})
  assert.equal((await ask(secret)).status, 200)
  const next = (await ada.post<Made>(`/v1/keys/${key.id}/rotate`, { overlapHours: 0 })).body.secret
  assertProblem(await ask(secret), 401, 'key_refused')
  assert.equal((await ask(next)).status, 200)
})

test('revoked: at once here, within seconds in another process', async () => {
  const { key, secret } = await make('gone', {})
  const sealer = new Sealer(Buffer.alloc(32, 7))
  const log = createLog({ clock: systemClock, write: () => {} })
  const other = buildAccess({
    ...{ db: api.access.db, sealer, log, audit: api.access.audit, newId, now },
    config: USUAL_ACCESS,
    door: LOCAL_DOOR,
  })
  assert.equal((await other.principals.byKey(secret, '127.0.0.1')).ok, true)
  assert.equal((await ada.post<Of<'revokeKey'>>(`/v1/keys/${key.id}/revoke`)).body.status, 'revoked')
  assertProblem(await ask(secret), 401, 'key_refused')
  ahead += 3 * SECOND
  assert.equal((await other.principals.byKey(secret, '127.0.0.1')).ok, false)
  assertProblem(await ada.post(`/v1/keys/${key.id}/rotate`, {}), 409, 'key_changed')
})

test('changes are in force at once, and two who change the same are told', async () => {
  const { key, secret } = await make('shift', {})
  assertProblem(await ask(secret, '/v1/cases'), 403, 'not_allowed')
  const rights = ['case.read']
  assert.equal((await ada.post(`/v1/keys/${key.id}`, { version: 1, rights })).status, 200)
  assert.equal((await ask(secret, '/v1/cases')).status, 200)
  assertProblem(await ask(secret), 403, 'not_allowed')
  assertProblem(await ada.post(`/v1/keys/${key.id}`, { version: 1, name: 'x' }), 409, 'key_changed')
  assertProblem(await ada.post('/v1/keys/nothing', { version: 1, name: 'x' }), 404, 'key_not_found')
})

test('the rate: headers on every answer, 429 beyond it, room again as time goes by', async () => {
  const { secret } = await make('fast', { rate: 5 })
  const first = await ask(secret)
  assert.deepEqual(
    ['limit', 'remaining', 'reset'].map(name => first.headers[`ratelimit-${name}`]),
    ['5', '4', '12'],
  )
  for (let i = 0; i < 4; i++) assert.equal((await ask(secret)).status, 200)
  const stopped = await ask(secret)
  assertProblem(stopped, 429, 'rate_limited')
  assert.ok(Number(stopped.headers['retry-after']) >= 1 && Number(stopped.headers['retry-after']) <= 12)
  assert.equal(stopped.headers['ratelimit-remaining'], '0')
  ahead += Number(stopped.headers['retry-after']) * SECOND
  assert.equal((await ask(secret)).status, 200)
  // Refused requests carry the headers too.
  assert.equal((await ask(secret, '/v1/people')).headers['ratelimit-limit'], '5')
})

test('the quota of a day, over processes; the next day it is whole again', async () => {
  ahead += DAY - (((now() % DAY) + DAY) % DAY)
  const { secret } = await make('daily', { quota: 3 })
  for (let i = 0; i < 3; i++) assert.equal((await ask(secret)).status, 200)
  const stopped = await ask(secret)
  assertProblem(stopped, 429, 'rate_limited')
  assert.equal((stopped.body as { more: { limit: string } }).more.limit, 'quota')
  assert.ok(Number(stopped.headers['retry-after']) > 23 * 3600)
  await api.access.principals.flush()
  api.access.principals.forget()
  assertProblem(await ask(secret), 429, 'rate_limited')
  ahead += DAY
  assert.equal((await ask(secret)).status, 200)
})

test('when and from where it was used last', async () => {
  const { secret } = await make('seen', {})
  assert.equal((await listed('seen')).lastUsedAt, null)
  await ask(secret, '/v1/orders', '10.9.8.7')
  await api.access.principals.flush()
  const { lastUsedAt, lastAddress } = await listed('seen')
  assert.deepEqual([typeof lastUsedAt, lastAddress], ['string', '10.9.8.7'])
})
