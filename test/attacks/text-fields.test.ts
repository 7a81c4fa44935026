import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AS, type Of, openApi, placed } from '../http/api.ts'
import { lines, speak } from './wire.ts'

/** What people and shops write, and where it comes out again: never as markup, a header or a second log line. Formulas: audit.test.ts. */
const api = await openApi()
const port = await api.listen()
const SCRIPT = '<script>alert(1)</script>'
const FORMULA = `=cmd|'/C calc'!A0`
const SPLIT = 'a\r\nset-cookie: x=y\r\n\r\n<script>'

const HOSTILE = [
  SCRIPT,
  FORMULA,
  SPLIT,
  `"><img src=x onerror=alert(1)>`,
  '\u001b]0;owned\u0007',
  '\u202etxt.exe',
  '{{7*7}}',
] as const

test('text of an order comes back as JSON that no browser runs, in every list and detail', async () => {
  await api.tell(
    ...HOSTILE.map((text, i) =>
      placed(`T-${i}`, {
        customer: { name: text, email: 'a@b.example' },
        lines: [{ sku: `S-${i}`, qty: 1, price: 100, name: text }],
      }),
    ),
  )
  const list = await api.get<Of<'listOrders'>>('/v1/orders')
  assert.equal(list.body.items.length, HOSTILE.length)
  const ids = list.body.items.map(order => order.id)
  for (const path of [
    '/v1/orders',
    '/v1/cases',
    '/v1/findings',
    ...ids.flatMap(id => [`/v1/orders/${id}`, `/v1/orders/${id}/ledger`]),
  ]) {
    const { headers, status } = await api.get(path)
    assert.equal(status, 200, path)
    assert.match(String(headers['content-type']), /^application\/json/, path)
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    assert.match(String(headers['content-security-policy']), /default-src 'none'/, path)
  }
})

test('a problem never repeats markup that the caller sent', async () => {
  const asked = [
    `/v1/orders?${encodeURIComponent(SCRIPT)}=1`,
    `/v1/orders?status=${encodeURIComponent(SCRIPT)}`,
    `/v1/orders/${encodeURIComponent(SCRIPT)}`,
    `/${encodeURIComponent(SCRIPT)}`,
    `/problems?lang=${encodeURIComponent(SCRIPT)}`,
  ]
  for (const url of asked) {
    const answer = await api.app.inject({ method: 'GET', url, headers: { host: 'localhost', [AS]: 'local' } })
    assert.ok(answer.statusCode >= 400, url)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.doesNotMatch(answer.body, /[<>]/, url)
  }
  for (const payload of [`{"${SCRIPT}":1}`, SCRIPT, `[{"type":"${SCRIPT}"}]`]) {
    const headers = { host: 'localhost', [AS]: 'local', 'content-type': 'application/json' }
    const answer = await api.app.inject({ method: 'POST', url: '/v1/events', headers, payload })
    assert.ok(answer.statusCode >= 400)
    assert.doesNotMatch(answer.body, /[<>]/, payload)
  }
})

test('the pages of the server hold nothing that came with the request', async () => {
  for (const url of ['/', '/problems', `/?lang=en&x=${encodeURIComponent(SCRIPT)}`, `/problems#${SCRIPT}`]) {
    const headers = {
      host: 'localhost',
      accept: 'text/html',
      'accept-language': SCRIPT,
      'user-agent': SCRIPT,
      referer: SCRIPT,
    }
    const { body } = await api.app.inject({ method: 'GET', url, headers })
    assert.doesNotMatch(body, /alert\(1\)/, url)
  }
})

test('what a request says of itself cannot begin a header of its own', async () => {
  for (const url of [
    `/v1/orders?q=${encodeURIComponent(SPLIT)}`,
    `/v1/orders/${encodeURIComponent(SPLIT)}`,
    `/${encodeURIComponent(SPLIT)}`,
  ]) {
    const { text, statuses } = await speak(
      port,
      lines(`GET ${url} HTTP/1.1`, 'host: localhost', `${AS}: local`, 'connection: close', ''),
    )
    assert.equal(statuses.length, 1, text)
    assert.doesNotMatch(text.split('\r\n\r\n')[0] ?? '', /^set-cookie:/im, url)
  }
  for (const header of ['x-andon-actor', 'if-none-match', 'idempotency-key', 'last-event-id', 'accept-language'])
    for (const text of HOSTILE) {
      const answer = await api.app.inject({
        method: 'GET',
        url: '/v1/orders',
        headers: { host: 'localhost', [AS]: 'local', [header]: text },
      })
      assert.ok(answer.statusCode < 500, `${header}: ${answer.statusCode}`)
      assert.equal(answer.headers['set-cookie'], undefined)
    }
})

test('every line of the log is one object, whatever was asked', async () => {
  for (const text of HOSTILE)
    await api.get(`/v1/orders?q=${encodeURIComponent(text)}`, { 'user-agent': text.replace(/[^ -~]/g, '?') })
  for (const line of api.log().split('\n').filter(Boolean)) assert.doesNotThrow(() => JSON.parse(line), line)
  assert.doesNotMatch(api.log(), /alert\(1\)|set-cookie/)
})
