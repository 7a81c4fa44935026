import { join } from 'node:path'
import type { FactValues } from '../src/contract/facts.ts'
import { DAY, HOUR, MINUTE } from '../src/kernel/instant.ts'
import { orderFactSchema } from '../src/modules/orders/index.ts'
import { compileBook, loadPacks, type RuleBook } from '../src/modules/rules/index.ts'
import type { Bench, BenchOptions, BenchResult } from './kit/bench.ts'
import { median, seeded } from './kit/stats.ts'
import { shown } from './kit/table.ts'

const PACKS = join(import.meta.dirname, '../packs')
const CASES = 4_000
const PASSES = { quick: 60, full: 250 }

export const rules: Bench = {
  name: 'rules',
  about: 'the shipped rules as text, compiled, against the same ten conditions written by hand in JavaScript',
  run,
}

interface Case {
  readonly facts: FactValues
  readonly now: number
}

async function run(options: BenchOptions): Promise<BenchResult> {
  // Those that somebody has written out by hand below.
  const defs = (await loadPacks(PACKS)).flatMap(pack => (pack.id === 'core' ? pack.rules : []))
  const book = compileBook(defs, orderFactSchema)
  const cases = madeUpOrders()
  checkAgreement(book, cases)
  const passes = options.quick ? PASSES.quick : PASSES.full
  const out = new Float64Array(book.rules.length)
  const sides = {
    hand: () => cases.reduce((sum, c) => sum + byHand(orderIn(c.facts), c.now), 0),
    evaluate: () => cases.reduce((sum, c) => sum + book.evaluate(c.facts, c.now, out), 0),
    next: () => cases.reduce((sum, c) => sum + book.next(c.facts, c.now).holds.length, 0),
  }
  const rates = { hand: [] as number[], evaluate: [] as number[], next: [] as number[] }
  for (const side of Object.values(sides)) timeOf(side, passes)
  for (let round = 0; round < Math.max(options.rounds, 5); round++)
    for (const name of ['hand', 'evaluate', 'next'] as const)
      rates[name].push((passes * cases.length * book.rules.length) / timeOf(sides[name], passes))
  const ratios = (name: 'evaluate' | 'next') => rates[name].map((rate, i) => rate / rates.hand[i]!)
  return {
    figures: [
      { name: 'ratio to JavaScript by hand', unit: '', value: median(ratios('evaluate')) },
      { name: 'ratio with the exact next flip', unit: '', value: median(ratios('next')) },
      { name: 'compiled: does it hold, until when', unit: 'rules/s', value: median(rates.evaluate) * 1000 },
      { name: 'compiled: exact next flip of all', unit: 'rules/s', value: median(rates.next) * 1000 },
      { name: 'by hand: does it hold', unit: 'rules/s', value: median(rates.hand) * 1000 },
      { name: 'rules with generated code', unit: `of ${book.rules.length}`, value: book.fast },
    ],
    notes: [
      'by hand only says whether a rule holds now; the compiled book also says until when, which is what saves the polling',
      `${CASES} made-up orders; both sides agree on every rule of each`,
      `ratios of the rounds: ${ratios('evaluate').map(shown).join(', ')}`,
    ],
  }
}

/** ms of `passes` passes over all cases; the sum is looked at, so that no engine may leave the work out. */
function timeOf(pass: () => number, passes: number): number {
  const started = performance.now()
  let sum = 0
  for (let i = 0; i < passes; i++) sum += pass()
  if (Number.isNaN(sum)) throw new Error('a rule has no horizon')
  return performance.now() - started
}

interface Order {
  readonly cancelled: boolean
  readonly deliveredReported: boolean
  readonly lineCount: number
  readonly orderTotal: number
  readonly paidTotal: number
  readonly paymentMethod?: string
  readonly placedAt?: number
  readonly paidAt?: number
  readonly approvedAt?: number
  readonly shipBy?: number
  readonly handedOverAt?: number
  readonly deliveredAt?: number
  readonly returnedAt?: number
  readonly promiseEndsAt?: number
  readonly sequenceFault?: string
}

// What the schema says of the facts, as a programmer would write it down.
const orderIn = (facts: FactValues): Order => facts.order as Order

const RULE_IDS = [
  'approval_late_card',
  'approval_late_slip',
  'handover_late',
  'transit_at_risk',
  'delivered_late',
  'delivered_without_date',
  'never_delivered',
  'amount_mismatch',
  'no_items',
  'impossible_sequence',
]

