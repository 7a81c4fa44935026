import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { formula, goodFacts, SCHEMA, VOCABULARY, WINDOW } from '../../../../test/support/rule-formulas.ts'
import type { FactSchema } from '../../../contract/facts.ts'
import { DAY } from '../../../kernel/instant.ts'
import { orderFactSchema } from '../../orders/index.ts'
import { actingTable, isAskedOf } from '../core-decisions.ts'
import { checkRule } from '../dialect/check.ts'
import { ORDER_SCHEMA, ruleOf } from '../fixtures.ts'

import type { RuleDef, TableDef } from '../types.ts'
import { compileBook } from './compile.ts'
import { type LintInput, lintRules } from './lint.ts'
import { LINT_CODES, type LintFinding } from './lint-finding.ts'
import { search } from './search.ts'
import { conditionOf } from './temporal.ts'

const from = (...types: string[]) => ({ ...ORDER_SCHEMA.order.of.paidAt, from: types })
const schema: FactSchema = {
  ...ORDER_SCHEMA,
  order: {
    ...ORDER_SCHEMA.order,
    of: {
      ...Object.fromEntries(
        Object.entries(ORDER_SCHEMA.order.of).map(([k, f]) => [k, { ...f, from: ['order.placed'] }]),
      ),
      status: ORDER_SCHEMA.order.of.status,
      paidAt: from('payment.received'),
      approvedAt: from('order.approved'),
      handedOverAt: from('parcel.*'),
    },
  },
}
const rule = (id: string, when: string, more: Partial<RuleDef> = {}): RuleDef =>
  ruleOf(when, { id, type: id, name: { zh: id, en: id }, ...more })
const seen = new Set<string>()
function lint(rules: readonly RuleDef[], more: Partial<LintInput> = {}): LintFinding[] {
  const found = lintRules({ rules, schema, ...more })
  for (const { code, message } of found) {
    seen.add(code)
    assert.doesNotMatch(message.zh + message.en, /\{\d\}|undefined/)
  }
  return found
}
const said = (found: readonly LintFinding[]) => found.map(f => `${f.code} ${f.rules.join(' ')}`)

/** The example is an example: the rules are what the finding says on it. */
function assertHolds(found: LintFinding | undefined, rules: readonly RuleDef[], wanted: readonly boolean[]): void {
  assert.ok(found?.example, 'has an example')
  const { facts, now } = found.example
  const book = compileBook(rules, schema)
  assert.deepEqual([...book.next(facts, now).holds].map(Boolean), wanted)
}

const PAID = 'has(order.paidAt) && !has(order.handedOverAt)'

describe('the linter over one rule', () => {
  it('finds conditions that can never or must always hold', () => {
    const never = rule('a', "order.channel == 'x' && order.channel == 'y'")
    const late = rule('b', 'has(order.paidAt) && now - order.paidAt > days(2) && now - order.paidAt < days(1)')
    const always = rule('c', 'order.lineCount > 3 || order.lineCount <= 3')
    const fine = rule('d', `${PAID} && now - order.paidAt > days(2)`)
    assert.deepEqual(said(lint([never, late, always, fine])), ['never_true a', 'never_true b', 'always_true c'])
  })

  it('does not call impossible what it cannot try', () => {
    const sums = rule('a', 'order.itemsTotal + order.paidTotal == order.orderTotal * 3 && order.paidTotal > minor(7)')
    assert.deepEqual(lint([sums]), [])
  })

  it('finds codes that a field does not have, and says which one may be meant', () => {
    const found = (when: string) => lint([rule('a', when)], { schema: orderFactSchema }).map(f => f.message)
    const [said, ...more] = found("order.status == 'aproved'")
    assert.match(said!.en, /^"a" compares "Status" with aproved, which is none of its values: did you mean approved\?$/)
    assert.match(said!.zh, /^“a”拿“状态”与 aproved 比较，而它没有这个取值，是不是 approved？$/)
    assert.deepEqual(more, [])
    assert.match(found("'zzzzzz' != order.status")[0]!.en, /none of its values: use one of /)
    assert.equal(found("order.status in ['aproved', 'placed', 'shiped']").length, 2)
    assert.equal(found("parcels.exists(p, p.status == 'deliverd')").length, 1)
    // Codes that it has, texts that are no codes, and several codes in one text.
    for (const fine of ["order.status == 'approved'", "order.channel == 'wbe'", "order.sequenceFault == 'a,b'"])
      assert.deepEqual(found(fine.includes('Fault') ? `has(order.sequenceFault) && ${fine}` : fine), [], fine)
  })

  it('finds facts that none of many orders had', () => {
    const reads = rule('a', `${PAID} && now - order.paidAt > days(2)`)
    const seen = (orders: number, ...facts: string[]) =>
      said(lint([reads], { seen: { orders, facts: new Set(facts) } }))
    assert.deepEqual(seen(1000), ['unseen_fact a'])
    // It asks only that it was not handed over, and so it works where nothing ever is.
    assert.deepEqual(seen(1000, 'order.paidAt'), [])
    assert.deepEqual(seen(100), [])
    // Every order has a total.
    assert.deepEqual(
      said(lint([rule('b', 'order.orderTotal > minor(7)')], { seen: { orders: 1000, facts: new Set() } })),
      [],
    )
  })

  it('finds rules that history never or nearly always fulfils, and types without an owner', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(id =>
      rule(id, `${PAID} && now - order.paidAt > days(${id.charCodeAt(0) - 96})`),
    )
    const rules = [a!, b!, c!]
    const history = {
      orders: 1000,
      hits: new Map([
        ['b', 950],
        ['c', 12],
      ]),
    }
    const owned = new Set(['a', 'b'])
    const found = said(lint(rules, { history, owned })).filter(s => !s.startsWith('implies'))
    assert.deepEqual(found, ['never_fired a', 'always_fires b', 'no_owner c'])
    const few = lint(rules, { history: { ...history, orders: 100 } }).filter(f => f.code !== 'implies')
    assert.deepEqual(few, [])
  })
})

