import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { formula, goodFacts, SCHEMA, VOCABULARY, WINDOW } from '../../../../test/support/rule-formulas.ts'
import type { FactSchema } from '../../../contract/facts.ts'
import { DAY } from '../../../kernel/instant.ts'
import { checkRule } from '../dialect/check.ts'
import { ORDER_SCHEMA, ruleOf } from '../fixtures.ts'
import type { RuleDef } from '../types.ts'
import { compileBook } from './compile.ts'
import { type LintInput, lintRules } from './lint.ts'
import type { RuleEffect } from './lint-effects.ts'
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

  it('finds facts that nobody writes', () => {
    const reads = rule('a', `${PAID} && now - order.paidAt > days(2)`)
    const written = new Set(['payment.received', 'order.placed'])
    assert.deepEqual(said(lint([reads], { written })), ['unwritten_fact a'])
    assert.deepEqual(lint([reads], { written: new Set([...written, 'parcel.delivered']) }), [])
    assert.deepEqual(said(lint([rule('b', "order.status == 'x'")])), ['unwritten_fact b'])
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

describe('the linter over holds', () => {
  const risk = rule('risk', 'order.orderTotal > minor(500)')
  const calm = rule('calm', 'has(order.paidAt) && order.orderTotal < minor(900)')
  const place = (hold: string, ...blocks: string[]): RuleEffect => ({ kind: 'hold', hold, blocks })
  const lift = (hold: string): RuleEffect => ({ kind: 'release', hold })
  const effectsOf = (entries: Record<string, RuleEffect[]>) => ({ effects: new Map(Object.entries(entries)) })

  it('finds a hold that is placed and lifted by turns, with an order on which it happens', () => {
    const found = lint([risk, calm], effectsOf({ risk: [place('risk')], calm: [lift('risk')] }))
    assert.deepEqual(said(found), ['ping_pong risk calm'])
    assertHolds(found[0], [risk, calm], [true, true])
    const apart = { ...calm, when: 'order.orderTotal < minor(400)' }
    assert.deepEqual(lint([risk, apart], effectsOf({ risk: [place('risk')], calm: [lift('risk')] })), [])
    assert.deepEqual(lint([risk, calm], effectsOf({ risk: [place('risk')], calm: [lift('other')] })), [])
  })

  it('finds holds that wait for each other, or for themselves', () => {
    const rules = [
      rule('payment', "order.channel == 'new' && !has(order.paidAt)"),
      rule('paid', 'has(order.paidAt)'),
      rule('review', "order.channel == 'x' && !has(order.approvedAt)"),
      rule('approved', 'has(order.approvedAt) || has(order.approvedAt) && order.lineCount == 1'),
    ]
    const effects = {
      paid: [lift('payment')],
      approved: [lift('review')],
    }
    const circle = { payment: [place('payment', 'order.approved')], review: [place('review', 'payment.received')] }
    const codes = (found: readonly LintFinding[]) => found.filter(f => f.code === 'circular_hold')
    const [found, ...more] = codes(lint(rules, effectsOf({ ...effects, ...circle })))
    assert.match(found!.message.en, /payment → review → payment/)
    assert.deepEqual([found!.rules.toSorted(), more], [['approved', 'paid', 'payment', 'review'], []])
    const open = { ...circle, review: [place('review', 'order.edited')] }
    assert.deepEqual(codes(lint(rules, effectsOf({ ...effects, ...open }))), [])
    const self = { payment: [place('payment', 'payment.received')] }
    assert.equal(codes(lint(rules, effectsOf({ ...effects, ...self }))).length, 1)
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
