import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { FactSchema, FactValues } from '../../contract/facts.ts'
import { type Fact, type NewFact, type PartPut, type Reactor, type StreamView, TICK } from '../../contract/stream.ts'
import { DAY, HOUR, type Instant } from '../../kernel/instant.ts'
import type { RuleBook } from './core/book.ts'
import { compileBook } from './core/compile.ts'
import { rulesReactor } from './core.ts'
import { ORDER_SCHEMA } from './fixtures.ts'
import type { RuleDef, RulesState, SilentFeeds } from './types.ts'

const label = { zh: '规则', en: 'rule' }
const rule = (id: string, when: string, more: Partial<RuleDef> = {}): RuleDef => ({
  id,
  version: 1,
  stage: 'live',
  name: label,
  reason: label,
  when,
  type: id,
  severity: 'P2',
  clears: 'auto',
  scope: 'order',
  constants: { limit: { type: 'dur', value: DAY, label } },
  examples: [],
  ...more,
})

const RULES = [
  rule('unpaid', '!order.cancelled && !has(order.paidAt) && now - order.lastEventAt > limit', {
    version: 3,
    severity: 'P1',
  }),
  rule('late_parcel', "parcels.exists(p, p.status != 'done' && has(p.lastScanAt) && now - p.lastScanAt > hours(2))"),
  rule('window', 'now >= order.lastEventAt + hours(1) && now < order.lastEventAt + hours(3)'),
]
const BOOK = compileBook(RULES, ORDER_SCHEMA)
const PATIENT = compileBook(
  RULES.map(r => ({ ...r, for: r.id === 'window' ? HOUR : r.id === 'late_parcel' ? 90 * 60_000 : undefined })),
  ORDER_SCHEMA,
)
const T0 = Date.UTC(2026, 2, 1)

const order = (more: FactValues = {}): FactValues => ({
  channel: 'shop',
  orderNo: 'A-1',
  status: 'placed',
  deliveredReported: false,
  cancelled: false,
  lineCount: 1,
  itemsTotal: 100,
  orderTotal: 100,
  paidTotal: 0,
  lastEventAt: T0,
  rest: HOUR,
  ...more,
})
const facts = (orderMore: FactValues = {}, parcels: readonly FactValues[] = []): FactValues => ({
  order: order(orderMore),
  lines: [],
  parcels,
})

/** One stream, as the pipeline would run it: a fact is folded, then offered, and what is added is folded and offered too. */
class Stream {
  state: RulesState
  values: FactValues
  book: RuleBook
  silent: SilentFeeds | null = null
  readonly ledger: NewFact[] = []
  readonly parts: PartPut[] = []
  readonly #reactor: Reactor<RulesState>

  constructor(values: FactValues, book = BOOK) {
    this.values = values
    this.book = book
    this.#reactor = rulesReactor(() => this.values)
    this.state = this.#reactor.initial
  }

  get view(): StreamView {
    const slices = { rules: this.state }
    return {
      stream: 'o-1',
      kind: 'order',
      historical: false,
      slices,
      refs: { rules: this.book, feeds: this.silent ?? undefined },
    }
  }

  handle(now: Instant, type = 'order.paid'): NewFact[] {
    const cause = type === 'tick' ? TICK : this.#fact({ type, body: {} }, now)
    if (cause.type !== 'tick') this.state = this.#reactor.evolve(this.state, this.#fact({ type, body: {} }, now))
    const { facts: added = [], parts = [] } = this.#reactor.react(this.view, cause, now)
    this.parts.push(...parts)
    for (const fact of added) {
      this.ledger.push(fact)
      this.state = this.#reactor.evolve(this.state, this.#fact(fact, now))
      assert.deepEqual(this.#reactor.react(this.view, this.#fact(fact, now), now), {})
    }
    return [...added]
  }

  wakeAt(now: Instant): Instant | null {
    return this.#reactor.wakeAt!(this.view, now)
  }

  #fact({ type, body }: NewFact, now: Instant): Fact {
    const seq = this.ledger.length + 1
    return { type, v: 1, seq, occurredAt: now, recordedAt: now, knownAt: now, actor: 'feed:x', cause: null, body }
  }
}

