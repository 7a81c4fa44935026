import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, dayOf, HOUR, MINUTE, startOfDay } from './calendar.ts'
import { Story } from './story.ts'
import type { Incident, Message, Remedy } from './types.ts'

/** A working day, 8:00 in the warehouses, long after the shop opened. */
const DAY_BEGINS = startOfDay(dayOf(Date.UTC(2026, 10, 25))) + 8 * HOUR
const FROM = DAY_BEGINS - 3 * DAY

interface Played {
  readonly incidents?: readonly Incident[]
  readonly remedies?: readonly Remedy[]
  readonly until?: number
}

/** What is said from `DAY_BEGINS` on. */
function played({ incidents = [], remedies = [], until = DAY_BEGINS + DAY }: Played): Message[] {
  const story = new Story({ seed: 1, from: FROM, opensAt: FROM })
  story.set(incidents)
  for (const remedy of remedies) story.help(remedy)
  story.runTo(DAY_BEGINS)
  return story.runTo(until)
}

const lasting = (kind: Incident['kind'], target: Incident['target'], hours: number): Incident => ({
  ...{ kind, target, from: DAY_BEGINS, until: DAY_BEGINS + hours * HOUR },
})
const of = (said: readonly Message[], type: string, source?: string): Message[] =>
  said.filter(m => m.type === type && (source === undefined || m.source.endsWith(`/${source}`)))
const between = (said: readonly Message[], from: number, to: number): Message[] =>
  said.filter(m => m.time >= from && m.time < to)
const orderOf = (m: Message): string => m.id.slice(0, m.id.lastIndexOf('-'))

test('on strike a warehouse hands nothing over, and works it off afterwards; the other one works on', () => {
  const strike = lasting('warehouse_strike', 'jiaxing', 6)
  const said = played({ incidents: [strike] })
  const during = between(said, strike.from, strike.until)
  assert.equal(of(during, 'parcel.handed_over', 'jiaxing').length, 0)
  assert.equal(of(during, 'fulfilment.packed', 'jiaxing').length, 0)
  assert.ok(of(during, 'parcel.handed_over', 'wuhan').length > 20)
  const usual = of(played({}), 'parcel.handed_over', 'jiaxing').length
  assert.ok(of(said, 'parcel.handed_over', 'jiaxing').length > usual * 0.7, 'most of it leaves the same day')
})

test('a silent feed says nothing, then everything, each message with its own time', () => {
  const silence = lasting('feed_silence', 'xunda', 3)
  const story = new Story({ seed: 1, from: FROM, opensAt: FROM })
  story.set([silence])
  story.runTo(DAY_BEGINS)
  assert.equal(story.runTo(silence.until - 1).filter(m => m.source === '/carriers/xunda').length, 0)
  const backlog = story.runTo(silence.until + 2 * MINUTE).filter(m => m.source === '/carriers/xunda')
  assert.ok(backlog.length > 30)
  assert.ok(backlog.filter(m => m.time < silence.until - HOUR).length > 10, 'they say when it happened')
  const told = new Set(
    played({ until: silence.until - HOUR })
      .filter(m => m.source === '/carriers/xunda')
      .map(m => m.id),
  )
  const late = new Set(backlog.map(m => m.id))
  assert.deepEqual(
    [...told].filter(id => !late.has(id)),
    [],
    'nothing is lost',
  )
})

test('what is out of stock is reported short, and picked when it is back', () => {
  const gone = lasting('stock_out', 'AF-50', 8)
  const said = played({ incidents: [gone], until: DAY_BEGINS + 2 * DAY })
  const short = of(said, 'fulfilment.short')
  assert.ok(short.length > 10)
  for (const m of short) assert.match(JSON.stringify(m.data), /"sku":"AF-50"/)
  const picked = new Set(
    of(said, 'fulfilment.picking_started')
      .filter(m => m.time >= gone.until)
      .map(orderOf),
  )
  assert.ok(short.filter(m => picked.has(orderOf(m))).length > short.length * 0.9)
})

const amountOf = (m: Message): number => (m.data as { amount: number }).amount

test('old prices: what comes in is less than what was ordered, on that channel only', () => {
  const wrong = lasting('price_conflict', 'bazaar', 4)
  const [usual, said] = [played({}), played({ incidents: [wrong] })]
  const paid = (list: readonly Message[]) => new Map(of(list, 'payment.received').map(m => [orderOf(m), amountOf(m)]))
  const [right, less] = [paid(usual), paid(said)]
  const lower = [...less].filter(([no, amount]) => amount < (right.get(no) ?? 0)).map(([no]) => no)
  assert.ok(lower.length > 15)
  assert.deepEqual(
    lower.filter(no => !no.startsWith('B')),
    [],
  )
})

