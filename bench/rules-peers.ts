import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { evaluateExpressionSync } from '@gorules/zen-engine'
import { Environment } from '@marcbachmann/cel-js'
import { Engine } from 'json-rules-engine'
import { DAY, HOUR, MINUTE } from '../src/kernel/instant.ts'
import { orderFactSchema } from '../src/modules/orders/index.ts'
import { compileBook, type RuleBook, type RuleDef } from '../src/modules/rules/index.ts'
import type { Story } from '../src/pipeline/backtest/story.ts'
import { Tally } from '../src/pipeline/backtest/tally.ts'
import type { Bench, BenchOptions, BenchResult, Figure } from './kit/bench.ts'
import { median, seeded } from './kit/stats.ts'

export const rulesPeers: Bench = {
  name: 'rules-peers',
  about:
    '10, 100 and 500 rules on one order, against JavaScript by hand and other engines; a day of orders; back-tests',
  run,
}

/** Each side is warm when a window is no quicker than the one before by this much, or after so many. */
const WINDOW = 150
const WARM = 1.05
const MOST_WINDOWS = 40
const SIZES = [10, 100, 500] as const
const START = Date.UTC(2026, 0, 5)

interface Order {
  readonly cancelled: boolean
  readonly orderTotal: number
  readonly paidTotal: number
  readonly placedAt: number
  readonly paymentMethod?: string
  readonly paidAt?: number
  readonly approvedAt?: number
  readonly shipBy?: number
  readonly handedOverAt?: number
  readonly deliveredAt?: number
  readonly promiseEndsAt?: number
}
interface Case {
  readonly order: Order
  readonly now: number
}
type Test = (o: Order, now: number) => boolean
type Count = (o: Order, now: number) => number

/** One condition in the words of each engine; `n` makes it another rule. */
interface Written {
  readonly ours: string
  readonly cel: string
  readonly zen: string
  readonly hand: Test
  /** The same, as a programmer would write it into one long function. */
  readonly js: string
  readonly json: readonly object[]
}

const above = (fact: string, value: number) => ({ fact, operator: 'greaterThan', value })
const is = (fact: string, value: unknown) => ({ fact, operator: 'equal', value })