describe('the linter over pairs', () => {
  const wide = rule('wide', `${PAID} && now - order.paidAt > days(1)`)
  const narrow = rule('narrow', `${PAID} && now - order.paidAt > days(2)`)

  it('tells which rule covers which, with an order that shows the difference', () => {
    const [found, ...more] = lint([wide, narrow])
    assert.deepEqual([found?.code, found?.level, found?.rules, more], ['implies', 'note', ['narrow', 'wide'], []])
    assertHolds(found, [wide, narrow], [true, false])
    const sameType = lint([
      { ...wide, type: 't' },
      { ...narrow, type: 't' },
    ])
    assert.deepEqual(said(sameType), ['covered narrow wide'])
    assert.match(sameType[0]!.message.zh, /“narrow”成立时“wide”总是成立/)
  })

  it('finds one condition written twice', () => {
    const again = rule('again', '!(!has(order.paidAt) || has(order.handedOverAt)) && now > order.paidAt + days(1)')
    assert.deepEqual(said(lint([wide, again])), ['same_condition wide again'])
    // Its next version, which runs in shadow, is the same rule and not a second one.
    assert.deepEqual(said(lint([wide, { ...wide, version: 2 }])), [])
  })

  it('finds rules of one type that may hold together, and differ in severity', () => {
    const other = rule('other', 'order.lineCount > 5', { type: 'wide' })
    const found = lint([wide, other])
    assert.deepEqual(said(found), ['overlap wide other'])
    assertHolds(found[0], [wide, other], [true, true])
    assert.deepEqual(said(lint([wide, { ...other, severity: 'P1' }])), ['severity_conflict wide other'])
    const apart = rule('apart', 'has(order.handedOverAt) && order.lineCount > 5', { type: 'wide' })
    assert.deepEqual(lint([wide, apart]), [])
  })

  it('looks at the asked rules only', () => {
    const third = rule('third', `${PAID} && now - order.paidAt > days(3)`)
    const found = lint([wide, narrow, third], { only: new Set(['third']) })
    assert.deepEqual(said(found), ['implies third wide', 'implies third narrow'])
  })
})