test('payments that fail are tried again when the channel is back', () => {
  const outage = lasting('payment_outage', 'wallets', 2)
  const said = played({ incidents: [outage] })
  const during = between(said, outage.from, outage.until)
  assert.equal(of(during, 'payment.received', 'wallets').length, 0)
  const failed = of(during, 'payment.failed', 'wallets').map(orderOf)
  assert.ok(failed.length > 15)
  const paid = new Set(of(said, 'payment.received', 'wallets').map(orderOf))
  assert.ok(failed.filter(no => paid.has(no)).length > failed.length * 0.9)
})

test('broken addresses end at a door that is not there', () => {
  const said = played({ incidents: [lasting('address_errors', 'plaza', 5)], until: DAY_BEGINS + 4 * DAY })
  const broken = of(said, 'order.placed', 'plaza').filter(m => /"postcode":"000000"/.test(JSON.stringify(m.data)))
  assert.ok(broken.length > 15)
  const failed = new Set(of(said, 'parcel.exception').map(orderOf))
  assert.ok(broken.filter(m => failed.has(orderOf(m))).length > broken.length * 0.6)
})

test('doubles have the same customer and lines, another number, and nobody pays them', () => {
  const said = played({ incidents: [lasting('duplicate_orders', 'web', 4)] })
  const doubles = of(said, 'order.placed', 'web').filter(m => orderOf(m).endsWith('X'))
  assert.ok(doubles.length > 8)
  const content = ({ data }: Message) => {
    const { customer, lines } = data as { customer: unknown; lines: { sku: string }[] }
    return { customer, skus: lines.map(l => l.sku) }
  }
  for (const double of doubles) {
    const single = said.find(m => m.type === 'order.placed' && `${orderOf(m)}X` === orderOf(double))
    assert.deepEqual(content(double), content(single!))
  }
  const paid = new Set(of(said, 'payment.received').map(orderOf))
  assert.deepEqual(
    doubles.filter(m => paid.has(orderOf(m))),
    [],
  )
})

test('items that are missing come later; a lost truck and a slow carrier keep parcels from their next scan', () => {
  const missing = played({ incidents: [lasting('missing_items', 'bazaar', 3)] })
  const empty = of(missing, 'order.placed', 'bazaar').filter(m => (m.data as { lines: [] }).lines.length === 0)
  assert.ok(empty.length > 8)
  const edited = new Set(of(missing, 'order.edited', 'bazaar').map(orderOf))
  const cancelled = new Set(of(missing, 'order.cancelled').map(orderOf))
  assert.ok(empty.every(m => edited.has(orderOf(m)) || cancelled.has(orderOf(m))))
  const scans = (incidents: Incident[], carrier: string): number =>
    of(played({ incidents, until: DAY_BEGINS + 20 * HOUR }), 'parcel.arrived_at_hub', carrier).length
  assert.ok(scans([lasting('carrier_delay', 'yunlu', 20)], 'yunlu') < scans([], 'yunlu') * 0.4)
  assert.ok(scans([lasting('lost_truck', 'xunda', 1)], 'xunda') < scans([], 'xunda') * 0.9)
})

test('who works on a case gets an answer: the rest of the money, the goods from the other warehouse', () => {
  const incidents = [lasting('warehouse_strike', 'jiaxing', 20), lasting('price_conflict', 'plaza', 4)]
  const before = played({ incidents })
  const whole = new Map(of(played({}), 'payment.received').map(m => [orderOf(m), amountOf(m)]))
  const short = of(before, 'payment.received').find(m => amountOf(m) < (whole.get(orderOf(m)) ?? 0))!
  const stuck = of(before, 'order.allocated').find(
    m => /jiaxing/.test(JSON.stringify(m.data)) && m.time > DAY_BEGINS + HOUR,
  )!
  const remedy = (m: Message, type: string): Remedy => ({
    ...{ at: DAY_BEGINS + 6 * HOUR, orderNo: orderOf(m), type },
    channel: (m.data as { ref: { channel: string } }).ref.channel,
  })
  const remedies = [remedy(short, 'amount_mismatch'), remedy(stuck, 'handover_late')]
  const after = played({ incidents, remedies: [...remedies, ...remedies] })
  const payments = of(after, 'payment.received').filter(m => orderOf(m) === orderOf(short))
  assert.equal(payments.length, 2, 'once, however often somebody asks')
  assert.equal(
    payments.reduce((sum, m) => sum + amountOf(m), 0),
    whole.get(orderOf(short)),
  )
  const gone = of(after, 'parcel.handed_over', 'wuhan').find(m => orderOf(m) === orderOf(stuck))
  assert.ok(gone && gone.time < DAY_BEGINS + 10 * HOUR)
  assert.equal(
    of(before, 'parcel.handed_over').some(m => orderOf(m) === orderOf(stuck)),
    false,
  )
})