const FAMILIES: readonly ((n: number) => Written)[] = [
  n => {
    const ms = (24 + n) * HOUR
    return {
      ours: `!order.cancelled && has(order.paidAt) && !has(order.approvedAt) && has(order.paymentMethod) && order.paymentMethod == 'card' && now - order.paidAt > duration('${ms}ms')`,
      cel: `!order.cancelled && has(order.paidAt) && !has(order.approvedAt) && has(order.paymentMethod) && order.paymentMethod == 'card' && now - order.paidAt > ${ms}.0`,
      zen: `not order.cancelled and order.paidAt != null and order.approvedAt == null and order.paymentMethod == 'card' and now - order.paidAt > ${ms}`,
      hand: (o, now) =>
        !o.cancelled &&
        o.paidAt !== undefined &&
        o.approvedAt === undefined &&
        o.paymentMethod === 'card' &&
        now - o.paidAt > ms,
      js: `!o.cancelled && o.paidAt !== undefined && o.approvedAt === undefined && o.paymentMethod === 'card' && now - o.paidAt > ${ms}`,
      json: [is('cancelled', false), is('approved', false), is('paymentMethod', 'card'), above('sincePaid', ms)],
    }
  },
  n => {
    const ms = n * HOUR
    return {
      ours: `!order.cancelled && !has(order.handedOverAt) && has(order.shipBy) && now > order.shipBy + duration('${ms}ms')`,
      cel: `!order.cancelled && !has(order.handedOverAt) && has(order.shipBy) && now > order.shipBy + ${ms}.0`,
      zen: `not order.cancelled and order.handedOverAt == null and order.shipBy != null and now > order.shipBy + ${ms}`,
      hand: (o, now) => !o.cancelled && o.handedOverAt === undefined && o.shipBy !== undefined && now > o.shipBy + ms,
      js: `!o.cancelled && o.handedOverAt === undefined && o.shipBy !== undefined && now > o.shipBy + ${ms}`,
      json: [is('cancelled', false), is('handedOver', false), above('sinceShipBy', ms)],
    }
  },
  n => {
    const ms = n * HOUR
    return {
      ours: `has(order.deliveredAt) && has(order.promiseEndsAt) && order.deliveredAt >= order.promiseEndsAt + duration('${ms}ms')`,
      cel: `has(order.deliveredAt) && has(order.promiseEndsAt) && order.deliveredAt >= order.promiseEndsAt + ${ms}.0`,
      zen: `order.deliveredAt != null and order.promiseEndsAt != null and order.deliveredAt >= order.promiseEndsAt + ${ms}`,
      hand: o => o.deliveredAt !== undefined && o.promiseEndsAt !== undefined && o.deliveredAt >= o.promiseEndsAt + ms,
      js: `o.deliveredAt !== undefined && o.promiseEndsAt !== undefined && o.deliveredAt >= o.promiseEndsAt + ${ms}`,
      json: [{ fact: 'lateBy', operator: 'greaterThanInclusive', value: ms }],
    }
  },
  n => ({
    ours: `has(order.paidAt) && order.orderTotal - order.paidTotal > minor(${n}) && now - order.paidAt > hours(1)`,
    cel: `has(order.paidAt) && order.orderTotal - order.paidTotal > ${n}.0 && now - order.paidAt > ${HOUR}.0`,
    zen: `order.paidAt != null and order.orderTotal - order.paidTotal > ${n} and now - order.paidAt > ${HOUR}`,
    hand: (o, now) => o.paidAt !== undefined && o.orderTotal - o.paidTotal > n && now - o.paidAt > HOUR,
    js: `o.paidAt !== undefined && o.orderTotal - o.paidTotal > ${n} && now - o.paidAt > ${HOUR}`,
    json: [above('owed', n), above('sincePaid', HOUR)],
  }),
  n => ({
    ours: `!order.cancelled && order.orderTotal > minor(${n * 200})`,
    cel: `!order.cancelled && order.orderTotal > ${n * 200}.0`,
    zen: `not order.cancelled and order.orderTotal > ${n * 200}`,
    hand: o => !o.cancelled && o.orderTotal > n * 200,
    js: `!o.cancelled && o.orderTotal > ${n * 200}`,
    json: [is('cancelled', false), above('orderTotal', n * 200)],
  }),
]

const writtenOf = (size: number): Written[] =>
  Array.from({ length: size }, (_, i) => FAMILIES[i % FAMILIES.length]!(1 + Math.floor(i / FAMILIES.length)))

const NAME = { zh: '规则', en: 'Rule' }
const defOf = (when: string, i: number): RuleDef => ({
  ...{ id: `r${i}`, version: 1, stage: 'live', name: NAME, reason: NAME, when, type: `r${i}`, severity: 'P2' },
  ...{ clears: 'auto', scope: 'order', constants: {}, examples: [] },
})
const bookOf = (size: number): RuleBook =>
  compileBook(
    writtenOf(size).map(({ ours }, i) => defOf(ours, i)),
    orderFactSchema,
  )

/** How many orders a second one of the engines decides by all its rules; the number of rules that hold is given back. */
type Side = (c: Case) => number | Promise<number>

/** All conditions in one function, a line each. */
function inOneFunction(written: readonly Written[]): Count {
  const lines = written.map(w => `if (${w.js}) n++`)
  return counting(new Function('o', 'now', `let n = 0\n${lines.join('\n')}\nreturn n`))
}

/** Safe: it is the function that was just written. */
const counting = (f: unknown): Count => f as Count

