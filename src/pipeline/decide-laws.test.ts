import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { checkCommand, isCommandType } from '../contract/commands.ts'
import type { Fact, StreamView } from '../contract/stream.ts'
import { TICK } from '../contract/stream.ts'
import { DAY, HOUR, MINUTE } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import { caseIdOf } from '../modules/cases/index.ts'
import { orderFactSchema } from '../modules/orders/index.ts'
import { compileBook, loadCalendars, loadPacks } from '../modules/rules/index.ts'
import { decideStream, foldFacts, initialSlices } from './decide.ts'
import { commandRow, eventRow, frozen, newMemo, STREAM, tell, wakeRow, worldOf } from './fixtures.ts'
import { reactorsOf } from './reactors.ts'
import type { Memo, Work } from './rows.ts'

// The laws of the loop, on the reactors that ship and the rules that ship, over made-up lives of an order.
const PACKS = fileURLToPath(new URL('../../packs', import.meta.url))
const packs = await loadPacks(PACKS)
const calendars = await loadCalendars(`${PACKS}/calendars`)
const rules = compileBook(
  packs.flatMap(pack => pack.rules),
  orderFactSchema,
  { calendars },
)
const refs = { rules, webhooks: true }
const reactors = reactorsOf('order')
const world = worldOf(reactors, { refsAt: () => refs })
const START = Date.UTC(2026, 0, 5)
const RUNS = { numRuns: process.env.ANDON_FULL === '1' ? 2000 : 120 }

const REF = { channel: 'shop', orderNo: 'A-1' }
const tracking = fc.constantFrom({}, { trackingNo: 'T1' }, { trackingNo: 'T2' })
const amount = fc.constantFrom(1000, 1500, 2000)
const line = fc.record({ sku: fc.constantFrom('A', 'B'), qty: fc.integer({ min: 1, max: 3 }), price: amount })
const method = fc.constantFrom('card', 'slip', 'voucher')
const days = fc.integer({ min: 1, max: 12 })

/** What events of a type say, besides which order they are about; `at` is when they happen. */
type Said = (at: number) => JsonObject
const says = (more: fc.Arbitrary<JsonObject>): fc.Arbitrary<Said> => more.map(m => () => ({ ref: REF, ...m }))
const EVENTS: Record<string, fc.Arbitrary<Said>> = {
  'order.placed': fc
    .record({ lines: fc.array(line, { maxLength: 3 }), days, limit: days, promised: fc.boolean() })
    .map(({ lines, days: d, limit, promised }) => at => ({
      ref: REF,
      currency: 'CNY',
      lines: lines.map(l => ({ ...l, shipBy: at + limit * DAY })),
      ...(promised && { promise: { grain: 'instant', to: at + d * DAY, zone: 'Asia/Shanghai' } }),
    })),
  'order.edited': says(fc.record({ lines: fc.array(line, { maxLength: 3 }) })),
  'order.approved': says(fc.constant({})),
  'order.cancelled': says(fc.constant({})),
  'order.status_reported': says(fc.record({ status: fc.constantFrom('delivered', 'processing', 'cancelled') })),
  'payment.received': says(fc.record({ amount, method, currency: fc.constant('CNY') })),
  'parcel.handed_over': tracking.map(t => () => ({ ref: { ...REF, ...t } })),
  'parcel.in_transit': tracking.map(t => () => ({ ref: { ...REF, ...t } })),
  'parcel.delivered': tracking.map(t => () => ({ ref: { ...REF, ...t } })),
  'parcel.returned_to_sender': tracking.map(t => () => ({ ref: { ...REF, ...t } })),
}
const event = fc.constantFrom(...Object.keys(EVENTS)).chain(type => EVENTS[type]!.map(said => ({ type, said })))

const caseId = fc.constantFrom(...rules.rules.map(rule => caseIdOf(STREAM, rule.type, '')))
const COMMANDS: Record<string, fc.Arbitrary<JsonObject>> = {
  'order.note': fc.record({ text: fc.constantFrom('a note', ' ') }),
  'case.acknowledge': fc.record({ case: caseId }),
  'case.start': fc.record({ case: caseId }),
  'case.assign': fc.record({ case: caseId, owner: fc.constantFrom('user:bo', null) }),
  'case.set_severity': fc.record({ case: caseId, severity: fc.constantFrom('P0', 'P3'), reason: fc.constant('so') }),
  'case.resolve': fc.record({ case: caseId }),
  'case.close': fc.record({
    case: caseId,
    cause: fc.constantFrom('carrier', 'nonsense'),
    result: fc.constant('done'),
    override: fc.constantFrom(undefined, { reason: 'must' }),
  }),
  'case.reopen': fc.record({ case: caseId, reason: fc.constant('again') }),
  'nobody.takes': fc.constant({}),
}
const command = fc
  .constantFrom(...Object.keys(COMMANDS))
  .chain(type => COMMANDS[type]!.map(body => ({ type, command: body })))