const said = (added: readonly NewFact[]) => added.map(f => `${f.type} ${String(f.body.rule)}`)

describe('rulesReactor', () => {
  it('raises at the exact instant, with evidence, and clears when it stops holding', () => {
    const stream = new Stream(facts())
    assert.deepEqual(stream.handle(T0, 'order.placed'), [])
    const opens = stream.wakeAt(T0)!
    assert.equal(opens, T0 + HOUR)
    assert.deepEqual(said(stream.handle(opens, 'tick')), ['finding.raised window'])
    const closes = stream.wakeAt(opens)!
    assert.equal(closes, T0 + 3 * HOUR)
    assert.deepEqual(said(stream.handle(closes, 'tick')), ['finding.cleared window'])
    const due = stream.wakeAt(closes)!
    assert.equal(due, T0 + DAY + 1)
    const [raised] = stream.handle(due, 'tick')
    assert.deepEqual(raised, {
      type: 'finding.raised',
      actor: 'rule:unpaid@3',
      body: {
        rule: 'unpaid',
        version: 3,
        type: 'unpaid',
        severity: 'P1',
        clears: 'auto',
        at: due,
        flipAt: null,
        evidence: { 'order.cancelled': false, 'order.paidAt': null, 'order.lastEventAt': T0, limit: DAY },
      },
    })
    assert.equal(stream.wakeAt(due), null)
    stream.values = facts({ paidAt: due + 5 })
    const [cleared] = stream.handle(due + 5)
    assert.deepEqual(cleared?.body, {
      rule: 'unpaid',
      version: 3,
      type: 'unpaid',
      at: due + 5,
      evidence: { 'order.cancelled': false, 'order.paidAt': due + 5, 'order.lastEventAt': T0, limit: DAY },
    })
    assert.deepEqual(stream.state.held, {})
  })

  it('shows of a list its size and the first elements that decided, with the fields that were read', () => {
    const parcel = (n: number) => ({
      status: n === 0 ? 'done' : 'moving',
      carrier: 'c',
      lastScanAt: T0 + n,
      handedOverAt: T0,
      pause: 0,
    })
    const stream = new Stream(
      facts(
        { paidAt: T0 },
        Array.from({ length: 9 }, (_, n) => parcel(n)),
      ),
    )
    const [raised] = stream.handle(T0 + 2 * HOUR + 7)
    assert.deepEqual(raised?.body.evidence, {
      parcels: { count: 9, matching: [1, 2, 3].map(n => ({ status: 'moving', lastScanAt: T0 + n })) },
    })
    assert.equal(raised?.body.flipAt, null)
  })

  it('says when a finding will end by itself', () => {
    const [raised] = new Stream(facts()).handle(T0 + 2 * HOUR)
    assert.deepEqual([raised?.body.rule, raised?.body.flipAt], ['window', T0 + 3 * HOUR])
  })

  it('clears what a new book does not know, and what it calls by another type', () => {
    const stream = new Stream(facts({ paidAt: T0 }))
    stream.handle(T0 + 2 * HOUR)
    assert.deepEqual(Object.keys(stream.state.held), ['window'])
    stream.book = compileBook([rule('window', RULES[2]!.when, { version: 2 })], ORDER_SCHEMA)
    assert.deepEqual(stream.handle(T0 + 2 * HOUR, 'tick'), [])
    stream.book = compileBook([rule('window', RULES[2]!.when, { version: 3, type: 'other' })], ORDER_SCHEMA)
    assert.deepEqual(said(stream.handle(T0 + 2 * HOUR, 'tick')), ['finding.cleared window', 'finding.raised window'])
    stream.book = compileBook([rule('window', RULES[2]!.when, { stage: 'retired' })], ORDER_SCHEMA)
    const [cleared] = stream.handle(T0 + 2 * HOUR, 'tick')
    assert.deepEqual([cleared?.type, cleared?.body.type, cleared?.body.evidence], ['finding.cleared', 'other', {}])
  })

  it("raises a rule with 'for' after its condition held so long without a break, and tells while it waits", () => {
    const patient = compileBook([rule('window', 'order.lineCount == 0', { for: 3 * HOUR })], ORDER_SCHEMA)
    const stream = new Stream(facts({ lineCount: 0 }), patient)
    assert.deepEqual(said(stream.handle(T0)), ['finding.pending window'])
    assert.equal(stream.wakeAt(T0), T0 + 3 * HOUR)
    stream.values = facts({ lineCount: 1 })
    assert.deepEqual(said(stream.handle(T0 + HOUR)), ['finding.lapsed window'])
    assert.equal(stream.wakeAt(T0 + HOUR), null)
    stream.values = facts({ lineCount: 0 })
    stream.handle(T0 + 2 * HOUR)
    assert.deepEqual(said(stream.handle(T0 + 4 * HOUR)), [])
    assert.deepEqual(said(stream.handle(T0 + 5 * HOUR, 'tick')), ['finding.raised window'])
    assert.deepEqual(stream.state.pending, {})
    stream.values = facts({ lineCount: 1 })
    assert.deepEqual(said(stream.handle(T0 + 6 * HOUR)), ['finding.cleared window'])
  })

  it("begins to wait again when a rule with 'for' changes, and forgets when it is gone", () => {
    const version = (v: number) =>
      compileBook([rule('window', 'order.lineCount == 0', { for: HOUR, version: v })], ORDER_SCHEMA)
    const stream = new Stream(facts({ lineCount: 0 }), version(1))
    stream.handle(T0)
    stream.book = version(2)
    assert.deepEqual(said(stream.handle(T0 + 1)), ['finding.lapsed window', 'finding.pending window'])
    assert.equal(stream.wakeAt(T0 + 1), T0 + 1 + HOUR)
    stream.book = BOOK
    stream.values = facts({ lineCount: 0, lastEventAt: T0 - DAY })
    assert.ok(said(stream.handle(T0 + 2)).includes('finding.lapsed window'))
    assert.deepEqual(stream.state.pending, {})
  })

  /** As the facts of orders say it: somebody outside writes the field. */
  const HEARD: FactSchema = {
    ...ORDER_SCHEMA,
    order: {
      ...ORDER_SCHEMA.order!,
      of: { ...ORDER_SCHEMA.order!.of, lastEventAt: { ...ORDER_SCHEMA.order!.of.lastEventAt!, from: ['order.paid'] } },
    },
  }
  const AWAITED = '!has(order.paidAt) && now - order.lastEventAt > hours(1)'
  const silence = (...names: string[]): SilentFeeds => ({
    silencing: (_, { heardFrom }) => names.find(name => heardFrom.includes(name) || name === 'shop') ?? null,
    isSilent: name => names.includes(name),
  })
  const keptNow = ({ parts }: Stream) =>
    Object.entries(Object.fromEntries(parts.map(p => [p.part, p.body !== null]))).flatMap(([name, on]) =>
      on ? [name] : [],
    )

  it('asks the feeds that spoke of the order, and no others', () => {
    const stream = new Stream(facts(), compileBook([rule('late', AWAITED)], HEARD))
    stream.silent = silence('y')
    stream.handle(T0)
    assert.deepEqual(stream.state.heardFrom, ['x'])
    assert.deepEqual(said(stream.handle(T0 + 2 * HOUR, 'tick')), ['finding.raised late'])
    const other = new Stream(facts(), stream.book)
    other.silent = silence('x')
    other.handle(T0)
    assert.deepEqual(said(other.handle(T0 + 2 * HOUR, 'tick')), ['finding.inhibited late'])
  })

  it('moves what is kept back to the feed that is silent now, and raises it when none is', () => {
    const stream = new Stream(facts(), compileBook([rule('late', AWAITED)], HEARD))
    stream.handle(T0)
    stream.silent = silence('x')
    stream.handle(T0 + 2 * HOUR, 'tick')
    assert.deepEqual(keptNow(stream), ['x'])
    assert.deepEqual(stream.handle(T0 + 2 * HOUR + 1, 'tick'), [])
    stream.silent = silence('shop')
    assert.deepEqual(said(stream.handle(T0 + 3 * HOUR, 'tick')), ['finding.inhibited late'])
    assert.deepEqual(keptNow(stream), ['shop'])
    stream.silent = silence()
    assert.deepEqual(said(stream.handle(T0 + 4 * HOUR, 'tick')), ['finding.raised late'])
    assert.deepEqual(keptNow(stream), [])
  })

  it('lapses once when what ceases was both pending and kept back', () => {
    const stream = new Stream(facts(), compileBook([rule('late', AWAITED, { for: HOUR })], HEARD))
    stream.silent = silence('x')
    stream.handle(T0)
    stream.handle(T0 + 2 * HOUR, 'tick')
    assert.deepEqual(said(stream.handle(T0 + 3 * HOUR, 'tick')), ['finding.inhibited late'])
    stream.values = facts({ paidAt: T0 })
    assert.deepEqual(said(stream.handle(T0 + 4 * HOUR)), ['finding.lapsed late'])
    assert.deepEqual([stream.state.pending, stream.state.inhibited], [{}, undefined])
  })

  it('says so when no book is loaded', () => {
    const reactor = rulesReactor(() => facts())
    const view: StreamView = {
      stream: 'o-1',
      kind: 'order',
      historical: false,
      slices: { rules: reactor.initial },
      refs: {},
    }
    assert.throws(() => reactor.react(view, TICK, T0), /rules_book_missing/)
  })
})

