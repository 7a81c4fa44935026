import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ScalarType } from '../../contract/facts.ts'
import { businessTimeOf } from '../../kernel/business-time.ts'
import { HOUR } from '../../kernel/instant.ts'
import {
  bookOf,
  checkRule,
  choiceOf,
  choicesFor,
  closureEvaluator,
  FUNCTION_CATALOGUE,
  parse,
  type Row,
  rowsOf,
  sameExpr,
  tableOf,
  textOfRows,
} from './browser.ts'
import { FUNCTION_NAMES } from './dialect/check-functions.ts'
import { ORDER_SCHEMA, ruleOf } from './fixtures.ts'

const label = { zh: '甲', en: 'A' }
const constants = {
  regions: { type: 'lookup', of: 'string', value: { gd: 'south' }, otherwise: 'far', label },
} as const
const cn = businessTimeOf({
  id: 'cn',
  version: 1,
  zone: 'Asia/Shanghai',
  week: Array(7).fill([[9 * HOUR, 18 * HOUR]]),
  days: {},
})
const vocabulary = { constants, calendars: { cn } }

describe('what the console is offered', () => {
  it('names every function once, with a use that the checker accepts', () => {
    assert.deepEqual(FUNCTION_CATALOGUE.map(f => f.name).toSorted(), [...new Set(FUNCTION_NAMES)].toSorted())
    for (const { name, usage, label } of FUNCTION_CATALOGUE) {
      assert.deepEqual(checkRule(usage, ORDER_SCHEMA, vocabulary).refusals, [], usage)
      assert.ok(usage.includes(`${name}(`) && label.zh !== '' && label.en !== '')
    }
  })

  it('has rows for every type of field, each a condition at once that is shown as what it is', () => {
    const types: readonly ScalarType[] = ['bool', 'string', 'num', 'money', 'time', 'dur']
    const fields = {
      bool: 'cancelled',
      string: 'status',
      num: 'lineCount',
      money: 'paidTotal',
      time: 'lastEventAt',
      dur: 'rest',
    }
    for (const type of types)
      for (const optional of [false, true]) {
        const of = { name: 'order', field: fields[type] }
        const field = { ...ORDER_SCHEMA.order.of.status, type, ...(optional && { optional: true as const }) }
        const schema = { order: { ...ORDER_SCHEMA.order, of: { ...ORDER_SCHEMA.order.of, [of.field]: field } } }
        const choices = choicesFor({ ...field, example: ORDER_SCHEMA.order.of.status.example })
        assert.equal(new Set(choices.map(c => c.id)).size, choices.length)
        for (const choice of choicesFor({ ...field, example: type === 'string' ? 'x' : 5 })) {
          const row: Row = choice.make(of)
          const text = textOfRows({ kind: 'group', match: 'all', not: false, rows: [row] })
          assert.deepEqual(checkRule(text, schema, vocabulary).refusals, [], text)
          const parsed = parse(text)
          assert.ok(parsed.ok)
          const [back] = rowsOf(parsed.expr, text).rows
          assert.equal(choiceOf(back!), choice.id, text)
          assert.ok(sameExpr(parsed.expr, parsed.expr))
        }
      }
  })

  it('tries rules and tables on facts without making code', () => {
    const facts = { order: { status: 'paid', lastEventAt: 0, lineCount: 3 }, lines: [], parcels: [] }
    const book = bookOf([ruleOf('now - order.lastEventAt > hours(2)')], ORDER_SCHEMA, { evaluatorOf: closureEvaluator })
    assert.deepEqual([book.fast, book.next(facts, 0).until], [0, 2 * HOUR + 1])
    const table = tableOf(
      {
        ...{ id: 't', version: 1, name: label, policy: 'first', constants: {} },
        inputs: [{ id: 'n', label, expr: 'order.lineCount' }],
        outputs: [{ id: 's', label, type: 'string' }],
        rows: [{ when: ['> 2'], give: ['big'] }],
      },
      ORDER_SCHEMA,
      { evaluatorOf: closureEvaluator },
    )
    assert.equal(table.decide(facts, 0).values.s, 'big')
  })
})
