import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Fact, StreamView } from '../../contract/stream.ts'
import { TICK } from '../../contract/stream.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../kernel/instant.ts'
import { FEED_SLICE, type FeedState, feedReactor, KEEPS_LEAST, KEEPS_MOST, keepsUntilOf } from './core-feed.ts'
import { RELEARN_AFTER } from './core-rhythm.ts'

const T0 = Date.UTC(2026, 0, 5, 10)

let seq = 0
const fact = (type: string, at: Instant, until: Instant): Fact => ({
  ...{ type, v: 1, seq: ++seq, occurredAt: at, recordedAt: at, knownAt: at },
  ...{ actor: 'system', cause: null, body: { feed: 'shop', type: 'payment.received', until } },
})
const waits = (at: Instant, until: Instant) => fact('feed.message_unmatched', at, until)
const found = (at: Instant, until: Instant) => fact('feed.message_matched', at, until)
const dropped = (at: Instant, until: Instant) => fact('feed.message_dropped', at, until)

const view = (state: FeedState): StreamView => ({
  ...{ stream: 'f-1', kind: 'feed' as const, historical: false, refs: {} },
  slices: { [FEED_SLICE]: state },
})

/** Folds facts, and after each of them what the reactor adds at its time. */
function live(facts: readonly Fact[], from: FeedState = feedReactor.initial): FeedState {
  let state = from
  for (const one of facts) {
    state = feedReactor.evolve(state, one)
    state = told(state, one, one.recordedAt)
  }
  return state
}

function told(state: FeedState, what: Fact | typeof TICK, now: Instant): FeedState {
  const { facts = [] } = feedReactor.react(view(state), what, now)
  return facts.reduce(
    (folded, f) => feedReactor.evolve(folded, { ...fact(f.type, now, now), body: f.body, actor: f.actor ?? 'system' }),
    state,
  )
}
const ticked = (state: FeedState, now: Instant): FeedState => told(state, TICK, now)
const evidenceOf = (state: FeedState, now: Instant) =>
  feedReactor.react(view(state), TICK, now).facts?.map(f => [f.type, (f.body.evidence as object | undefined) ?? {}])

describe('what waits too long at a feed', () => {
  test('messages are counted by the hour in which their patience ends', () => {
    const state = live([waits(T0, T0 + DAY), waits(T0 + 1, T0 + DAY + 1), waits(T0 + 2, T0 + DAY + HOUR)])
    assert.deepEqual(state.waiting, { [T0 + DAY + HOUR]: 2, [T0 + DAY + 2 * HOUR]: 1 })
    assert.equal(state.overdue, 0)
    assert.equal(feedReactor.wakeAt!(view(state), T0 + 2), T0 + DAY + HOUR)
  })

  test('at the end of its hour a message is overdue, and the finding says how many', () => {
    const state = live([waits(T0, T0 + DAY), waits(T0, T0 + DAY), waits(T0, T0 + DAY + HOUR)])
    assert.deepEqual(evidenceOf(state, T0 + DAY + HOUR - 1), undefined)
    assert.deepEqual(evidenceOf(state, T0 + DAY + HOUR), [
      ['finding.raised', { 'feed.name': 'shop', 'feed.unmatched': 2 }],
    ])
  })

  test('hours that have passed become one number, however many there were', () => {
    const hours = Array.from({ length: 60 }, (_, h) => waits(T0 + h, T0 + h * HOUR))
    const state = live([...hours, waits(T0 + 59 * HOUR, T0 + 90 * HOUR)])
    // The hours that end up to the last fact: 0 to 58.
    assert.equal(state.overdue, 59)
    assert.deepEqual(Object.values(state.waiting), [1, 1])
  })

  test('a message that is found after its hour is taken off the number, and the last one clears the finding', () => {
    const until = T0 + DAY
    const late = T0 + 3 * DAY
    const standing = ticked(live([waits(T0, until), waits(T0, until)]), until + HOUR)
    assert.equal(standing.overdueSince, until + HOUR)
    const one = live([found(late, until)], standing)
    assert.deepEqual([one.overdue, one.waiting, one.overdueSince], [1, {}, until + HOUR])
    const none = live([dropped(late + 1, until)], one)
    assert.deepEqual([none.overdue, none.overdueSince], [0, null])
    assert.equal(feedReactor.wakeAt!(view(none), late + 1), null)
  })

  test('a message that is found in its hour was never late', () => {
    const state = live([waits(T0, T0 + DAY), found(T0 + 1, T0 + DAY)])
    assert.deepEqual([state.waiting, state.overdue], [{}, 0])
    assert.deepEqual(evidenceOf(state, T0 + 2 * DAY), undefined)
  })

  test('the second notice may be handled first: below zero for a moment, and then nothing', () => {
    const early = live([found(T0, T0 + DAY)])
    assert.deepEqual(Object.values(early.waiting), [-1])
    assert.deepEqual(live([waits(T0 + 1, T0 + DAY)], early).waiting, {})
    // Both after the hour.
    const late = live([found(T0 + 2 * DAY, T0), waits(T0 + 2 * DAY, T0)])
    assert.deepEqual([late.overdue, late.waiting, late.overdueSince], [0, {}, null])
  })

  test('whatever comes and goes, the number is the one that counting all messages gives', () => {
    const facts = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 2 ? found(T0 + i * HOUR, endOf(i - (i % 2 === 0 ? 2 : 1))) : waits(T0 + i * HOUR, endOf(i)),
    )
    let state = feedReactor.initial
    for (const [i, one] of facts.entries()) {
      state = live([one], state)
      const now = one.recordedAt
      const counted = facts
        .slice(0, i + 1)
        .filter(f => Math.floor(Number(f.body.until) / HOUR) * HOUR + HOUR <= now)
        .reduce((sum, f) => sum + (f.type === 'feed.message_unmatched' ? 1 : -1), 0)
      assert.equal(state.overdue, counted, `after ${i + 1} facts`)
      assert.equal(state.overdueSince !== null, counted > 0)
    }
    assert.ok(state.overdue > 5)
  })
})

