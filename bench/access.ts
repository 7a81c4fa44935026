import { upcast } from '../src/app/compose.ts'
import { ledgerItem } from '../src/app/http/handlers/order.ts'
import { parseEvent } from '../src/contract/events/index.ts'
import { streamIdOf } from '../src/contract/identity.ts'
import type { Fact } from '../src/contract/stream.ts'
import { isoOf, MINUTE, monthOf } from '../src/kernel/instant.ts'
import { readFacts } from '../src/pipeline/queries/ledger.ts'
import { reactorsOf } from '../src/pipeline/reactors.ts'
import type { Database } from '../src/platform/database.ts'
import { Sealer } from '../src/platform/seal.ts'
import type { Bench, BenchOptions, BenchResult, Figure } from './kit/bench.ts'
import { Client } from './kit/client.ts'
import { startCluster } from './kit/cluster.ts'
import { type Doors, openDoors, urlOf } from './kit/doors.ts'
import { fillLists } from './kit/fill-lists.ts'
import { median, quantile } from './kit/stats.ts'

const ORDERS = { quick: 20_000, full: 200_000 }
const REQUESTS = { quick: 400, full: 2_000 }
const WARM = 100
/** Of a list request, what finding out who asks and what they may do costs at most. */
const AIM = 1.05
const ROWS = 1_000
const MASKED_TIMES = { quick: 15, full: 60 }

export const access: Bench = {
  name: 'access',
  about: 'what authentication and rights cost a list request, and what masking costs a list of 1,000 rows',
  run,
}

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const size = quick ? 'quick' : 'full'
  const cluster = await startCluster()
  try {
    const { db, ...rest } = await cluster.create('access')
    await fillLists({ db, ...rest }, ORDERS[size], Date.now())
    const sealer = new Sealer(Buffer.alloc(32, 7))
    const doors = await openDoors(db, sealer)
    try {
      const timed = await timesOf(doors, REQUESTS[size])
      say(timed.map(({ name, times }) => `${name} ${median(times).toFixed(3)} ms`).join(', '))
      const alone = await aloneOf(doors)
      const masked = await maskedTimes({ db, sealer, doors }, MASKED_TIMES[size])
      return {
        figures: [...doorFigures(timed), ...alone, ...maskFigures(masked)],
        rounds: [...timed, masked],
        notes: NOTES(size),
      }
    } finally {
      await doors.close()
    }
  } finally {
    await cluster.close()
  }
}

interface Timed {
  readonly name: string
  readonly times: readonly number[]
}

