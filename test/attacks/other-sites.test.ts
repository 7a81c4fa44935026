import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOCAL_DOOR } from '../../src/app/http/door.ts'
import { assertProblem, openApi, placed } from '../http/api.ts'

const api = await openApi()
const URL_OF = 'https://orders.example.com'
const outside = await openApi({
  start: false,
  door: { ...LOCAL_DOOR, url: URL_OF, hosts: new Set(['orders.example.com']), proxies: ['10.0.0.0/8'] },
})

const post = (headers: Record<string, string>) => api.post('/v1/events', placed(`X-${++made}`), headers)
let made = 0

const FOREIGN: readonly Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost:9999' },
  { origin: 'https://localhost:4680' },
  { origin: 'http://localhost:4680.evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:4680' },
  { 'sec-fetch-site': 'cross-site', cookie: 'session=stolen' },
  // A browser that says nothing about where the request comes from, with a cookie.
  { cookie: 'session=stolen' },
]
for (const headers of FOREIGN) {
  test(`a write of a foreign page is refused and writes nothing: ${JSON.stringify(headers)}`, async () => {
    const before = await api.count('seen')
    assertProblem(await post(headers), 403, 'cross_site')
    assert.equal(await api.count('seen'), before)
  })
}

const OWN: readonly Record<string, string>[] = [
  {},
  { origin: 'http://localhost:4680' },
  { origin: 'http://localhost:4680', cookie: 'a=b' },
  { 'sec-fetch-site': 'same-origin', cookie: 'a=b' },
  { 'sec-fetch-site': 'none' },
]
for (const headers of OWN) {
  test(`our own page and programs may write: ${JSON.stringify(headers)}`, async () => {
    assert.equal((await post(headers)).status, 202)
  })
}

test('a form of another site cannot send JSON without a question first, and the question is not answered', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
    assertProblem(
      await api.raw({ method: 'POST', url: '/v1/events', headers: { 'content-type': type }, payload: '{}' }),
      415,
      'unsupported_media_type',
    )
  const asked = await api.raw({
    method: 'OPTIONS',
    url: '/v1/events',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  })
  assert.equal(asked.status, 405)
  assert.deepEqual(
    Object.keys(asked.headers).filter(name => name.startsWith('access-control')),
    [],
  )
})

test('a name that is not ours is refused, whatever the path: rebinding, cache poisoning', async () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '1.2.3.4',
  ])
    for (const url of ['/', '/v1/orders', '/openapi.json', '/nowhere'])
      assertProblem(await api.raw({ method: 'GET', url, headers: { host } }), 421, 'host_refused')
  const forwarded = await api.raw({ method: 'GET', url: '/v1/orders', headers: { 'x-forwarded-host': 'evil.example' } })
  assert.equal(forwarded.status, 200, 'nobody may forward here: the header counts for nothing')
  assert.ok(!JSON.stringify(forwarded.body).includes('evil'))
})

test('behind a proxy only the configured name is served, and only the proxy may say what the client used', async () => {
  const ask = (remoteAddress: string, headers: Record<string, string>) =>
    outside.raw({ method: 'GET', url: '/healthz', headers, remoteAddress })
  const right = { host: 'orders.example.com' }
  assert.equal((await ask('10.1.2.3', right)).status, 200)
  assert.equal((await ask('10.1.2.3', { host: 'inner:4680', 'x-forwarded-host': 'orders.example.com' })).status, 200)
  assertProblem(await ask('10.1.2.3', { ...right, 'x-forwarded-host': 'evil.example' }), 421, 'host_refused')
  assertProblem(
    await ask('192.0.2.9', { host: 'inner', 'x-forwarded-host': 'orders.example.com' }),
    421,
    'host_refused',
  )
  const hsts = async (from: string, proto: string) =>
    (await ask(from, { ...right, 'x-forwarded-proto': proto })).headers['strict-transport-security']
  assert.match(String(await hsts('10.1.2.3', 'https')), /max-age=\d{8}/)
  assert.equal(await hsts('10.1.2.3', 'http'), undefined)
  assert.equal(await hsts('192.0.2.9', 'https'), undefined, 'a client cannot pretend')
})

test('behind a proxy the origin is the configured one, not the one inside', async () => {
  const write = (origin: string) =>
    outside.post('/v1/events', [], { host: 'orders.example.com', origin, cookie: 'a=b' })
  assertProblem(await write('http://orders.example.com'), 403, 'cross_site')
  assertProblem(await write('https://evil.example'), 403, 'cross_site')
  assertProblem(await write(URL_OF), 400, 'invalid_request')
})

test('every answer tells the browser to run, frame, guess and keep nothing', async () => {
  const answers = [
    await api.get('/'),
    await api.get('/problems'),
    await api.get('/v1/orders'),
    await api.get('/v1/orders?limit=x'),
    await api.get('/nowhere'),
    await api.get('/%zz'),
    await api.raw({ method: 'GET', url: '/healthz', headers: { host: 'evil.example' } }),
  ]
  for (const { headers, status } of answers) {
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /^default-src 'none'; /, `status ${status}`)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /script-src|unsafe-eval/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['referrer-policy'], 'same-origin')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.match(String(headers['permissions-policy']), /geolocation=\(\)/)
    assert.equal(headers['strict-transport-security'], undefined, 'not over plain HTTP')
    assert.equal(headers.server, undefined)
    assert.equal(headers['x-powered-by'], undefined)
  }
})
