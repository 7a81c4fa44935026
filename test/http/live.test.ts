import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { test } from 'node:test'
import { LIVE_LIMITS } from '../../src/app/http/live-limits.ts'
import { type LiveEvent, type LiveEventData, type LiveEventName, liveEvents } from '../../src/contract/api/index.ts'
import type { Principal } from '../../src/contract/principal.ts'
import { writeJob } from '../../src/pipeline/queries/jobs.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { until } from '../pipeline/world.ts'
import { ADMINISTRATOR, type Api, event, type Of, openApi, person, placed } from './api.ts'

const limits = { ...LIVE_LIMITS, tick: 20, heartbeat: 60 }
const api = await openApi({ live: limits, core: true })
const port = await api.listen()

interface Heard {
  readonly events: LiveEvent[]
  readonly response: IncomingMessage
  /** The last `id` that came. */
  id(): string
  text(): string
  /** The data of the events of this name, each checked against the contract. */
  of<N extends LiveEventName>(name: N): LiveEventData<N>[]
  leave(): void
}

interface Asked {
  readonly as?: Principal
  readonly topics?: string
  readonly last?: string
  readonly port?: number
}

/** Listens like a browser does. */
async function hear({ as = ADMINISTRATOR, topics, last, port: at = port }: Asked = {}): Promise<Heard> {
  api.as(as)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'x-test-principal': as.id, ...(last !== undefined && { 'last-event-id': last }) }
    const asked = { host: '127.0.0.1', port: at, path: `/v1/live${topics ? `?topics=${topics}` : ''}`, headers }
    request({ ...asked, agent: false }, resolve)
      .once('error', reject)
      .end()
  })
  assert.equal(response.statusCode, 200)
  assert.match(String(response.headers['content-type']), /^text\/event-stream/)
  const events: LiveEvent[] = []
  let text = ''
  let id = ''
  let rest = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = `${rest}${chunk}`.split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      id = field('id') ?? id
      const name = field('event') as LiveEventName | undefined
      if (name) events.push({ name, data: liveEvents[name].parse(JSON.parse(field('data')!)) } as LiveEvent)
    }
  })
  response.on('error', () => {})
  await until(() => events.length > 0)
  return {
    ...{ events, response, id: () => id, text: () => text },
    of: name => events.flatMap(e => (e.name === name ? [e.data as LiveEventData<typeof name>] : [])),
    leave: () => response.destroy(),
  }
}

const idle = (one: Api = api) => until(() => one.pipeline.live.listening === 0)
const trouble = (no: string, source = '/channels/web'): object[] => [
  placed(no, {}, { source, time: '2026-11-01T10:00:00Z' }),
  event('parcel.handed_over', { ref: { orderNo: no } }, { source, time: '2026-11-01T09:00:00Z' }),
]

test('orders, cases and facts are told as they change, with their versions; nothing follows when nobody listens', async () => {
  assert.equal(api.pipeline.live.listening, 0)
  const browser = await hear()
  assert.equal(browser.of('hello')[0]!.resumed, false)
  assert.equal(api.pipeline.live.listening, 1)
  await api.tell(...trouble('L-1'))
  await until(() => browser.of('case').length > 0)
  const order = browser.of('order').at(-1)!
  const opened = browser.of('case').at(-1)!
  assert.deepEqual(
    [order.orderNo, opened.orderNo, opened.status, opened.type],
    ['L-1', 'L-1', 'open', 'impossible_sequence'],
  )
  assert.ok(opened.evidence.length > 0 && opened.version <= order.version)
  const facts = browser.of('fact').map(f => f.type)
  assert.ok(facts.includes('order.placed') && facts.includes('case.opened') && !facts.includes('finding.raised'))
  const said = browser.of('fact').find(f => f.type === 'case.opened')!
  assert.deepEqual([said.case, said.exception?.type, said.orderNo], [opened.id, 'impossible_sequence', 'L-1'])
  await api.post(`/v1/cases/${opened.id}/acknowledge`, {})
  await until(() => browser.of('case').at(-1)!.status === 'acknowledged')
  assert.ok(browser.of('case').at(-1)!.version > opened.version)
  browser.leave()
  await idle()
})

test('who comes back gets what was missed, from any process; who was away too long reads again', async () => {
  const first = await hear({ topics: 'cases' })
  await api.tell(...trouble('L-2'))
  await until(() => first.of('case').some(c => c.orderNo === 'L-2'))
  first.leave()
  await idle()
  await api.tell(...trouble('L-3'))
  const second = await hear({ topics: 'cases', last: first.id() })
  assert.equal(second.of('hello')[0]!.resumed, true)
  await until(() => second.of('case').length > 0)
  assert.deepEqual([...new Set(second.of('case').map(c => c.orderNo))], ['L-3'])
  assert.notEqual(second.id(), first.id())
  second.leave()
  const ahead = second.id().replace(/\w+/, 'zzzzzz')
  for (const last of ['nonsense', ahead, Array(32).fill('0').join('.').replace('0', 'x')]) {
    const lost = await hear({ topics: 'cases', last })
    await until(() => lost.events.length > 1)
    assert.deepEqual([lost.of('hello')[0]!.resumed, lost.of('reset')], [false, [{ reason: 'gap' }]], last)
    lost.leave()
  }
  const whole = await hear({ topics: 'cases', last: Array(32).fill('0').join('.') })
  await until(() => whole.of('case').length >= 3)
  assert.equal(whole.of('hello')[0]!.resumed, true)
  whole.leave()
  await idle()
})

