import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseEvent } from '../../../src/contract/events/index.ts'
import { PRACTICE_INCIDENTS, PRACTICE_PLACES } from '../../../src/contract/practice.ts'
import { DAY, dayOf, HOUR, hourOf, MINUTE, startOfDay } from './calendar.ts'
import { cuesOf } from './director.ts'
import { LONGEST_LIFE, ORDERS_PER_DAY } from './orders.ts'
import { Story } from './story.ts'
import type { Incident, Message } from './types.ts'

const OPENS = Date.UTC(2026, 10, 21, 3)
const FROM = OPENS - 2 * DAY

const openStory = (seed = 1, from = FROM): Story => new Story({ seed, from, opensAt: OPENS })

/** What is told up to `until`, in steps of `window`. */
function told(story: Story, until: number, window = HOUR): Message[] {
  const said: Message[] = []
  for (let at = FROM; at < until; at += window) said.push(...story.runTo(Math.min(until, at + window)))
  return said
}

const cloudEvent = ({ id, source, type, time, data }: Message) => ({
  ...{ specversion: '1.0', id, source, type, time: new Date(time).toISOString(), data },
})
const orderOf = (m: Message): string => m.id.slice(0, m.id.lastIndexOf('-'))

test('the same seed tells the same story, another seed another one', () => {
  assert.deepEqual(told(openStory(5), FROM + DAY), told(openStory(5), FROM + DAY))
  assert.notDeepEqual(told(openStory(5), FROM + 6 * HOUR), told(openStory(6), FROM + 6 * HOUR))
})

test('how time is cut does not show', () => {
  const whole = told(openStory(), FROM + 8 * HOUR, 8 * HOUR)
  assert.ok(whole.length > 200)
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 90 * MINUTE }), window => {
      assert.deepEqual(told(openStory(), FROM + 8 * HOUR, window), whole)
    }),
    { numRuns: 5 },
  )
})

test('everything that is said is well formed by the contract, but for what is spoiled on purpose', () => {
  const story = openStory(3)
  story.set(everythingAtOnce(FROM + 20 * HOUR))
  const said = told(story, FROM + 9 * DAY, 6 * HOUR)
  for (const message of said) {
    const parsed = parseEvent(cloudEvent(message), { now: message.time })
    assert.equal(parsed.ok, !message.broken, JSON.stringify({ parsed, message }))
  }
  const types = new Set(said.map(m => m.type))
  for (const type of [
    'order.placed',
    'payment.failed',
    'fulfilment.short',
    'parcel.customs',
    'return.received',
    'payment.refunded',
    'review.received',
    'parcel.returned_to_sender',
  ])
    assert.ok(types.has(type), type)
})

/** All of it, each at an hour of its own, so that one does not hide the other. */
const everythingAtOnce = (from: number): Incident[] =>
  Object.entries(PRACTICE_INCIDENTS).flatMap(([kind, { targets }], i) =>
    targets.map(target => ({ kind, target, from: from + i * HOUR, until: from + (i + 4) * HOUR }) as Incident),
  )

test('an id stands for one message; a message that is told twice is the same', () => {
  const said = told(openStory(), FROM + 3 * DAY)
  const first = new Map<string, Message>()
  for (const message of said) {
    const before = first.get(message.id) ?? message
    first.set(message.id, before)
    assert.deepEqual(message, before)
  }
  assert.ok(said.length > first.size, 'some systems tell everything twice')
  assert.ok(said.length < first.size * 1.05)
})

test('nobody says what has not happened yet, and no order is spoken of before it is placed', () => {
  const story = openStory()
  for (let at = FROM; at < FROM + DAY; at += 10 * MINUTE)
    for (const message of story.runTo(at)) assert.ok(message.time <= at, message.id)
  const placed = new Map<string, number>()
  for (const message of told(openStory(), FROM + 2 * DAY)) {
    if (message.type === 'order.placed') placed.set(orderOf(message), message.time)
    else if (message.type !== 'parcel.delivered') assert.ok(placed.get(orderOf(message))! <= message.time, message.id)
  }
})

