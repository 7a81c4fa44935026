import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import chineseDays from 'chinese-days'
import { parse as parseCsv } from 'csv-parse/sync'
import { parseEvent } from '../../src/contract/events/index.ts'
import type { FactValues } from '../../src/contract/facts.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { openOlist } from '../../src/modules/channels/index.ts'
import { orderFactSchema, orderFacts, ordersReactor } from '../../src/modules/orders/index.ts'
import type { Expr } from '../../src/modules/rules/dialect/ast.ts'
import { parse } from '../../src/modules/rules/dialect/parse.ts'
import { compileBook, loadCalendars, loadPacks } from '../../src/modules/rules/index.ts'
import { type Env, meaningOf } from '../support/rule-oracle.ts'

/**
 * All shipped rules on real orders, against the plain meaning of their text: at every event, at every second near every
 * flip that the compiler tells, and between them, where it tells none. Calendars are counted by other code as well.
 * ANDON_FULL=1 takes 2,000 orders of each data set instead of a few.
 */
const DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url))
const skip = existsSync(DATA) ? false : 'no ../shared/data beside the repository: real orders are not tested'
const PACKS = fileURLToPath(new URL('../../packs', import.meta.url))
const SAMPLE = process.env.ANDON_FULL === '1' ? 2000 : 40
/** How long an order is watched after its last event. */
const AFTER = 60 * DAY
const BETWEEN = 12

const rules = (await loadPacks(PACKS)).flatMap(pack => pack.rules).map(rule => ({ ...rule, stage: 'live' as const }))
const calendars = await loadCalendars(join(PACKS, 'calendars'))
const book = compileBook(rules, orderFactSchema, { calendars })
const texts = rules.map(({ when }): Expr => {
  const parsed = parse(when)
  assert.ok(parsed.ok, when)
  return parsed.expr
})

// ---- office hours, counted day by day from the calendar of the People's Republic, eight hours ahead of UTC ----

const at = (...spans: [number, number][]) => spans.map(([from, to]) => [from * HOUR, to * HOUR] as const)
const HOURS = {
  cn: { work: [[9 * HOUR, 12 * HOUR] as const, [13.5 * HOUR, 18 * HOUR] as const], saturday: at() },
  cn_warehouse: { work: at([8, 12], [13, 17], [18, 22]), saturday: at([8, 12], [13, 17]) },
}
const spansOfDay = new Map<string, readonly (readonly [number, number])[]>()

function spansOf(calendar: string, day: number): readonly (readonly [number, number])[] {
  const key = `${calendar} ${day}`
  const known = spansOfDay.get(key)
  if (known) return known
  assert.ok(calendar === 'cn' || calendar === 'cn_warehouse', calendar)
  const { work, name } = chineseDays.getDayDetail(new Date(day * DAY).toISOString().slice(0, 10))
  const spans = work ? HOURS[calendar].work : name === 'Saturday' ? HOURS[calendar].saturday : []
  spansOfDay.set(key, spans)
  return spans
}

const elapsed: NonNullable<Env['elapsed']> = (calendar, from, to) => {
  if (to < from) return -elapsed(calendar, to, from)
  const [start, end] = [from + 8 * HOUR, to + 8 * HOUR]
  let sum = 0
  for (let day = Math.floor(start / DAY); day * DAY < end; day++)
    for (const [open, close] of spansOf(calendar, day))
      sum += Math.max(0, Math.min(end, day * DAY + close) - Math.max(start, day * DAY + open))
  return sum
}

// ---- the comparison ----

interface Told {
  readonly at: number
  readonly type: string
  readonly time: string
  readonly data: object
  readonly source: string
}

interface Compared {
  flips: number
  questions: number
}

/** A stretch in which nothing is learned: what the book tells of it, and what the texts mean at many instants of it. */
function compareStretch(facts: FactValues, from: number, to: number, compared: Compared): void {
  const told: { at: number; holds: Uint8Array }[] = []
  for (let now = from; now < to; ) {
    const { holds, until } = book.next(facts, now)
    told.push({ at: now, holds })
    now = until
  }
  const instants = new Set([from, to - 1])
  for (let i = 1; i < BETWEEN; i++) instants.add(from + Math.floor(((to - from) * i) / BETWEEN))
  for (const { at: flip } of told.slice(1)) {
    compared.flips++
    for (let s = -3; s <= 3; s++) instants.add(flip + s * 1000)
    instants.add(flip - 1)
  }
  for (const now of instants) {
    if (now < from || now >= to) continue
    const { holds } = told.findLast(t => t.at <= now)!
    texts.forEach((text, i) => {
      compared.questions++
      const meant = meaningOf(text, { facts, now, vars: {}, constants: rules[i]!.constants, elapsed }) === true
      if (meant !== (holds[i] === 1))
        assert.fail(`${rules[i]!.id} at ${new Date(now).toISOString()}: ${meant} meant; ${JSON.stringify(facts)}`)
    })
  }
}