describe('laws of the reactor', () => {
  const hours = fc.integer({ min: 0, max: 40 }).map(h => T0 + h * HOUR)
  const parcel = fc.record(
    {
      status: fc.constantFrom('done', 'moving'),
      lastScanAt: fc.option(hours, { nil: undefined }),
      handedOverAt: hours,
      pause: fc.constant(0),
    },
    { noNullPrototype: true },
  )
  const values = fc
    .record({
      cancelled: fc.boolean(),
      paidAt: fc.option(hours, { nil: undefined }),
      lastEventAt: hours,
      parcels: fc.array(parcel, { maxLength: 3 }),
    })
    .map(({ parcels, ...more }) => facts(more, parcels))

  it('deciding again adds nothing; nothing changes before wakeAt; something may at wakeAt only', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), hours, (history, start) => {
        const stream = new Stream(history[0]!, PATIENT)
        let now = start
        for (const next of history) {
          stream.values = next
          stream.handle(now)
          const before = structuredClone(stream.state)
          assert.deepEqual(stream.handle(now), [])
          assert.deepEqual(stream.handle(now, 'tick'), [])
          const wake = stream.wakeAt(now)
          assert.ok(wake === null || wake > now)
          for (const quiet of [now + 1, (wake ?? now + 1000 * DAY) - 1]) {
            if (quiet > now && (wake === null || quiet < wake)) assert.deepEqual(stream.handle(quiet, 'tick'), [])
          }
          assert.deepEqual(stream.state, before)
          if (wake !== null) assert.notEqual(stream.handle(wake, 'tick').length, 0)
          now = wake ?? now + HOUR
        }
      }),
      { seed: 7, numRuns: 400 },
    )
  })

  it('changes neither facts nor state that it was given', () => {
    fc.assert(
      fc.property(values, hours, (given, now) => {
        const stream = new Stream(given)
        const copy = structuredClone(given)
        const state = structuredClone(stream.state)
        const initial = stream.state
        stream.handle(now)
        stream.wakeAt(now)
        assert.deepEqual([given, initial], [copy, state])
      }),
      { seed: 8, numRuns: 100 },
    )
  })
})