describe('the linter over tables that act', () => {
  const label = (en: string) => ({ zh: en, en })
  const shape = { version: 1, policy: 'first', constants: {} } as const
  const approval = (rows: TableDef['rows'], more: Partial<TableDef> = {}): TableDef => ({
    ...{ ...shape, id: 'approval', name: label('Approval'), rows },
    inputs: [
      { id: 'total', label: label('Total'), expr: 'order.orderTotal' },
      { id: 'allocated', label: label('Allocated'), expr: 'order.allocatedAt' },
    ],
    outputs: [{ id: 'decision', label: label('Decision'), type: 'string' }],
    ...more,
  })
  const routing = (rows: TableDef['rows'], more: Partial<TableDef> = {}): TableDef => ({
    ...{ ...shape, id: 'routing', name: label('Routing'), rows },
    inputs: [{ id: 'approved', label: label('Approved'), expr: 'order.approvedAt' }],
    outputs: [{ id: 'warehouse', label: label('Warehouse'), type: 'string' }],
    ...more,
  })
  const acting = (...defs: TableDef[]) => ({ tables: defs.map(def => actingTable(def)!), schema: orderFactSchema })
  const unpaid = rule('unpaid', 'has(order.approvedAt) && order.paidTotal < order.orderTotal')

  it('finds what a table lets go on and a rule stops at that very instant, with an order on which it happens', () => {
    const table = approval([
      { when: ['> 900', ''], give: ['hold'] },
      { when: ['', ''], give: ['approve'] },
    ])
    const [found, ...more] = lint([unpaid], acting(table))
    assert.deepEqual([found?.code, found?.rules, more], ['ping_pong', ['table:approval', 'unpaid'], []])
    assert.match(found!.message.en, /^"unpaid" opens a case on orders that "Approval" lets go on \(row 2\)/)
    assertHolds(found, [unpaid, rule('small', 'order.orderTotal <= minor(900)')], [true, true])
  })

  it('is silent where the table asks the same, where the rule waits, and where the rule holds before as well', () => {
    const asks = approval([{ when: ['', '? order.paidTotal >= order.orderTotal'], give: ['approve'] }])
    assert.deepEqual(lint([unpaid], acting(asks)), [])
    const table = approval([{ when: ['', ''], give: ['approve'] }])
    const late = rule('late', 'has(order.approvedAt) && has(order.shipBy) && now > order.shipBy')
    const before = rule('before', 'order.paidTotal < order.orderTotal')
    assert.deepEqual(lint([late, before], acting(table)), [])
    assert.deepEqual(lint([{ ...unpaid, for: DAY }], acting(table)), [])
    const reviews = approval([{ when: ['', ''], give: ['review'] }])
    assert.deepEqual(lint([unpaid], acting(reviews)), [])
  })

  it('looks at nothing in shadow, which stops nothing', () => {
    const table = acting(approval([{ when: ['', ''], give: ['approve'] }]))
    assert.deepEqual(said(lint([unpaid], { ...table, acts: () => false })), [])
    assert.equal(lint([unpaid], { ...table, acts: ({ id }) => id === 'unpaid' })[0]?.code, 'ping_pong')
  })

  it('says so when there are too many rows to look at all of them', () => {
    const table = acting(approval([{ when: ['', ''], give: ['approve'] }]))
    assert.deepEqual(said(lint([unpaid], { ...table, cost: 10 })), ['not_checked table:approval'])
  })

  it('counts what is decided otherwise, and the strictest of several rows', () => {
    const held = { when: ['> 900', ''], give: ['hold'] }
    const otherwise = approval([held], { otherwise: ['approve'] })
    assert.match(lint([unpaid], acting(otherwise))[0]!.message.en, /"Approval" lets go on \("when no row fits"\)/)
    const rows = [{ when: ['', ''], give: ['approve'] }, { when: ['', ''], give: ['hold'] }, held]
    assert.deepEqual(lint([unpaid], acting(approval(rows, { policy: 'collect' }))), [])
    const many = Array.from({ length: 7 }, (_, i) => ({ when: [String(i + 1), ''], give: ['approve'] }))
    const { message } = lint([unpaid], acting(approval(many)))[0]!
    assert.match(message.zh, /第 1、2、3、4、5 行等会放行/)
    assert.match(message.en, /"Approval" lets go on \(rows 1, 2, 3, 4, 5 and more\)/)
  })

  it('finds tables that wait for each other, or for themselves, with an order that waits', () => {
    const waits = approval([{ when: ['', '*'], give: ['approve'] }])
    const waitsToo = routing([{ when: ['*'], give: ['north'] }])
    const [found, ...more] = lint([], acting(waits, waitsToo))
    assert.deepEqual(
      [found?.code, found?.rules, found?.message.en.match(/: (.*?)\./)?.[1], more],
      ['circular_hold', ['table:approval', 'table:routing'], 'Approval → Routing → Approval', []],
    )
    const stays = rule('stays', 'has(order.paidAt) && !has(order.approvedAt) && !has(order.allocatedAt)')
    const { facts, now } = found!.example!
    assert.deepEqual([...compileBook([stays], orderFactSchema).next(facts, now).holds].map(Boolean), [true])
    const itself = routing([{ when: ['? has(order.allocatedAt)'], give: ['north'] }])
    assert.deepEqual(said(lint([], acting(itself))), ['circular_hold table:routing'])
  })

  it('is silent while one way leads out of the circle', () => {
    const waitsToo = routing([{ when: ['*'], give: ['north'] }])
    const silent = (table: TableDef, other = waitsToo) => assert.deepEqual(lint([], acting(table, other)), [])
    silent(
      approval([
        { when: ['', '*'], give: ['approve'] },
        { when: ['> 900', ''], give: ['approve'] },
      ]),
    )
    silent(approval([{ when: ['', '*'], give: ['approve'] }], { otherwise: ['approve'] }))
    silent(approval([{ when: ['', '*'], give: ['approve'] }]), routing([{ when: [''], give: ['north'] }]))
    // Nothing of it is let go on by itself: people do.
    silent(approval([{ when: ['', '*'], give: ['review'] }]))
  })

  it('asks only about what is asked for, and leaves out a table that is not accepted', () => {
    const table = approval([{ when: ['', ''], give: ['approve'] }])
    const about = (id: string, given = table) =>
      said(lint([unpaid], { ...acting(given), only: new Set([id]) })).map(text => text.split(' ')[0])
    assert.deepEqual([about('unpaid'), about('table:approval'), about('other')], [['ping_pong'], ['ping_pong'], []])
    assert.deepEqual(about('unpaid', approval([{ when: ['xx', ''], give: ['approve'] }])), [])
  })

  it('what the linter thinks a table is asked about is what it is asked about', () => {
    const time = fc.option(fc.constant(1), { nil: undefined })
    const times = ['paidAt', 'placedAt', 'approvedAt', 'allocatedAt', 'handedOverAt', 'deliveredAt', 'returnedAt']
    const order = fc.record({
      ...Object.fromEntries(times.map(field => [field, time])),
      ...{ cancelled: fc.boolean(), deliveredReported: fc.boolean() },
    })
    for (const def of [approval([]), routing([])]) {
      const checked = checkRule(actingTable(def)!.asked, orderFactSchema)
      assert.ok(checked.ok)
      const holds = conditionOf(checked.term)
      fc.assert(
        fc.property(order, values => {
          const facts = { order: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) }
          assert.equal(holds(facts, 5).value, isAskedOf(def.id, facts))
        }),
      )
    }
  })
})