/** Of the i-th message: some hours after it came, not the same for all. */
const endOf = (i: number): Instant => T0 + i * HOUR + (2 + (i % 5)) * HOUR

const beat = (at: Instant): Fact => ({ ...fact('feed.heard', at, 0), body: { feed: 'shop', types: ['a.b'] } })
const closed = (at: Instant): Fact => ({ ...fact('case.closed', at, 0), body: { type: 'feed_silent' } })
const reopened = (at: Instant): Fact => ({ ...fact('case.reopened', at, 0), body: { type: 'feed_silent' } })
const unheard = (from: Instant, until: Instant): Fact => ({
  ...fact('feed.unheard', from, 0),
  body: { feed: 'shop', from, until },
})
/** Eight days of a beat every five minutes. */
const known = live(Array.from({ length: 8 * 288 }, (_, i) => beat(T0 + i * 5 * MINUTE)))
const LAST = T0 + 8 * DAY - 5 * MINUTE

/** What other streams are told of the feed behind a fact. */
const partOf = (state: FeedState, fact: Fact) => feedReactor.react(view(state), fact, fact.recordedAt).parts![0]!.body!

describe('what a silence keeps back', () => {
  test('it keeps back for some of its usual gaps, not less than the least and not more than the most', () => {
    const { beat: told } = ticked(known, LAST + DAY)
    assert.equal(keepsUntilOf(told!), told!.silentSince! + KEEPS_LEAST)
    const slow = live(Array.from({ length: 60 }, (_, i) => beat(T0 + i * DAY))).beat!
    assert.equal(keepsUntilOf(slow), slow.dueAt! + KEEPS_MOST)
  })

  test('closing its case ends it at once, and only until it is silent again', () => {
    const silent = ticked(known, LAST + DAY)
    const over = live([closed(LAST + DAY)], silent)
    assert.equal(keepsUntilOf(over.beat!), over.beat!.silentSince)
    assert.equal(partOf(over, closed(LAST + DAY)).keepsUntil, over.beat!.silentSince)
    // Whoever reopens it wants it kept back after all.
    const again = live([reopened(LAST + DAY)], over)
    assert.equal(keepsUntilOf(again.beat!), again.beat!.silentSince! + KEEPS_LEAST)
    assert.equal(partOf(again, reopened(LAST + DAY)).keepsUntil, again.beat!.silentSince! + KEEPS_LEAST)
    const back = ticked(live([beat(LAST + 2 * DAY)], over), LAST + 2 * DAY + HOUR / 30)
    assert.equal(back.beat!.silentSince, null)
    assert.ok(keepsUntilOf(back.beat!)! > LAST + 2 * DAY)
    // Nothing is silent: there is nothing to give up.
    assert.deepEqual(live([closed(LAST)], known).beat, known.beat)
  })

  test('a feed that changes to a batch a day is in alarm for a few days and then known as such', () => {
    let state = known
    for (let day = 1; day <= RELEARN_AFTER; day++) {
      state = ticked(state, LAST + day * DAY - HOUR)
      assert.notEqual(state.beat!.silentSince, null, `day ${day}`)
      state = ticked(live([beat(LAST + day * DAY)], state), LAST + day * DAY + 2 * MINUTE)
    }
    assert.equal(ticked(state, LAST + (RELEARN_AFTER + 1) * DAY).beat!.silentSince, null)
  })

  test('faults in a feed that goes on as before leave no trace in its rhythm', () => {
    let state = known
    let at = LAST
    for (let fault = 0; fault < 6; fault++) {
      state = ticked(state, at + 5 * HOUR)
      assert.notEqual(state.beat!.silentSince, null, `fault ${fault}`)
      at += 5 * HOUR
      state = ticked(live([beat(at)], state), at + 2 * MINUTE)
      state = live(
        Array.from({ length: 150 }, (_, i) => beat(at + (i + 1) * 5 * MINUTE)),
        state,
      )
      at += 150 * 5 * MINUTE
    }
  })
})

