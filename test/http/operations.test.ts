import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, event, type Of, openApi, placed } from './api.ts'

const api = await openApi()

test('quarantine lists what was refused at the door; a replay says what is still wrong', async () => {
  assertProblem(await api.post('/v1/events', placed('Q-1', { currency: 'XXX' })), 422, 'invalid_event')
  const row = (await api.get<Of<'listQuarantine'>>('/v1/quarantine?stage=door&code=bad_currency')).body.items[0]!
  assert.deepEqual(
    [row.stage, row.status, row.type, row.source, row.replayable],
    ['door', 'open', 'order.placed', '/channels/web', true],
  )
  const problem = assertProblem(await api.post(`/v1/quarantine/${row.id}/replay`, {}), 409, 'still_refused')
  assert.equal(problem.errors?.[0]?.pointer, '/data/currency')
  assertProblem(await api.post('/v1/quarantine/d-nothing/replay', {}), 404, 'quarantine_not_found')
})

test('a row at the door that has become right is taken, once', async () => {
  // As after an upgrade that knows the type: the kept text is good, only its verdict was not.
  const good = placed('Q-2')
  const bad = { ...good, type: 'order.plced' }
  assertProblem(await api.post('/v1/events', bad), 422, 'invalid_event')
  const { id } = (await api.get<Of<'listQuarantine'>>('/v1/quarantine?code=unknown_type')).body.items[0]!
  assertProblem(await api.post(`/v1/quarantine/${id}/replay`, {}), 409, 'still_refused')
  const huge = placed('Q-3', { lines: [{ sku: 'x'.repeat(80_000), qty: 1, price: 1 }] })
  assertProblem(await api.post('/v1/events', huge), 422, 'invalid_event')
  const cut = (await api.get<Of<'listQuarantine'>>('/v1/quarantine?code=too_long')).body.items[0]!
  assert.equal(cut.replayable, false)
  assertProblem(await api.post(`/v1/quarantine/${cut.id}/replay`, {}), 409, 'not_replayable')
})

test('a row that threw in its step goes back into its mailbox', async () => {
  await api.tell(placed('Q-4'))
  const order = (await api.get<Of<'listOrders'>>('/v1/orders?q=Q-4')).body.items[0]!
  const { rows } = await api.db.query<{ bucket: number; row: string }>(
    `select h.bucket, json_build_object('bucket', h.bucket, 'class', 2, 'id', 'thrown-1', 'stream', h.stream, 'kind', 'order',
       'what', 'event', 'type', 'order.approved', 'v', 1, 'actor', 'feed:web', 'occurredAt', 1793520000000,
       'recordedAt', 1793520000000, 'knownAt', 1793520000000, 'historical', false,
       'stored', '{"ref":{"channel":"web","orderNo":"Q-4"}}')::text as row
     from head h where stream = $1`,
    [order.id],
  )
  await api.db.query(
    `insert into quarantine (bucket, id, stage, source, type, stream, code, error, at, status, row)
     values ($1, 'thrown-1', 'step', 'feed:web', 'order.approved', $2, 'threw', '{"message":"planted"}', 1793520000000, 'open', $3)`,
    [rows[0]!.bucket, order.id, rows[0]!.row],
  )
  const listed = (await api.get<Of<'listQuarantine'>>(`/v1/quarantine?stage=step&order=${order.id}`)).body
  assert.deepEqual([listed.total?.count, listed.items[0]!.order], [1, order.id])
  const answer = await api.post<Of<'replayQuarantined'>>('/v1/quarantine/thrown-1/replay', {})
  assert.deepEqual([answer.status, answer.body.status], [200, 'replayed'])
  await api.pipeline.drained()
  assert.equal((await api.get<Of<'getOrder'>>(`/v1/orders/${order.id}`)).body.status, 'approved')
  assertProblem(await api.post('/v1/quarantine/thrown-1/replay', {}), 409, 'not_replayable')
})

