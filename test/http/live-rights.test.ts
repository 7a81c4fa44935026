import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { test } from 'node:test'
import { LIVE_LIMITS } from '../../src/app/http/live-limits.ts'
import { until } from '../pipeline/world.ts'
import { event, placed } from './api.ts'
import { type Browser, join, openCompany } from './company.ts'

// No heartbeat within the test: what is seen here comes from the change itself.
const company = await openCompany({ live: { ...LIVE_LIMITS, tick: 20, heartbeat: 3_600_000 } })
const { api, ada } = company
const port = await api.listen()

const dial = (browser: Browser): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const cookie = [...browser.cookies].map(pair => pair.join('=')).join('; ')
    request(
      { host: '127.0.0.1', port, path: '/v1/live', headers: { cookie, host: `localhost:${port}` }, agent: false },
      resolve,
    )
      .once('error', reject)
      .end()
  })

/** Listens; everything that was told so far, and whether it is over. */
async function hear(browser: Browser) {
  const response = await dial(browser)
  assert.equal(response.statusCode, 200)
  const heard = { text: '', over: false, leave: () => response.destroy() }
  response.setEncoding('utf8').on('data', chunk => {
    heard.text += chunk
  })
  response.on('close', () => {
    heard.over = true
  })
  response.on('error', () => {})
  await until(() => heard.text.includes('event: hello'))
  return heard
}

const trouble = (no: string, shop: string): object[] => [
  placed(no, {}, { source: `/channels/${shop}`, time: '2026-02-02T08:00:00Z' }),
  event('parcel.handed_over', { ref: { orderNo: no } }, { source: `/channels/${shop}`, time: '2026-02-01T08:00:00Z' }),
]

test('live updates are those of one’s own shops', async () => {
  const anna = await hear(await join(company, [{ role: 'customer_service', shops: ['a'] }]))
  const all = await hear(ada)
  await api.tell(...trouble('B-1', 'b'), ...trouble('A-1', 'a'))
  await until(() => all.text.includes('B-1') && all.text.includes('A-1') && anna.text.includes('A-1'))
  assert.ok(!anna.text.includes('B-1') && !anna.text.includes('"b"'))
  anna.leave()
  all.leave()
})

test('who is disabled or loses a role is sent away at once, and comes back with the rights of now', async () => {
  const ben = await join(company, [{ role: 'customer_service' }])
  const live = await hear(ben)
  const other = await hear(ada)
  const { version } = (await ada.get<{ version: number }>(`/v1/people/${ben.id}`)).body
  await ada.post(`/v1/people/${ben.id}`, { version, roles: [{ role: 'customer_service', shops: ['a'] }] })
  await until(() => live.over)
  assert.match(live.text, /event: bye\ndata: {"reason":"renew"}/)
  const again = await hear(ben)
  await api.tell(...trouble('B-2', 'b'))
  await until(() => other.text.includes('B-2'))
  assert.ok(!again.text.includes('B-2'))
  assert.ok(!other.over, 'others go on')
  await ada.post(`/v1/people/${ben.id}/disable`)
  await until(() => again.over)
  assert.equal((await dial(ben)).statusCode, 401)
  other.leave()
})
