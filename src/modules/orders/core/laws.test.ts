import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventType } from '../../../contract/events/index.ts'
import { eventTypes, METHODS, REPORTED_STATUSES } from '../../../contract/events/index.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { foldAll, LINE } from '../fixtures.ts'
import type { OrderState } from '../types.ts'
import { NEW_ORDER } from '../types.ts'
import { evolve } from './evolve.ts'
import { sequenceFaults } from './sequence.ts'
import { deriveStatus, parcelMilestones } from './status.ts'
import { orderFacts } from './values.ts'

const instant = fc.integer({ min: 0, max: 60 })
const tracking = fc.constantFrom(undefined, undefined, 'T', 'U', 'V')

/** What a type needs besides its ref; enough for any fold, from few values so that facts collide. */
const bodies: { readonly [type in EventType]?: fc.Arbitrary<object> } = {
  'order.placed': fc.record({
    currency: fc.constant('CNY'),
    lines: fc.constantFrom([], [LINE], [LINE, LINE]),
    freight: fc.nat(9),
  }),
  'order.edited': fc.record({ lines: fc.constantFrom([LINE, LINE, LINE]) }),
  'order.promise_changed': fc.record({
    promise: fc.record({
      grain: fc.constant('day'),
      to: fc.constantFrom('2026-11-25', '2026-11-26'),
      zone: fc.constant('UTC'),
    }),
  }),
  'order.status_reported': fc.record({ status: fc.constantFrom(...REPORTED_STATUSES) }),
  // The amount follows from what tells payments apart: two messages about one payment agree on it.
  'payment.received': fc
    .integer({ min: 1, max: 3 })
    .map(n => ({ sequence: n, amount: n * 10, currency: 'CNY', method: METHODS[n] })),
  'payment.refunded': fc.integer({ min: 1, max: 3 }).map(n => ({ refundId: `${n}`, amount: n, currency: 'CNY' })),
  'payment.disputed': fc.record({ stage: fc.constant('opened') }),
  'parcel.exception': fc.record({ code: fc.constantFrom('damaged', 'lost') }),
  'return.received': fc.record({ partial: fc.boolean() }),
  'review.received': fc.record({ score: fc.integer({ min: 1, max: 5 }) }),
  'parcel.customs': fc.record({ stage: fc.constantFrom('entered', 'held', 'cleared') }),
  'parcel.ready_for_pickup': fc.record({ until: fc.integer({ min: 60, max: 90 }) }),
  'parcel.in_transit': fc.record({ eta: fc.integer({ min: 60, max: 90 }) }),
  'parcel.arrived_at_hub': fc.record({ place: fc.record({ city: fc.constantFrom('Lyon', 'Metz') }) }),
  'sensor.reading': fc.record({
    measure: fc.constantFrom('temperature', 'humidity'),
    value: fc.integer({ min: 1, max: 3 }),
    unit: fc.constant('Cel'),
  }),
}

const ofType = (type: EventType): fc.Arbitrary<Fact> =>
  fc
    .record({
      at: instant,
      known: instant,
      trackingNo: tracking,
      correction: fc.boolean(),
      body: bodies[type] ?? fc.constant({}),
    })
    .map(({ at, known, trackingNo, correction, body }) => ({
      ...{ type, v: 1, seq: 1, occurredAt: at, recordedAt: known, knownAt: known, actor: 'feed:shop', cause: 'row-1' },
      body: { ref: { orderNo: 'A-1', trackingNo }, ...(correction && { correction }), ...body } as JsonObject,
    }))

const anyFact = fc.constantFrom(...(Object.keys(eventTypes) as EventType[])).chain(ofType)
const history = fc.array(anyFact, { minLength: 1, maxLength: 14 })
const shuffled = history.chain(facts =>
  fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length })),
)

/** What must not depend on the order of arrival: every time stamp, the status, the faults, the parcels, what was paid. */
const essence = (state: OrderState) => {
  const { order, parcels } = orderFacts(state)
  return {
    nodes: state.nodes,
    order,
    faults: sequenceFaults(state),
    parcels: (parcels as { trackingNo?: string }[]).toSorted((a, b) =>
      (a.trackingNo ?? '') < (b.trackingNo ?? '') ? -1 : 1,
    ),
    kept: state.parcels.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    flags: state.flags && Object.entries(state.flags).sort(),
  }
}

// Contents of one instant are the exception: of two lists of lines the one told last stands, as the room's page says.
const withoutTies = ([facts]: readonly (readonly Fact[])[]): boolean => {
  const contents = facts!.filter(f => f.type === 'order.placed' || f.type === 'order.edited').map(f => f.occurredAt)
  return new Set(contents).size === contents.length
}

test('the same facts in any order give the same order', () => {
  fc.assert(
    fc.property(shuffled.filter(withoutTies), ([facts, other]) => {
      assert.deepEqual(essence(foldAll(other)), essence(foldAll(facts)))
    }),
    { numRuns: 1500 },
  )
})

test('a fact that comes again, at once or at the end, changes nothing: the very same state', () => {
  fc.assert(
    fc.property(
      history.filter(facts => withoutTies([facts])),
      facts => {
        const state = foldAll(facts)
        for (const fact of facts) assert.equal(evolve(state, fact), state, fact.type)
      },
    ),
    { numRuns: 500 },
  )
})

test('folding changes neither the state nor the fact, and never throws', () => {
  fc.assert(
    fc.property(history, facts => {
      let state: OrderState = NEW_ORDER
      for (const fact of facts) state = deepFreeze(evolve(state, deepFreeze(fact)))
      orderFacts(state)
      assert.equal(state.status, deriveStatus(state, parcelMilestones(state)))
    }),
    { numRuns: 300 },
  )
})

test('a state that was written and read again folds on as if it had not been', () => {
  fc.assert(
    fc.property(history, history, (before, after) => {
      const state = foldAll(before)
      const read = JSON.parse(JSON.stringify(state)) as OrderState
      assert.deepEqual(essence(foldAll(after, read)), essence(foldAll(after, state)))
    }),
    { numRuns: 300 },
  )
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
