import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { HOUR } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import { NO_BASELINES, orderFactSchema } from '../modules/orders/index.ts'
import { compileBook, compileTable, type DecisionMade, type RulesState, type TableDef } from '../modules/rules/index.ts'
import { eventRow, tell, typesOf, wakeRow, worldOf } from './fixtures.ts'
import { factsIn, reactorsOf } from './reactors.ts'
import type { IntakeRow, Memo } from './rows.ts'

const label = (en: string) => ({ zh: en, en })
const approval = (rows: TableDef['rows'], more: Partial<TableDef> = {}): TableDef => ({
  ...{ id: 'approval', version: 2, name: label('Approval'), policy: 'first', constants: {}, rows },
  inputs: [
    { id: 'failures', label: label('Failures'), expr: 'order.paymentFailures' },
    { id: 'total', label: label('Total'), expr: 'order.orderTotal', currency: 'CNY' },
    { id: 'since', label: label('Paid since'), expr: 'now - order.paidAt' },
  ],
  outputs: [
    { id: 'decision', label: label('Decision'), type: 'string', oneOf: ['approve', 'review', 'hold'] },
    { id: 'reason', label: label('Reason'), type: 'string' },
  ],
  ...more,
})
const ROWS: TableDef['rows'] = [
  { when: ['>= 2', '', ''], give: ['hold', 'failed'] },
  { when: ['', '>= 500.00', '<= 2h'], give: ['hold', 'large'] },
  { when: ['', '>= 500.00', ''], give: ['review', 'large'] },
  { when: ['', '', ''], give: ['approve', ''] },
]
const warehouses: TableDef = {
  ...approval([
    { when: ['SP'], give: ['south'] },
    { when: ['!SP'], give: ['north'] },
    { when: [''], give: ['central'] },
  ]),
  ...{ id: 'routing', policy: 'collect' },
  inputs: [{ id: 'region', label: label('Region'), expr: 'order.region' }],
  outputs: [{ id: 'warehouse', label: label('Warehouse'), type: 'string' }],
}

const reactors = reactorsOf('order')
const book = compileBook([], orderFactSchema)
const worldWith = (...tables: readonly TableDef[]) => {
  const refs = Object.fromEntries(tables.map(def => [def.id, compileTable(def, orderFactSchema)]))
  return worldOf(reactors, { refsAt: () => ({ rules: book, ...refs }) })
}

const ref = { channel: 'shop', orderNo: 'A-1' }
let n = 0
const event = (at: number, type: string, body: JsonObject = {}, more: Partial<IntakeRow> = {}): IntakeRow =>
  eventRow(n++, at, type, { body: { ref, ...body }, ...more })
const placed = (at: number, price: number, more?: Partial<IntakeRow>): IntakeRow =>
  event(at, 'order.placed', { currency: 'CNY', lines: [{ sku: 'A', qty: 1, price }], shipTo: { region: 'SP' } }, more)
const paid = (at: number, more?: Partial<IntakeRow>): IntakeRow =>
  event(at, 'payment.received', { id: `p${at}`, amount: 1000, currency: 'CNY', method: 'card' }, more)
const failed = (at: number): IntakeRow => event(at, 'payment.failed', { amount: 1000, currency: 'CNY' })

const madeIn = (facts: readonly { readonly type: string; readonly body: JsonObject }[]): DecisionMade[] =>
  // Safe: only the reactor under test adds them.
  facts.flatMap(({ type, body }) => (type === 'decision.made' ? [body as unknown as DecisionMade] : []))
const decidedOf = (memo: Memo): RulesState['decided'] =>
  // Safe: the slice of that name is what its reactor made.
  (memo.slices.rules as RulesState).decided