function sidesOf(size: number): { readonly [name: string]: Side } {
  const written = writtenOf(size)
  const book = bookOf(size)
  const out = new Float64Array(size)
  const tests = written.map(w => w.hand)
  const fused = inOneFunction(written)
  const env = new Environment().registerVariable('order', 'map').registerVariable('now', 'double')
  const cel = written.map(w => env.parse(w.cel))
  const engine = new Engine([], { allowUndefinedFacts: true })
  for (const [i, { json }] of written.entries())
    engine.addRule({ conditions: { all: [...json] as never }, event: { type: `r${i}` } })
  return {
    hand: ({ order, now }) => {
      let n = 0
      for (let i = 0; i < tests.length; i++) if (tests[i]!(order, now)) n++
      return n
    },
    'hand, one function': ({ order, now }) => fused(order, now),
    ours: ({ order, now }) => {
      book.evaluate({ order }, now, out)
      let n = 0
      for (let i = 0; i < size; i++) if (out[i]! > 0) n++
      return n
    },
    'cel-js': c => cel.reduce((n, holds) => n + Number(holds({ order: c.order, now: c.now }) === true), 0),
    zen: c => written.reduce((n, { zen }) => n + Number(evaluateExpressionSync(zen, c) === true), 0),
    'json-rules-engine': async c => (await engine.run(flatOf(c))).events.length,
  }
}

/** It has no arithmetic on facts: what takes some is worked out for it. */
const flatOf = ({ order: o, now }: Case): Record<string, unknown> => ({
  ...{ cancelled: o.cancelled, orderTotal: o.orderTotal, paymentMethod: o.paymentMethod ?? '' },
  ...{ approved: o.approvedAt !== undefined, handedOver: o.handedOverAt !== undefined },
  sincePaid: o.paidAt === undefined ? -1 : now - o.paidAt,
  sinceShipBy: o.shipBy === undefined ? -1 : now - o.shipBy,
  owed: o.paidAt === undefined ? -1 : o.orderTotal - o.paidTotal,
  lateBy: o.deliveredAt === undefined || o.promiseEndsAt === undefined ? -1 : o.deliveredAt - o.promiseEndsAt,
})

async function run(options: BenchOptions): Promise<BenchResult> {
  const cases = madeUp(4000)
  const figures: Figure[] = []
  for (const size of SIZES) figures.push(...(await compared(size, cases, options)))
  figures.push(...compiling(), aDay(options), inMemory(options))
  const notes = [
    'other engines say whether rules hold; ours says until when as well',
    'each engine is asked for so long, on the same orders, and all agree on how many rules hold',
    'rates are by the CPU time of the process, each side warm: its rate had stopped to grow',
    'closures: a rule is a function; one function: all rules as lines of one, their limits written into it',
    'json-rules-engine is given ages and differences that were worked out for it',
  ]
  return { figures, notes }
}

async function compared(size: number, cases: readonly Case[], { rounds, quick }: BenchOptions): Promise<Figure[]> {
  const sides = sidesOf(size)
  for (const c of cases.slice(0, 50)) {
    const expected = await sides.hand!(c)
    for (const [name, side] of Object.entries(sides))
      if ((await side(c)) !== expected) throw new Error(`${name} disagrees on ${JSON.stringify(c)}`)
  }
  const rates = new Map<string, number[]>()
  const ms = quick ? 60 : 250
  for (let round = 0; round < Math.max(3, rounds); round++)
    for (const [name, side] of Object.entries(sides)) {
      const rate = await rateOf(side, cases, ms)
      rates.set(name, [...(rates.get(name) ?? []), rate])
    }
  const against = (name: string): number => median(rates.get('ours')!.map((rate, i) => rate / rates.get(name)![i]!))
  const aim = size === 100 ? { aim: { least: 0.8 } } : {}
  return [
    { name: `${size} rules: ratio to closures by hand`, unit: '', value: against('hand'), ...aim },
    { name: `${size} rules: ratio to one function by hand`, unit: '', value: against('hand, one function'), ...aim },
    ...[...rates].map(([name, all]) => ({ name: `${size} rules: ${name}`, unit: 'orders/s', value: median(all) })),
  ]
}

/** Orders a second of CPU, for about so many ms, after a warm-up in which the engine of JavaScript has compiled what is hot. */
async function rateOf(side: Side, cases: readonly Case[], ms: number): Promise<number> {
  let before = await timed(side, cases, WINDOW)
  for (let n = 0, calm = 0; n < MOST_WINDOWS && calm < 2; n++) {
    const rate = await timed(side, cases, WINDOW)
    calm = rate > before * WARM ? 0 : calm + 1
    before = rate
  }
  return timed(side, cases, ms)
}

/** By the CPU of this process: other work on the machine does not count. */
const spent = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