const gap = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: HOUR }), fc.integer({ min: HOUR, max: 9 * DAY }))
const lateness = fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: MINUTE, max: 3 * DAY }))
const happening = fc.record({
  gap,
  lateness,
  historical: fc.oneof({ arbitrary: fc.constant(false), weight: 9 }, fc.constant(true)),
  // The same row content again is common in the real world: a repeated message.
  what: fc.oneof(
    { arbitrary: event, weight: 5 },
    { arbitrary: command, weight: 2 },
    { arbitrary: fc.constant('wake' as const), weight: 1 },
  ),
})
const life = fc
  .tuple(EVENTS['order.placed']!, fc.array(happening, { maxLength: 24, size: 'max' }))
  .map(([placed, happenings]): Work[] => {
    // What JSON gives has a prototype; what fast-check makes has none.
    const plain = (body: JsonObject): JsonObject => JSON.parse(JSON.stringify(body)) as JsonObject
    let now = START
    const first = eventRow(0, START, 'order.placed', { body: plain(placed(START)) })
    const rest = happenings.map((h, i): Work => {
      now += h.gap
      if (h.what === 'wake') return wakeRow(now)
      if ('command' in h.what) return commandRow(i + 1, now, h.what.type, plain(h.what.command))
      const { type, said } = h.what
      const occurredAt = now - h.lateness
      const { historical } = h
      return eventRow(i + 1, now, type, { occurredAt, historical, body: plain(said(occurredAt)) })
    })
    return [first, ...rest]
  })

const last = (rows: readonly Work[]): number =>
  rows.reduce((max, row) => Math.max(max, row.what === 'wake' ? row.upTo : row.recordedAt), START)
const viewOf = ({ stream, kind, historical, slices }: Memo): StreamView => ({ stream, kind, historical, slices, refs })
const each = (rows: readonly Work[]): Work[][] => rows.map(row => [row])
const cut = (rows: readonly Work[], cuts: readonly number[]): Work[][] => {
  const at = [...new Set([0, ...cuts.map(c => c % rows.length), rows.length])].toSorted((a, b) => a - b)
  return at.slice(1).map((end, i) => rows.slice(at[i]!, end))
}