/** Comparisons of single facts, which often exclude or cover each other. */
const part = fc.constantFrom(
  ...[
    "o.s == 'x'",
    "o.s != 'x'",
    "o.s == 'y'",
    'o.n > 2',
    'o.n < 2',
    'o.n == 3',
    'has(o.t3)',
    '!has(o.t3)',
    'o.b',
    '!o.b',
  ],
  ...["now - o.t1 > duration('9ms')", "now - o.t1 < duration('5ms')", 'o.t1 < o.t2', 'o.t1 >= o.t2', 'o.m >= minor(3)'],
)
const simple = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom(' && ', ' || '))
  .map(([parts, op]) => parts.join(op))

describe('the search', () => {
  it('finds only what is so, and never denies what random facts show', () => {
    let found = 0
    let denied = 0
    const shown = fc.sample(goodFacts, { seed: 32, numRuns: 40 })
    fc.assert(
      fc.property(fc.oneof(fc.tuple(formula, formula), fc.tuple(simple, simple)), ([a, b]) => {
        const terms = [a, b].map(text => {
          const result = checkRule(text, SCHEMA, VOCABULARY)
          assert.ok(result.ok)
          return result.term
        })
        const result = search(
          terms.map((term, i) => ({ term, wanted: i === 0 })),
          SCHEMA,
          { most: 2000 },
        )
        if (!result.example) {
          if (!result.certain) return
          denied++
          for (const facts of shown)
            for (let now = 0; now <= WINDOW; now += 3) {
              const [first, second] = terms.map(term => conditionOf(term)(facts, now).value === true)
              assert.ok(!(first && !second), `${a} without ${b} at ${now}: ${JSON.stringify(facts)}`)
            }
          return
        }
        found++
        const { facts, now } = result.example
        assert.deepEqual(
          terms.map(term => conditionOf(term)(facts, now).value === true),
          [true, false],
        )
      }),
      { seed: 31, numRuns: 150, endOnFailure: true },
    )
    assert.ok(found > 60 && denied > 5, `${found} found, ${denied} denied`)
  })

  it('fills facts that nobody asked about, so that the example is an order', () => {
    const result = checkRule('has(order.paidAt) && now - order.paidAt > days(1)', schema)
    assert.ok(result.ok)
    const { facts, now } = search([{ term: result.term, wanted: true }], schema).example!
    const order = facts.order as Record<string, unknown>
    assert.ok(now - Number(order.paidAt) > DAY)
    assert.deepEqual([order.status, order.lineCount, 'shipBy' in order, facts.lines], ['x', 1, false, []])
  })
})

it('every code is found by a test above', () => {
  assert.deepEqual(
    LINT_CODES.filter(code => !seen.has(code)),
    [],
  )
})