describe('when nobody of ours listened', () => {
  const due = known.beat!.dueAt!

  test('a feed is silent only by the time in which it could be heard', () => {
    const [from, until] = [LAST + MINUTE, LAST + 6 * HOUR]
    const deaf = live([unheard(from, until)], known)
    // It goes on where we stopped.
    assert.equal(deaf.beat!.dueAt, due + until - from)
    assert.deepEqual(partOf(deaf, unheard(from, until)), {
      ...{ name: 'shop', types: ['a.b'], heardAt: LAST, dueAt: due + until - from, silentSince: null },
      ...{ keepsUntil: due + until - from + KEEPS_LEAST, deaf: { from, until } },
    })
    assert.equal(feedReactor.wakeAt!(view(deaf), from), due + until - from)
    assert.equal(ticked(deaf, until + MINUTE).beat!.silentSince, null)
    assert.equal(ticked(deaf, due + until - from).beat!.silentSince, due + until - from)
    // Told twice, as by two processes that began together, it counts once.
    assert.deepEqual(live([unheard(from, until)], deaf), deaf)
  })

  test('a silence that had begun before stays one; what was heard of later than we stopped is not forgotten', () => {
    const silent = ticked(known, due)
    assert.equal(live([unheard(due + HOUR, due + 2 * HOUR)], silent).beat!.silentSince, due)
    const later = live([beat(LAST + 5 * MINUTE)], known)
    assert.deepEqual(live([unheard(LAST, LAST + 5 * MINUTE)], later).beat, later.beat)
    assert.deepEqual(live([unheard(LAST, LAST + HOUR)]).beat, undefined)
  })

  test('what it says first afterwards teaches no rhythm', () => {
    const deaf = live([unheard(LAST + MINUTE, LAST + 6 * HOUR)], known)
    const back = live([beat(LAST + 6 * HOUR + MINUTE)], deaf)
    assert.deepEqual([back.beat!.rhythm, back.beat!.silences], [known.beat!.rhythm, undefined])
    const next = live([beat(LAST + 6 * HOUR + 6 * MINUTE)], back)
    assert.equal(next.beat!.rhythm.gaps, known.beat!.rhythm.gaps + 1)
  })

  test('at the latest it counts as heard of when we began again', () => {
    // Its nights are silent: whoever stops in the evening and begins in the morning does not wait for another night.
    const office = Array.from({ length: 10 * 10 * 12 }, (_, i) =>
      beat(T0 + Math.floor(i / 120) * DAY + (i % 120) * 5 * MINUTE),
    )
    const evening = live(office)
    const [from, until] = [evening.beat!.heardAt + MINUTE, evening.beat!.heardAt + 14 * HOUR + 5 * MINUTE]
    const night = evening.beat!.dueAt! - evening.beat!.heardAt
    assert.ok(night > 14 * HOUR)
    const deaf = live([unheard(from, until)], evening)
    assert.ok(deaf.beat!.dueAt! < until + night / 2, `${(deaf.beat!.dueAt! - until) / HOUR} h`)
  })
})
