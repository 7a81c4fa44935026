import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { LIMITS } from '../../src/app/http/listener.ts'
import { openApi } from '../http/api.ts'
import { lines, speak } from './wire.ts'

const api = await openApi({ start: false })
const port = await api.listen()
// The same server with little patience: what is tested is that it closes, not how long the usual patience is.
const hasty = await openApi({ start: false, limits: { ...LIMITS, headers: 200, request: 300, idle: 200, look: 20 } })
const hastyPort = await hasty.listen()

const HOST = 'host: localhost'
const END = 'connection: close'

const SMUGGLED: Readonly<Record<string, string>> = {
  'a length and chunks': lines(
    'POST /v1/events HTTP/1.1',
    HOST,
    'content-length: 5',
    'transfer-encoding: chunked',
    '',
    '0',
    '',
    'GET /healthz HTTP/1.1',
    HOST,
    '',
  ),
  'two lengths': lines(
    'POST /v1/events HTTP/1.1',
    HOST,
    'content-length: 2',
    'content-length: 40',
    '',
    '{}GET /healthz HTTP/1.1',
    HOST,
    '',
  ),
  'a length with a sign': lines('POST /v1/events HTTP/1.1', HOST, 'content-length: +2', '', '{}'),
  'a length in two values': lines('POST /v1/events HTTP/1.1', HOST, 'content-length: 2, 2', '', '{}'),
  'chunks under a name that only some know': lines(
    'POST /v1/events HTTP/1.1',
    HOST,
    'transfer-encoding: xchunked',
    '',
    '0',
    '',
  ),
  'chunks that are not last': lines(
    'POST /v1/events HTTP/1.1',
    HOST,
    'transfer-encoding: chunked, identity',
    '',
    '0',
    '',
  ),
  'a space before the colon': lines('POST /v1/events HTTP/1.1', HOST, 'content-length : 2', '', '{}'),
  'a folded header': lines('GET /healthz HTTP/1.1', HOST, 'x-a: b', ' content-length: 5', '', ''),
  'a bare line feed in a header': `GET /healthz HTTP/1.1\r\n${HOST}\r\nx-a: b\ncontent-length: 5\r\n\r\n`,
  'a bare carriage return in a header': `GET /healthz HTTP/1.1\r\n${HOST}\r\nx-a: b\rcontent-length: 5\r\n\r\n`,
  'a NUL in a header': `GET /healthz HTTP/1.1\r\n${HOST}\r\nx-a: b\0c\r\n\r\n`,
  'a chunk size that is none': lines(
    'POST /v1/events HTTP/1.1',
    HOST,
    'content-type: application/json',
    'transfer-encoding: chunked',
    '',
    '0x2',
    '{}',
    '0',
    '',
  ),
  'no host': lines('GET /healthz HTTP/1.1', END, ''),
  'something else': 'SSH-2.0-OpenSSH_9.2\r\n',
}
for (const [name, bytes] of Object.entries(SMUGGLED)) {
  test(`one request is never two: ${name}`, async () => {
    const { statuses, text } = await speak(port, bytes)
    assert.deepEqual(statuses, [400], text)
    assert.match(text, /"code":"invalid_request"|connection: close/i)
  })
}

test('two hosts are refused', async () => {
  const { statuses } = await speak(port, lines('GET /healthz HTTP/1.1', HOST, 'host: evil.example', END, ''))
  assert.deepEqual(statuses, [400])
})

test('no host is refused as a problem', async () => {
  const { statuses, text } = await speak(port, lines('GET /healthz HTTP/1.1', END, ''))
  assert.deepEqual(statuses, [400])
  assert.match(text, /"detail":"Name one Host."/)
})

test('who expects what nobody knows is answered all the same', async () => {
  const { statuses } = await speak(port, lines('GET /healthz HTTP/1.1', HOST, 'expect: banana', END, ''))
  assert.deepEqual(statuses, [200])
})

test('headers that are too large are refused as a problem', async () => {
  const { statuses, text } = await speak(port, lines('GET /healthz HTTP/1.1', HOST, `x-a: ${'x'.repeat(20_000)}`, ''))
  assert.deepEqual(statuses, [431])
  assert.match(text, /"code":"headers_too_large"/)
  assert.match(text, /content-security-policy: default-src 'none'/)
})

const ME = 'x-test-principal: local'

const SLOW: Readonly<Record<string, readonly string[]>> = {
  'nothing at all': [],
  'half a request line': ['GET /heal'],
  'headers without an end': [lines('GET /healthz HTTP/1.1', HOST, 'x-a: b')],
  'a body without an end': [
    lines('POST /v1/events HTTP/1.1', HOST, ME, 'content-type: application/json', 'content-length: 100', '', '{'),
  ],
  'chunks without an end': [
    lines(
      'POST /v1/events HTTP/1.1',
      HOST,
      ME,
      'content-type: application/json',
      'transfer-encoding: chunked',
      '',
      '1',
      '{',
    ),
  ],
}
for (const [name, parts] of Object.entries(SLOW)) {
  test(`who is slow is cut off: ${name}`, async () => {
    const { text } = await speak(hastyPort, ...parts)
    if (parts.length === 0 && text === '') return
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.match(text, /"code":"request_timeout"/)
  })
}

test('a request that is answered before its body came gets no second answer', async () => {
  const { statuses, text } = await speak(
    hastyPort,
    lines('POST /v1/events HTTP/1.1', HOST, 'content-type: application/json', 'content-length: 100', '', '{'),
  )
  assert.deepEqual(statuses, [401], text)
})

test('a byte now and then does not keep a request alive', async () => {
  const socket = connect(hastyPort, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.resume()
  socket.write(lines('GET /healthz HTTP/1.1', HOST).slice(0, -2))
  const drip = setInterval(() => socket.writable && socket.write('x'), 20)
  await once(socket, 'close')
  clearInterval(drip)
  assert.equal((await fetch(`http://127.0.0.1:${hastyPort}/healthz`)).status, 200, 'others are served')
})

test('a connection that is answered and then idle is closed', async () => {
  const { statuses } = await speak(hastyPort, lines('GET /healthz HTTP/1.1', HOST, ''))
  assert.deepEqual(statuses, [200])
})

const OUT_OF_THE_HOUSE = [
  '/../../etc/passwd',
  '/..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%5c..%5cwindows/win.ini',
  '/assets/../../package.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/..%252f..%252fpackage.json',
  '/assets/%c0%ae%c0%ae/package.json',
  '//etc/passwd',
  '/etc/passwd%00.png',
  '/.git/config',
  '/.env',
  '/data/secret.key',
  '/src/app/main.ts',
]
for (const path of OUT_OF_THE_HOUSE) {
  test(`no file beside the pages can be read: ${path}`, async () => {
    const { statuses, text } = await speak(port, lines(`GET ${path} HTTP/1.1`, HOST, END, ''))
    assert.ok([400, 404].includes(statuses[0] ?? 0), text)
    assert.doesNotMatch(text, /root:|"name": "andon"|\[core\]/)
  })
}

test('a target that is another server is no way around the host check', async () => {
  const absolute = await speak(port, lines('GET http://evil.example/healthz HTTP/1.1', HOST, END, ''))
  assert.equal(absolute.statuses[0], 400)
  const old = await speak(port, 'GET /healthz\r\n\r\n')
  assert.equal(old.statuses[0], 421, 'without any name')
  const through = await speak(port, lines('CONNECT evil.example:443 HTTP/1.1', 'host: evil.example:443', END, ''))
  assert.notEqual(through.statuses[0], 200)
})