describe('what tables decide of an order', () => {
  test('nothing without a table', () => {
    const { facts, memo } = tell(worldWith(), [[placed(1, 1000)], [paid(2)]])
    assert.deepEqual(typesOf(facts), ['order.placed', 'payment.received'])
    assert.equal(memo.wakeAt, null)
  })

  test('an approval moves the order on, with the row and the version that decided', () => {
    const { facts } = tell(worldWith(approval(ROWS)), [[placed(1, 1000)], [paid(2)], [failed(3)]])
    assert.deepEqual(typesOf(facts), [
      ...['order.placed', 'payment.received', 'decision.made', 'order.approved'],
      'payment.failed',
    ])
    assert.deepEqual(
      facts.slice(2, 4).map(f => [f.actor, f.occurredAt]),
      [
        ['table:approval@2', 2],
        ['table:approval@2', 2],
      ],
    )
    const [made] = madeIn(facts)
    assert.deepEqual(
      [made?.version, made?.rows, made?.result, made?.was],
      [2, [3], { decision: 'approve', reason: null }, null],
    )
    assert.deepEqual(made?.others, [
      { row: 0, gives: { decision: 'hold', reason: 'failed' }, unmet: ['failures'] },
      { row: 1, gives: { decision: 'hold', reason: 'large' }, unmet: ['total'] },
      { row: 2, gives: { decision: 'review', reason: 'large' }, unmet: ['total'] },
    ])
    assert.equal(made?.evidence['order.orderTotal'], 1000)
  })

  test('it is decided anew when a fact changes it, once, and by the clock alone at that very instant', () => {
    const world = worldWith(approval(ROWS))
    const rows = [[placed(1, 50_000)], [paid(2)], [event(9, 'message.received', { text: 'x' })], [wakeRow(3 * HOUR)]]
    const { facts, memo } = tell(world, rows)
    const made = madeIn(facts)
    assert.deepEqual(
      made.map(m => [m.rows, m.result?.decision, m.was?.decision]),
      [
        [[1], 'hold', undefined],
        [[2], 'review', 'hold'],
      ],
    )
    assert.equal(facts.at(-1)?.occurredAt, 2 + 2 * HOUR + 1)
    assert.equal(memo.wakeAt, null)
    const later = tell(world, [[failed(4 * HOUR)], [failed(5 * HOUR)], [failed(6 * HOUR)]], memo)
    assert.deepEqual(
      madeIn(later.facts).map(m => m.result),
      [{ decision: 'hold', reason: 'failed' }],
    )
  })

  test('an order that nobody waits for any more is not asked about, and what was decided stays', () => {
    const world = worldWith(approval(ROWS))
    const { memo } = tell(world, [[placed(1, 50_000)], [paid(2)], [event(5, 'order.cancelled')]])
    assert.equal(memo.wakeAt, null)
    const { facts } = tell(world, [[wakeRow(9 * HOUR)], [failed(9 * HOUR)], [failed(10 * HOUR)]], memo)
    assert.deepEqual(madeIn(facts), [])
    assert.deepEqual(decidedOf(memo)?.approval?.rows, [1])
  })

  test('what no table says any more is taken back; another version that says the same is no news', () => {
    const { memo } = tell(worldWith(approval(ROWS)), [[placed(1, 50_000)], [paid(2)]])
    const next = tell(worldWith(approval(ROWS.toSpliced(0, 1), { version: 3 })), [[failed(5)]], memo)
    assert.deepEqual(madeIn(next.facts), [])
    const gone = tell(worldWith(), [[failed(6)]], memo)
    assert.deepEqual(
      madeIn(gone.facts).map(m => [m.version, m.result, m.was?.decision]),
      [[null, null, 'hold']],
    )
    assert.deepEqual(decidedOf(gone.memo), {})
  })

  test('history is decided about but not moved: what its shop did then is what happened', () => {
    const past = { historical: true }
    const { facts } = tell(worldWith(approval(ROWS)), [[placed(1, 1000, past)], [paid(2, past)]])
    assert.deepEqual(typesOf(facts), ['order.placed', 'payment.received', 'decision.made'])
  })

  test('an open order of history that was approved moves on when the first thing happens to it live, once', () => {
    const past = { historical: true }
    const world = worldWith(approval(ROWS))
    const { memo } = tell(world, [[placed(1, 1000, past)], [paid(2, past)]])
    const live = tell(world, [[failed(5)], [event(6, 'message.received', { text: 'x' })]], memo)
    assert.deepEqual(typesOf(live.facts), ['payment.failed', 'order.approved', 'message.received'])
  })

  test('of several rows the strictest approval counts, and of warehouses the first with the others beside it', () => {
    const rows = [...ROWS.slice(2), ROWS[0]!]
    const { facts } = tell(worldWith(approval(rows, { policy: 'collect' }), warehouses), [
      [placed(1, 50_000)],
      [paid(2)],
    ])
    const [route, decision] = madeIn(facts)
    assert.deepEqual(route?.result, { warehouse: 'south', alternatives: ['central'] })
    assert.deepEqual(
      route?.others.map(o => [o.gives.warehouse, o.unmet]),
      [['north', ['region']]],
    )
    assert.deepEqual([decision?.rows, decision?.result], [[0, 1], { decision: 'review', reason: ['large'] }])
  })

  test('whatever happens to an order, what stands is what its table says', () => {
    const what = fc.constantFrom('paid', 'failed', 'message', 'wake', 'small', 'large')
    fc.assert(
      fc.property(fc.array(fc.tuple(what, fc.integer({ min: 0, max: 3 * HOUR })), { maxLength: 12 }), steps => {
        const def = approval(ROWS.slice(0, 3))
        const world = worldWith(def)
        const table = compileTable(def, orderFactSchema)
        let [memo, at] = [tell(world, [[placed(1, 60_000)]]).memo, 1]
        for (const [kind, wait] of steps) {
          at += wait
          const edit = (price: number) => event(at, 'order.edited', { lines: [{ sku: 'A', qty: 1, price }] })
          const row = {
            ...{ paid: () => paid(at), failed: () => failed(at), wake: () => wakeRow(at) },
            ...{
              message: () => event(at, 'message.received', { text: 'x' }),
              small: () => edit(10),
              large: () => edit(60_000),
            },
          }[kind]()
          memo = tell(world, [[row]], memo).memo
          const facts = factsIn(memo.slices, NO_BASELINES)
          const said = table.decide(facts, memo.clock)
          // Safe: the projection of orders gives a record of this name.
          const isPaid = (facts.order as { readonly paidAt?: number }).paidAt !== undefined
          const wanted = isPaid && said.rows.length > 0 ? said.rows : undefined
          assert.deepEqual(decidedOf(memo)?.approval?.rows, wanted)
        }
      }),
    )
  })
})