test('a timer that threw cannot be replayed by hand', async () => {
  await api.db.query(
    `insert into quarantine (bucket, id, stage, source, type, stream, code, error, at, status, row)
     values (0, 'w:1', 'step', 'wake', 'tick', null, 'threw', '{}', 1, 'open', '{"upTo":1}')`,
  )
  assertProblem(await api.post('/v1/quarantine/w:1/replay', {}), 409, 'not_replayable')
})

test('quarantine is paged', async () => {
  const seen: string[] = []
  let next = ''
  do {
    const page = (await api.get<Of<'listQuarantine'>>(`/v1/quarantine?limit=2${next && `&cursor=${next}`}`)).body
    seen.push(...page.items.map(r => r.id))
    next = page.next ?? ''
  } while (next !== '')
  assert.equal(new Set(seen).size, seen.length)
  assert.equal(seen.length, await api.count('quarantine'))
})

test('feeds: every channel, and every feed with messages that wait', async () => {
  await api.tell(event('parcel.in_transit', { ref: { trackingNo: 'LOST1' } }, { source: '/carriers/sf' }))
  const { items } = (await api.get<Of<'listFeeds'>>('/v1/feeds')).body
  const sf = items.find(f => f.name === 'sf')!
  const web = items.find(f => f.name === 'web')!
  assert.deepEqual([sf.waiting, sf.overdue, sf.lastOrderAt, typeof sf.lastHeardAt], [1, false, null, 'string'])
  assert.deepEqual([web.waiting, typeof web.lastOrderAt], [0, 'string'])
})

test('rules and event types tell their names in both languages', async () => {
  const rules = (await api.get<Of<'listRules'>>('/v1/rules')).body
  assert.ok(rules.items.length >= 9)
  assert.ok(rules.items.every(r => r.name.zh && r.name.en && r.when))
  const types = (await api.get<Of<'listEventTypes'>>('/v1/event-types')).body
  const placedType = types.items.find(t => t.type === 'order.placed')!
  assert.ok(placedType.fields.some(f => f.path === 'customer.name' && f.personal))
})

test('health, readiness, metrics, description and the pages for people', async () => {
  assert.deepEqual((await api.get('/healthz')).body, { status: 'ok' })
  const ready = (await api.get<{ status: string; groups: number }>('/readyz')).body
  assert.deepEqual([ready.status, ready.groups], ['ok', 32])
  const metrics = await api.get<string>('/metrics')
  assert.match(metrics.body, /^andon_groups_owned 32$/m)
  assert.match(metrics.body, /^andon_events_total\{status="refused"\} \d+$/m)
  assert.match(metrics.body, /^andon_http_problems_total\{code="invalid_event"\} \d+$/m)
  assert.equal((await api.get<{ openapi: string }>('/openapi.json')).body.openapi, '3.1.0')
  for (const [path, language, word] of [
    ['/', 'zh-CN,zh;q=0.9', '正在运行'],
    ['/', 'en', 'Andon runs'],
    ['/problems', 'zh', '错误码'],
    ['/?lang=zh', 'en', '正在运行'],
  ] as const) {
    const page = await api.get<string>(path, { 'accept-language': language })
    assert.match(page.body, new RegExp(word))
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
  }
})

test('what is not there, by name and by method; other hosts are not served', async () => {
  assertProblem(await api.get('/v1/nothing'), 404, 'route_not_found')
  const wrong = await api.raw({ method: 'DELETE', url: '/v1/orders' })
  assertProblem(wrong, 405, 'method_not_allowed')
  assert.equal(wrong.headers.allow, 'GET')
  assertProblem(await api.get('/v1/orders/%E0%A4%A'), 400, 'invalid_request')
  assertProblem(
    await api.raw({ method: 'GET', url: '/v1/orders', headers: { host: 'evil.example' } }),
    421,
    'host_refused',
  )
})