/** The same page by each way in, in turn, so that whatever else the machine does befalls all alike. */
async function timesOf(doors: Doors, requests: number): Promise<readonly [Timed, Timed, Timed]> {
  const side = (name: string, app: Doors['open'], headers: Readonly<Record<string, string>>) => ({
    ...{ name, times: [] as number[], client: new Client({ url: urlOf(app), headers }, 1) },
  })
  const sides = [
    side('open door', doors.open, {}),
    side('session', doors.locked, { cookie: doors.cookie }),
    side('key', doors.locked, { authorization: doors.bearer }),
  ] as const
  // A page that goes on: without the count of all, which a first page has and which costs more than the page.
  const first = JSON.parse((await sides[0].client.get('/v1/orders?limit=1')).body)
  const path = `/v1/orders?limit=50&cursor=${first.next}`
  for (let n = -WARM; n < requests; n++) {
    // Each is first, second and third equally often.
    for (let turn = 0; turn < sides.length; turn++) {
      const { client, times } = sides[(n + WARM + turn) % sides.length]!
      const { status, body, ms } = await client.get(path)
      if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 300)}`)
      if (n >= 0) times.push(ms)
    }
  }
  for (const { client } of sides) client.close()
  const [open, session, key] = sides.map(({ name, times }) => ({ name, times }))
  return [open!, session!, key!]
}

const doorFigures = ([open, session, key]: readonly [Timed, Timed, Timed]): Figure[] => [
  { name: 'page of 50 orders, open door, p50', unit: 'ms', value: median(open.times) },
  ...[session, key].flatMap(({ name, times }): Figure[] => [
    { name: `  by ${name}, p50`, unit: 'ms', value: median(times) },
    { name: `  by ${name}, p95`, unit: 'ms', value: quantile(times, 0.95) },
    {
      name: `  by ${name} against open, p50`,
      unit: 'x',
      value: median(times) / median(open.times),
      aim: { most: AIM },
    },
    { name: `  by ${name} against open, mean`, unit: 'x', value: meanOf(times) / meanOf(open.times) },
  ]),
]

const meanOf = (times: readonly number[]): number => times.reduce((sum, ms) => sum + ms, 0) / times.length

const CALLS = 20_000

/** What finding out who asks takes by itself, in CPU: a figure that other work on the machine does not blur. */
async function aloneOf({ access, cookie, bearer }: Doors): Promise<Figure[]> {
  const token = bearer.replace('Bearer ', '')
  const ways = [
    ['session', () => access.principals.bySession(cookie)],
    ['key', () => access.principals.byKey(token, '127.0.0.1')],
  ] as const
  const figures: Figure[] = []
  for (const [name, ask] of ways) {
    for (let n = 0; n < CALLS / 10; n++) await ask()
    const before = process.cpuUsage()
    for (let n = 0; n < CALLS; n++) await ask()
    const { user, system } = process.cpuUsage(before)
    figures.push({ name: `who asks, by ${name}, alone`, unit: 'us of CPU', value: (user + system) / CALLS })
  }
  return figures
}

// ---- masking ----

interface Masked {
  /** ms of reading, unsealing, shaping and writing 1,000 rows as text, as the ledger route does. */
  readonly masked: readonly number[]
  /** The same rows as they are. */
  readonly plain: readonly number[]
  /** ms of shaping and writing alone. */
  readonly shapedMasked: readonly number[]
  readonly shapedPlain: readonly number[]
}

const plainItem = (fact: Fact): object => ({ ...ledgerItem({ ...fact, body: {} }), data: fact.body })

async function maskedTimes(on: { db: Database; sealer: Sealer; doors: Doors }, times: number): Promise<Masked> {
  const read = await longLedger(on)
  const found: Record<keyof Masked, number[]> = { masked: [], plain: [], shapedMasked: [], shapedPlain: [] }
  for (let n = 0; n < times; n++) {
    // In turn first, since the second finds the pages of the database warm.
    const ways = [
      ['masked', 'shapedMasked', ledgerItem],
      ['plain', 'shapedPlain', plainItem],
    ] as const
    for (const [whole, shaped, item] of n % 2 === 0 ? ways : ways.toReversed()) {
      const started = performance.now()
      const facts = await read()
      const at = performance.now()
      const text = JSON.stringify(facts.map(item))
      const ended = performance.now()
      if (facts.length !== ROWS || text.includes(PHONE) !== (item === plainItem))
        throw new Error('not what was asked for')
      found[whole].push(ended - started)
      found[shaped].push(ended - at)
    }
  }
  return found
}

const PHONE = '13812345678'
const HER = { id: 'C-17', name: '李小芳', phone: PHONE, email: 'li.fang@example.com' }
const HOME = { name: '李小芳', phone: PHONE, line1: '解放路 12 号', district: '黄浦区', city: '上海', country: 'CN' }

/** An order with so many facts, each of which says who and where. */
async function longLedger({ db, sealer, doors: { pipeline } }: { db: Database; sealer: Sealer; doors: Doors }) {
  const now = Date.now()
  const ref = { orderNo: 'LONG-1' }
  const says = { customer: HER, shipTo: HOME }
  const raw = (n: number) => ({
    ...{ specversion: '1.0', id: `bench-${n}`, source: '/channels/bench', time: isoOf(now - 60 * MINUTE + n) },
    type: n === 0 ? 'order.placed' : 'order.edited',
    data:
      n === 0 ? { ref, currency: 'CNY', lines: [{ sku: 'TEA-01', qty: 2, price: 4900 }], ...says } : { ref, ...says },
  })
  await pipeline.start()
  try {
    const events = Array.from({ length: ROWS }, (_, n) => {
      const parsed = parseEvent(raw(n), { now })
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
      return { ...parsed.event, arrivesAt: now }
    })
    await pipeline.ingest(events)
    await pipeline.drained()
  } finally {
    await pipeline.stop()
  }
  const asked = { stream: streamIdOf('order', 'order_no', 'bench/LONG-1'), bornMonth: monthOf(now) - 1, asOf: null }
  return () => readFacts(db, { sealer, upcast, reactorsOf }, { ...asked, after: 0, limit: ROWS })
}

const maskFigures = ({ masked, plain, shapedMasked, shapedPlain }: Masked): Figure[] => [
  { name: `${ROWS} ledger rows with name, phone and address, masked, p50`, unit: 'ms', value: median(masked) },
  { name: '  as they are, p50', unit: 'ms', value: median(plain) },
  { name: '  masked against as they are', unit: 'x', value: median(masked) / median(plain) },
  { name: '  without reading and unsealing, masked, p50', unit: 'ms', value: median(shapedMasked) },
  { name: '  without reading and unsealing, as they are, p50', unit: 'ms', value: median(shapedPlain) },
]

const NOTES = (size: 'quick' | 'full'): string[] => [
  `${ORDERS[size]} orders; ${REQUESTS[size]} requests by each way in, one after another and in turn, to one process`,
  'lists of orders hold their customer masked already, so a page of 1,000 orders costs the same either way',
]