test('only what is within reach is told', async () => {
  const shop = (shops: readonly string[]) => [{ shops }]
  const web = await hear({ as: person('web', { 'order.read': shop(['web']), 'case.read': shop(['web']) }) })
  const own = await hear({ as: person('own', { 'case.read': [{ owners: ['user:own'] }] }) })
  const none = await hear({ as: person('none', {}) })
  await api.tell(...trouble('L-4', '/channels/other'))
  await api.tell(...trouble('L-5'))
  await until(() => web.of('case').some(c => c.orderNo === 'L-5') && web.of('counts').some(c => c.open > 0))
  for (const told of [...web.of('order'), ...web.of('case'), ...web.of('fact')]) assert.equal(told.channel, 'web')
  const { id } = web.of('case').find(c => c.orderNo === 'L-5')!
  await api.post(`/v1/cases/${id}/assign`, { owner: 'user:own' })
  await until(() => own.of('case').length > 0)
  assert.deepEqual(
    own.of('case').map(c => c.id),
    [id],
  )
  assert.deepEqual(
    [own.of('order'), own.of('fact'), none.of('case'), none.of('order'), none.of('fact')],
    [[], [], [], [], []],
  )
  await until(() => own.of('counts').at(-1)?.mine === 1)
  const counts = own.of('counts').at(-1)!
  assert.deepEqual([counts.open, counts.mine, counts.quarantined], [1, 1, null])
  const all = (await api.get<Of<'listCases'>>('/v1/cases?state=active&channel=web')).body.total!.count
  await until(() => web.of('counts').at(-1)!.open === all)
  for (const browser of [web, own, none]) browser.leave()
  await idle()
})

test('jobs of the command line, feeds and counts are told too; comments keep the line open', async () => {
  const browser = await hear({ topics: 'jobs,feeds,counts' })
  const job = { id: 'import-live', kind: 'import', status: 'running', progress: { done: 1, total: 3 } } as const
  await writeJob(api.db, job, systemClock.now())
  await until(() => browser.of('job').some(j => j.id === 'import-live' && j.progress.done === 1))
  await writeJob(api.db, { ...job, progress: { done: 2, total: 3 } }, systemClock.now() + 1)
  await until(() => browser.of('job').some(j => j.progress.done === 2))
  await until(() => browser.of('feed').some(f => f.name === 'web') && browser.of('counts').length > 0)
  await until(() => browser.text().includes(': alive\nid: '))
  const stranger = await hear({ as: person('stranger', {}), topics: 'jobs,feeds' })
  await until(() => stranger.text().split(': alive').length > 3)
  assert.deepEqual([stranger.of('job'), stranger.of('feed')], [[], []])
  browser.leave()
  stranger.leave()
  await idle()
})

test('who does not read is sent away, and only they', async () => {
  const other = await openApi({ live: { ...limits, buffer: 20_000 }, core: true })
  const at = await other.listen()
  const slow = await hear({ port: at, topics: 'orders' })
  const good = await hear({ port: at, topics: 'cases' })
  slow.response.pause()
  slow.response.socket.pause()
  const isDropped = async () =>
    /live_dropped_total\{reason="slow"\} 1\n/.test((await other.get<string>('/metrics')).body)
  for (let n = 0; n < 60 && !(await isDropped()); n++)
    await other.tell(...Array.from({ length: 200 }, (_, i) => placed(`S-${n}-${i}`)))
  assert.ok(await isDropped())
  await other.tell(...trouble('S-good'))
  await until(() => good.of('case').length > 0)
  assert.deepEqual(good.of('bye'), [])
  slow.leave()
  good.leave()
  await idle(other)
})

test('who listens long is asked to come back, and a stop says so', async () => {
  const other = await openApi({ live: { ...limits, renew: 200 }, core: true })
  const at = await other.listen()
  const long = await hear({ port: at })
  await until(() => long.of('bye').length > 0)
  assert.deepEqual(long.of('bye'), [{ reason: 'renew' }])
  const last = await hear({ port: at, last: long.id() })
  assert.equal(last.of('hello')[0]!.resumed, true)
  const closing = other.app.close()
  await until(() => last.of('bye').length > 0)
  assert.deepEqual(last.of('bye'), [{ reason: 'stopping' }])
  await closing
})