function compareOrder(events: readonly Told[], compared: Compared): void {
  let state = ordersReactor.initial
  const known = [
    ...Map.groupBy(
      events.toSorted((a, b) => a.at - b.at),
      e => e.at,
    ),
  ]
  known.forEach(([now, together], i) => {
    for (const [n, { type, time, data, source }] of together.entries()) {
      const parsed = parseEvent({ specversion: '1.0', id: `${i}.${n}`, source, type, time, data }, { now })
      assert.ok(parsed.ok, JSON.stringify(parsed))
      const { event } = parsed
      const stamps = { seq: i, recordedAt: now, knownAt: now, actor: 'feed', cause: null }
      state = ordersReactor.evolve(state, { ...event, ...stamps })
    }
    compareStretch(orderFacts(state), now, known[i + 1]?.[0] ?? now + AFTER, compared)
  })
}

/** The same every time: a sample that can be asked again. */
function sampled<T>(all: readonly T[]): T[] {
  let seed = 20_261_122
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  return all
    .map(one => [random(), one] as const)
    .sort(([a], [b]) => a - b)
    .slice(0, SAMPLE)
    .map(([, one]) => one)
}

function compareAll(orders: readonly (readonly Told[])[]): Compared {
  const compared = { flips: 0, questions: 0 }
  for (const events of orders) compareOrder(events, compared)
  return compared
}

test('olist: all shipped rules mean what is told of them, to the millisecond', { skip }, async t => {
  const orders: Told[][] = []
  for (const { events } of (await openOlist(join(DATA, 'olist'))).orders()) {
    const placedAt = events.find(e => e.event.type === 'order.placed')?.occurredAt
    if (placedAt === undefined) continue
    orders.push(events.map(e => ({ ...e.event, at: Math.max(e.occurredAt, placedAt) })))
  }
  const compared = compareAll(sampled(orders))
  t.diagnostic(`${SAMPLE} orders, ${compared.flips} flips, ${compared.questions} questions: 0 differences`)
  assert.ok(compared.flips > 10)
})

/** What the simulated order management log calls things, as far as one order is concerned. */
const ACTIVITIES: { readonly [activity: string]: string } = {
  'place order': 'order.placed',
  'confirm order': 'order.approved',
  'item out of stock': 'fulfilment.short',
  'pick item': 'fulfilment.picking_started',
  'create package': 'fulfilment.packed',
  'send package': 'parcel.handed_over',
  'failed delivery': 'parcel.delivery_attempted',
  'package delivered': 'parcel.delivered',
}

test('order management log: the same', { skip }, t => {
  const read = (name: string): Record<string, string>[] => {
    const file = gunzipSync(readFileSync(join(DATA, 'event_logs', `${name}.csv.gz`)))
    return parseCsv(file, { columns: true })
  }
  const activity = new Map(read('order_management_events').map(e => [e.ocel_id!, e]))
  const byObject = Map.groupBy(read('order_management_event_object'), r => r.ocel_object_id!)
  const related = new Map<string, string[]>()
  for (const { ocel_source_id: a = '', ocel_target_id: b = '' } of read('order_management_object_object'))
    related.set(a, [...(related.get(a) ?? []), b])
  const isOrder = (id: string): boolean => (byObject.get(id) ?? []).some(r => r.ocel_qualifier === 'order')
  const orders = [...byObject.keys()].filter(isOrder).map(order => {
    const ids = new Set(
      [order, ...(related.get(order) ?? [])].flatMap(o => (byObject.get(o) ?? []).map(r => r.ocel_event_id!)),
    )
    return [...ids].flatMap((id): Told[] => {
      const { ocel_type: what = '', ocel_time: when = '' } = activity.get(id) ?? {}
      const type = ACTIVITIES[what]
      if (type === undefined) return []
      const ref = { ref: { orderNo: order } }
      const data =
        type === 'order.placed' ? { ...ref, currency: 'EUR', lines: [{ sku: 'A', qty: 1, price: 12_345 }] } : ref
      const time = `${when.replace(' ', 'T')}Z`
      return [{ type, data, time, at: Date.parse(time), source: '/channels/log' }]
    })
  })
  const compared = compareAll(sampled(orders.filter(events => events.some(e => e.type === 'order.placed'))))
  t.diagnostic(`${SAMPLE} orders, ${compared.flips} flips, ${compared.questions} questions: 0 differences`)
  assert.ok(compared.flips > SAMPLE)
})