test('days have a rhythm: evenings are busy, nights are still, and a day has about the orders it should', () => {
  const from = startOfDay(dayOf(FROM)) + DAY
  const placed = new Story({ seed: 2, from, opensAt: OPENS + 30 * DAY })
    .runTo(from + 7 * DAY)
    .filter(m => m.type === 'order.placed')
  const perDay = placed.length / 7
  assert.ok(perDay > ORDERS_PER_DAY * 0.9 && perDay < ORDERS_PER_DAY * 1.2, String(perDay))
  const inHours = (...hours: number[]): number => placed.filter(m => hours.includes(hourOf(m.time))).length
  assert.ok(inHours(20, 21) > 8 * inHours(2, 3, 4))
})

test('a promotion brings five times the orders to its channel, and to no other', () => {
  const from = startOfDay(dayOf(OPENS)) + DAY + 10 * HOUR
  const orders = (incidents: Incident[], channel: string): number => {
    const story = openStory()
    story.set(incidents)
    story.runTo(from)
    return story.runTo(from + 4 * HOUR).filter(m => m.type === 'order.placed' && m.source === `/channels/${channel}`)
      .length
  }
  const promotion: Incident = { kind: 'promotion', target: 'web', from, until: from + 4 * HOUR }
  const [usual, promoted] = [orders([], 'web'), orders([promotion], 'web')]
  assert.ok(promoted > 3.5 * usual && promoted < 7 * usual, `${usual} and ${promoted}`)
  assert.equal(orders([promotion], 'plaza'), orders([], 'plaza'))
})

test('a shop that was away tells the story again from later on, and goes on where it was', () => {
  const since = OPENS - DAY
  const placedLater = (m: Message): boolean => known.has(orderOf(m))
  const known = new Set(
    openStory(4)
      .runTo(OPENS + DAY)
      .filter(m => m.type === 'order.placed' && m.time >= since)
      .map(orderOf),
  )
  const long = openStory(4)
  long.runTo(OPENS)
  const going = long.runTo(OPENS + DAY).filter(placedLater)
  const again = openStory(4, since)
  again.runTo(OPENS)
  assert.deepEqual(again.runTo(OPENS + DAY).filter(placedLater), going)
  assert.ok(going.length > 1000)
})

test('no life lasts longer than a shop looks back', () => {
  const horizon = FROM + LONGEST_LIFE + 3 * DAY
  const lives = new Map<string, { first: number; last: number }>()
  for (const m of new Story({ seed: 9, from: FROM, opensAt: OPENS }).runTo(horizon)) {
    const { first, last } = lives.get(orderOf(m)) ?? { first: m.time, last: m.time }
    lives.set(orderOf(m), { first, last: Math.max(last, m.time) })
  }
  const longest = Math.max(...[...lives.values()].map(l => l.last - l.first))
  assert.ok(longest < LONGEST_LIFE, `${longest / DAY} days`)
})

test('what goes wrong by itself is the same for a seed however it is asked, and can be where it is', () => {
  const span = { from: FROM, to: OPENS + 30 * DAY }
  const all = cuesOf(8, OPENS, span)
  const cut = Array.from({ length: 32 }, (_, i) =>
    cuesOf(8, OPENS, { from: FROM + i * DAY, to: FROM + (i + 1) * DAY }),
  ).flat()
  assert.deepEqual(cut, all)
  for (const cue of all) {
    assert.ok(PRACTICE_INCIDENTS[cue.kind].targets.some(t => t === cue.target))
    assert.ok(Object.hasOwn(PRACTICE_PLACES, cue.target))
  }
  const kinds = new Set(all.filter(c => c.at > OPENS).map(c => c.kind))
  assert.deepEqual(kinds.size, Object.keys(PRACTICE_INCIDENTS).length, 'in a month everything happens once')
})
