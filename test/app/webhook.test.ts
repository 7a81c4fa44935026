import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { dataConfig } from '../../src/app/config.ts'
import { webhookDelivery } from '../../src/app/webhook.ts'
import type { OutMessage } from '../../src/pipeline/dispatch.ts'
import { simulatedClock } from '../../src/platform/clock.ts'

const SECRET = Buffer.alloc(32, 5)
const NOW = Date.UTC(2026, 0, 5)
const message: OutMessage = {
  id: 'case.opened/c-1/0',
  channel: 'webhook',
  type: 'case.opened',
  stream: 'o-1',
  createdAt: NOW - 1000,
  body: '{"case":"c-1","severity":"P1"}',
}

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void
let handler: Handler = (_request, _body, response) => response.end()
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  handler(request, body, response)
}).listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
const deliver = webhookDelivery({ url, secret: SECRET, allowed: ['127.0.0.1'] }, simulatedClock(NOW))
const never = new AbortController().signal

test('a message is posted as Standard Webhooks: id, timestamp and a signature that the receiver can compute', async () => {
  const seen = new Promise<{ headers: IncomingMessage['headers']; body: string }>(resolve => {
    handler = (request, body, response) => {
      resolve({ headers: request.headers, body })
      response.writeHead(204).end()
    }
  })
  await deliver(message, never)
  const { headers, body } = await seen
  assert.equal(headers['webhook-id'], message.id)
  assert.equal(headers['webhook-timestamp'], String(NOW / 1000))
  const signed = `${message.id}.${NOW / 1000}.${body}`
  const expected = createHmac('sha256', SECRET).update(signed).digest('base64')
  assert.equal(headers['webhook-signature'], `v1,${expected}`)
  assert.deepEqual(JSON.parse(body), {
    type: 'case.opened',
    timestamp: '2026-01-04T23:59:59.000Z',
    data: { stream: 'o-1', case: 'c-1', severity: 'P1' },
  })
})

test('anything but 2xx was not taken: an error, a redirect, nobody there, a stop', async () => {
  handler = (_request, _body, response) => response.writeHead(500).end('broken')
  await assert.rejects(deliver(message, never), /answered 500/)
  handler = (_request, _body, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
  await assert.rejects(deliver(message, never))
  await assert.rejects(
    webhookDelivery({ url: 'http://127.0.0.1:1/', secret: SECRET, allowed: ['127.0.0.1'] }, simulatedClock(NOW))(
      message,
      never,
    ),
  )
  handler = () => {}
  const stop = new AbortController()
  const waiting = deliver(message, stop.signal)
  stop.abort()
  await assert.rejects(waiting)
})

test('the address and the secret are checked at the start', () => {
  const flags = { values: {}, words: [] }
  const secret = SECRET.toString('base64')
  const of = (env: Record<string, string>) => dataConfig(flags, env).webhook
  assert.equal(of({}), undefined)
  assert.deepEqual(of({ ANDON_WEBHOOK_URL: url, ANDON_WEBHOOK_SECRET: `whsec_${secret}` }), {
    url,
    secret: SECRET,
    allowed: [],
  })
  assert.throws(() => of({ ANDON_WEBHOOK_URL: 'ftp://x', ANDON_WEBHOOK_SECRET: secret }), /http or https/)
  assert.throws(
    () => of({ ANDON_WEBHOOK_URL: 'https://a:b@x.example/', ANDON_WEBHOOK_SECRET: secret }),
    /must not hold a password/,
  )
  assert.throws(() => of({ ANDON_WEBHOOK_URL: url }), /at least 24 bytes/)
})