/** All ten conditions in one function, as somebody would write who wants them fast: bit i is rule i of RULE_IDS. */
function byHand(o: Order, now: number): number {
  const { cancelled, paidAt, approvedAt, handedOverAt, deliveredAt, deliveredReported, promiseEndsAt } = o
  let held = 0
  if (!cancelled) {
    if (paidAt !== undefined && approvedAt === undefined) {
      const method = o.paymentMethod
      if (method === 'card' && now - paidAt > DAY) held |= 1
      if ((method === 'slip' || method === 'transfer') && now - paidAt > 4 * DAY) held |= 2
    }
    if (deliveredAt === undefined && !deliveredReported) {
      if (approvedAt !== undefined && handedOverAt === undefined && o.shipBy !== undefined && now > o.shipBy) held |= 4
      if (promiseEndsAt !== undefined && o.returnedAt === undefined) {
        if (handedOverAt !== undefined && now > promiseEndsAt - 2 * DAY) held |= 8
        if (now - promiseEndsAt > 30 * DAY) held |= 64
      }
    }
    if (o.lineCount === 0 && o.placedAt !== undefined && now - o.placedAt > HOUR) held |= 256
  }
  if (deliveredAt !== undefined && promiseEndsAt !== undefined && deliveredAt >= promiseEndsAt) held |= 16
  if (deliveredReported && deliveredAt === undefined) held |= 32
  if (paidAt !== undefined && Math.abs(o.orderTotal - o.paidTotal) > 1 && now - paidAt > HOUR) held |= 128
  if (o.sequenceFault !== undefined) held |= 512
  return held
}

function checkAgreement(book: RuleBook, cases: readonly Case[]): void {
  const out = new Float64Array(book.rules.length)
  const bits = book.rules.map(rule => RULE_IDS.indexOf(rule.id))
  if (bits.length !== RULE_IDS.length || bits.includes(-1))
    throw new Error('the shipped rules changed: bring byHand() in bench/rules.ts up to date')
  for (const { facts, now } of cases) {
    book.evaluate(facts, now, out)
    const held = byHand(orderIn(facts), now)
    bits.forEach((bit, i) => {
      if (out[i]! > 0 !== (((held >> bit) & 1) === 1))
        throw new Error(`${book.rules[i]!.id} differs from byHand() for ${JSON.stringify({ facts, now })}`)
    })
  }
}

const START = Date.UTC(2026, 0, 5)

/** Orders at any point of their way, most of them as they should be. */
function madeUpOrders(): Case[] {
  const random = seeded(20_261_121)
  const times = [
    'paidAt',
    'approvedAt',
    'allocatedAt',
    'pickedAt',
    'packedAt',
    'handedOverAt',
    'inTransitAt',
    'deliveredAt',
  ]
  return Array.from({ length: CASES }, (_, i) => {
    const placedAt = START + i * MINUTE
    const reached = Math.floor(random() * (times.length + 1))
    const nodes: Record<string, number> = {}
    let at = placedAt
    for (const name of times.slice(0, reached)) {
      at += Math.floor(random() * random() * 40 * HOUR)
      nodes[name] = at
    }
    const total = 1000 + Math.floor(random() * 100_000)
    const order = {
      channel: 'bench',
      orderNo: `B${i}`,
      status: 'placed',
      placedAt,
      ...nodes,
      ...(nodes.paidAt !== undefined && { paymentMethod: random() < 0.7 ? 'card' : 'slip' }),
      deliveredReported: random() < 0.02,
      cancelled: random() < 0.03,
      lineCount: random() < 0.02 ? 0 : 2,
      itemsTotal: total,
      freightTotal: 0,
      orderTotal: total,
      paidTotal: nodes.paidAt === undefined || random() < 0.02 ? 0 : total,
      refundedTotal: 0,
      currency: 'CNY',
      promiseEndsAt: placedAt + Math.ceil(3 + random() * 9) * DAY,
      ...(random() < 0.8 && { shipBy: placedAt + 2 * DAY }),
      ...(random() < 0.01 && { sequenceFault: 'delivered_before_handed_over' }),
      lastEventAt: at,
    }
    return { facts: { order, lines: [], parcels: [] }, now: at + Math.floor(random() * random() * 20 * DAY) }
  })
}