describe('laws of the loop, on the real reactors', () => {
  test('the made-up lives are worth it: findings, cases, refusals, clearings and wakes all occur', () => {
    const seen = new Map<string, number>()
    for (const rows of fc.sample(life, 200)) {
      const { facts, rest } = tell(world, [...each(rows), [wakeRow(last(rows) + 90 * DAY)]])
      for (const fact of facts) seen.set(fact.type, (seen.get(fact.type) ?? 0) + 1)
      for (const { status } of rest.outcomes) seen.set(String(status), (seen.get(String(status)) ?? 0) + 1)
      assert.deepEqual(rest.failed, [])
    }
    for (const type of [
      'finding.raised',
      'finding.cleared',
      'case.opened',
      'case.cleared',
      'case.reopened',
      '200',
      '409',
    ])
      assert.ok((seen.get(type) ?? 0) > 20, `${type}: ${seen.get(type)}`)
  })

  test('nothing that is given is changed', () => {
    fc.assert(
      fc.property(life, rows => {
        let memo = frozen(newMemo(reactors))
        for (const row of frozen(rows)) {
          const { after, failed } = decideStream(memo, [row], world)
          assert.deepEqual(failed, [])
          memo = frozen(after)
        }
      }),
      RUNS,
    )
  })

  test('same in, same out', () => {
    fc.assert(
      fc.property(life, rows => {
        assert.deepEqual(tell(world, [rows]), tell(world, [structuredClone(rows)]))
      }),
      RUNS,
    )
  })

  test('how rows are cut into steps changes nothing', () => {
    fc.assert(
      fc.property(life, fc.array(fc.nat()), (rows, cuts) => {
        const together = tell(world, [rows])
        assert.deepEqual(tell(world, each(rows)), together)
        assert.deepEqual(tell(world, cut(rows, cuts)), together)
      }),
      RUNS,
    )
  })

  test('deciding again about a fact that was decided adds nothing', () => {
    fc.assert(
      fc.property(life, rows => {
        let memo = newMemo(reactors)
        for (const row of rows) {
          const { after, facts } = decideStream(memo, [row], world)
          memo = after
          const decided: (Fact | typeof TICK)[] = [...facts, TICK]
          for (const fact of decided)
            for (const reactor of reactors) {
              if (!reactor.on.includes(fact.type) && !reactor.on.includes('*')) continue
              const again = reactor.react(viewOf(memo), fact, memo.clock)
              assert.deepEqual(again.facts ?? [], [], `${reactor.slice} on ${fact.type}`)
            }
        }
      }),
      RUNS,
    )
  })

  test('until 1 ms before its wake a stream does not change by itself', () => {
    fc.assert(
      fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (rows, share) => {
        let { memo } = tell(world, [rows])
        for (let n = 0; n < 12 && memo.wakeAt !== null; n++) {
          const before = memo.wakeAt - 1
          for (const at of [before, memo.clock + Math.floor((before - memo.clock) * share)])
            for (const reactor of reactors)
              if (reactor.on.includes('tick') || reactor.on.includes('*'))
                assert.deepEqual(reactor.react(viewOf(memo), TICK, at).facts ?? [], [], `${reactor.slice} at ${at}`)
          const early = decideStream(memo, [wakeRow(before)], world)
          assert.deepEqual([early.facts, early.after], [[], memo])
          memo = decideStream(memo, [wakeRow(memo.wakeAt)], world).after
        }
      }),
      RUNS,
    )
  })

  test('a late worker gives what a punctual one gives: facts, times, cases and all', () => {
    fc.assert(
      fc.property(life, fc.array(fc.nat(120 * DAY), { maxLength: 20 }), (rows, looks) => {
        const events = rows.filter(row => row.what !== 'wake')
        const end = last(rows) + 120 * DAY
        const late = tell(world, [...each(events), [wakeRow(end)]])
        const wakes = looks.map(at => wakeRow(START + at)).filter(wake => wake.upTo < end)
        const often = [...events, ...wakes].toSorted((a, b) => timeOf(a) - timeOf(b))
        const punctual = tell(world, [...each(often), [wakeRow(end)]])
        assert.deepEqual(punctual.facts, late.facts)
        assert.deepEqual({ ...punctual.memo, clock: 0 }, { ...late.memo, clock: 0 })
        assert.deepEqual(punctual.rest.sends, late.rest.sends)
      }),
      RUNS,
    )
  })

  test('what was decided is what the ledger folds to, also through JSON half way', () => {
    fc.assert(
      fc.property(life, fc.nat(), (rows, at) => {
        const { memo, facts } = tell(world, [rows])
        const half = at % (facts.length + 1)
        const blob = JSON.stringify(foldFacts(initialSlices(reactors), facts.slice(0, half), reactors))
        const folded = foldFacts(JSON.parse(blob) as Memo['slices'], facts.slice(half), reactors)
        assert.equal(JSON.stringify(folded), JSON.stringify(memo.slices))
        assert.deepEqual(
          facts.map(f => f.seq),
          facts.map((_, i) => i + 1),
        )
      }),
      RUNS,
    )
  })

  test('a repeated message changes no case and no finding', () => {
    fc.assert(
      fc.property(life, rows => {
        const { memo } = tell(world, [rows])
        const events = rows.filter(row => row.what !== 'wake').filter(row => row.what === 'event')
        // Of two contents of one instant the later one to arrive counts, so that a repeat may bring the other one back.
        fc.pre(new Set(events.map(row => row.occurredAt)).size === events.length)
        const repeats = events.map(row => ({ ...row, recordedAt: memo.clock }))
        const { facts } = tell(world, [repeats], memo)
        assert.deepEqual(
          facts.filter(f => f.type.startsWith('case.') || f.type.startsWith('finding.')).map(f => f.type),
          [],
        )
      }),
      RUNS,
    )
  })

  test('commands of the script are of the shapes that the contract takes', () => {
    for (const [type, bodies] of Object.entries(COMMANDS))
      if (isCommandType(type)) assert.ok(fc.sample(bodies, 20).some(body => !('problem' in checkCommand(type, body))))
  })
})

const timeOf = (row: Work): number => (row.what === 'wake' ? row.upTo : row.recordedAt)