async function timed(side: Side, cases: readonly Case[], ms: number): Promise<number> {
  const started = process.cpuUsage()
  let done = 0
  let held = 0
  for (let i = 0; spent(started) < ms; i++)
    for (let k = 0; k < 20; k++, done++) {
      const n = side(cases[(i * 20 + k) % cases.length]!)
      held += typeof n === 'number' ? n : await n
    }
  if (Number.isNaN(held)) throw new Error('an engine gave no number')
  return (done * 1000) / spent(started)
}

function compiling(): Figure[] {
  bookOf(500)
  const times = Array.from({ length: 5 }, () => {
    const started = process.cpuUsage()
    bookOf(500)
    return spent(started)
  })
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const used = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = used()
  const kept = [bookOf(500), bookOf(500)]
  const bytes = (used() - before) / (500 * kept.length)
  return [
    { name: 'compiling 500 rules', unit: 'ms', value: median(times) },
    { name: 'memory of a compiled rule', unit: 'KiB', value: bytes / 1024 },
  ]
}

/** 100,000 orders with two events each and all flips of ten rules that fall due within a day. */
function aDay({ quick }: BenchOptions): Figure {
  const orders = quick ? 20_000 : 100_000
  const book = bookOf(10)
  const cases = madeUp(orders)
  const started = process.cpuUsage()
  let flips = 0
  for (const { order, now } of cases)
    for (const from of [now, now + 8 * HOUR]) {
      const end = from === now ? now + 8 * HOUR : now + DAY
      for (let at = from; at < end; flips++) at = book.next({ order }, at).until
    }
  if (flips === 0) throw new Error('nothing was evaluated')
  const seconds = (spent(started) / 1000) * (100_000 / orders)
  return { name: 'a day of 100,000 orders by 10 rules', unit: 's', value: seconds, aim: { most: 1 } }
}

/** Packed stories of five frames each, already read. */
function inMemory({ quick }: BenchOptions): Figure {
  const stories = madeUp(quick ? 20_000 : 100_000).map(({ order }, i) => storyOf(order, i))
  const book = bookOf(1)
  const period = { from: START, until: START + 4000 * DAY, now: START + 4000 * DAY }
  const rates = Array.from({ length: 3 }, () => {
    const tally = new Tally(book, { period, outcome: 'late' })
    const started = process.cpuUsage()
    for (const [i, story] of stories.entries()) tally.add(`o-${i}`, story)
    return (stories.length * 1000) / spent(started)
  })
  return { name: 'back-test of one rule, in memory', unit: 'orders/s', value: median(rates), aim: { least: 100_000 } }
}

function storyOf({ paidAt, approvedAt, handedOverAt, deliveredAt, ...order }: Order, i: number): Story {
  const nodes = Object.entries({ paidAt, approvedAt, handedOverAt, deliveredAt })
  const later = nodes.flatMap(([field, at]) => (at === undefined ? [] : [[at, { [field]: at }] as const]))
  return { f: [[order.placedAt, { ...order, orderNo: `B${i}` }, { lines: [], parcels: [] }], ...later] }
}

/** Orders at any point of their way. */
function madeUp(count: number): Case[] {
  const random = seeded(20_261_122)
  return Array.from({ length: count }, (_, i) => {
    const placedAt = START + i * MINUTE
    const nodes: Record<string, number> = {}
    let at = placedAt
    for (const name of ['paidAt', 'approvedAt', 'handedOverAt', 'deliveredAt'].slice(0, Math.floor(random() * 5))) {
      at += Math.floor(random() * random() * 60 * HOUR)
      nodes[name] = at
    }
    const orderTotal = 1000 + Math.floor(random() * 100_000)
    const order: Order = {
      ...{ cancelled: random() < 0.03, orderTotal, placedAt, ...nodes },
      paidTotal: nodes.paidAt === undefined || random() < 0.02 ? 0 : orderTotal,
      ...(nodes.paidAt !== undefined && { paymentMethod: random() < 0.7 ? 'card' : 'slip' }),
      promiseEndsAt: placedAt + Math.ceil(3 + random() * 9) * DAY,
      ...(random() < 0.8 && { shipBy: placedAt + 2 * DAY }),
    }
    return { order, now: at + Math.floor(random() * random() * 20 * DAY) }
  })
}
