import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FactSchema } from '../../../../../src/contract/facts.ts'
import { type Expr, parse, rowsOf, sameExpr, textOfRows } from '../../../../../src/modules/rules/browser.ts'
import { ACCEPTED } from '../../../../../test/support/rule-corpus.ts'
import { constantText, newConstant, typedConstant } from './constant-text.ts'
import { countsByRow } from './counts.ts'
import { factLines } from './fact-lines.ts'
import { laidOut } from './lay-out.ts'
import { shownOf, valueIn, valuesIn } from './values.ts'

function treeOf(text: string): Expr {
  const parsed = parse(text)
  assert.ok(parsed.ok, text)
  return parsed.expr
}

describe('what the editor makes of a condition', () => {
  it('loses nothing: rows, their text and its layout are the same tree, for the whole corpus', () => {
    for (const text of ACCEPTED) {
      const tree = treeOf(text)
      const back = laidOut(textOfRows(rowsOf(tree, text)))
      assert.ok(sameExpr(tree, treeOf(back)), `${text} became ${back}`)
      assert.equal(laidOut(back), back, 'laid out once is laid out')
    }
  })

  it('puts what is joined at the top on lines of its own, and touches nothing inside', () => {
    assert.equal(
      laidOut("a.x && (b.y || c.z && d.w) && e.v == ' && '"),
      "a.x &&\n(b.y || c.z && d.w) &&\ne.v == ' && '",
    )
    assert.equal(laidOut('a.x || b.y'), 'a.x ||\nb.y')
    assert.equal(laidOut('a.x &&'), 'a.x &&')
    assert.equal(laidOut('a.x\n  && b.y && c.z'), 'a.x\n  && b.y &&\nc.z')
  })

  const VALUES = [
    ["'x'", 'string', { is: 'text', value: 'x' }],
    ['3', 'num', { is: 'number', value: 3 }],
    ['true', 'bool', { is: 'truth', value: true }],
    ['hours(8)', 'dur', { is: 'span', amount: 8, unit: 'hours' }],
    ["money('500', 'CNY')", 'money', { is: 'money', amount: '500', currency: 'CNY' }],
    ['minor(250)', 'money', { is: 'money', amount: '250', currency: null }],
    ["['a', 'b']", 'string', { is: 'list', values: ['a', 'b'] }],
    ['limit', 'dur', { is: 'named', text: 'limit' }],
    ['order.paidAt', 'time', { is: 'named', text: 'order.paidAt' }],
    ["timestamp('2026-11-11T00:00:00.000Z')", 'time', { is: 'time', at: Date.UTC(2026, 10, 11) }],
    ["duration('1h30m')", 'dur', { is: 'written', text: "duration('1h30m')" }],
  ] as const
  for (const [text, type, shown] of VALUES)
    it(`shows ${text} in a box and takes it back`, () => {
      const tree = treeOf(text)
      assert.deepEqual(shownOf(tree, type), shown)
      const back = valueIn(shown)
      assert.ok(back && sameExpr(back, tree))
    })

  it('takes no value for what is none', () => {
    assert.equal(valueIn({ is: 'money', amount: 'much', currency: 'CNY' }), null)
    assert.equal(valueIn({ is: 'money', amount: '1.5', currency: null }), null)
    assert.equal(valueIn({ is: 'number', value: Number.NaN }), null)
    assert.equal(valueIn({ is: 'written', text: 'a.b +' }), null)
    assert.deepEqual(valuesIn('a, b\uff0cc\u3001', 'string'), ['a', 'b', 'c'])
    assert.equal(valuesIn('1, two', 'num'), null)
  })

  it('gives each row the count of its own condition, also where a row asks for its field first', () => {
    const text = 'has(a.x) && a.x > 1 && a.y && (a.z || a.w)'
    const counts = [9, 4, 7, 2].map(holds => ({ holds }))
    assert.deepEqual(countsByRow(rowsOf(treeOf(text), text), counts), [4, 7, 2])
    assert.deepEqual(countsByRow(rowsOf(treeOf(text), text), counts.slice(1)), [null, null, null])
    assert.deepEqual(countsByRow(rowsOf(treeOf('a.x || a.y'), 'a.x || a.y'), [{ holds: 1 }]), [null, null])
  })

  it('writes constants with their units and reads them back', () => {
    const span = typedConstant(newConstant('dur', []), '36h')
    assert.ok(span)
    assert.deepEqual([span.value, constantText(span)], [36 * 3_600_000, '36h'])
    assert.equal(typedConstant(newConstant('dur', []), 'soon'), null)
    const list = typedConstant(newConstant('list', ['limit1']), 'vip, gold')
    assert.deepEqual([list?.name, list?.value], ['limit2', ['vip', 'gold']])
    assert.equal(typedConstant(newConstant('num', []), ''), null)
    assert.equal(typedConstant(newConstant('lookup', []), '[1]'), null)
    assert.deepEqual(typedConstant(newConstant('lookup', []), '{"gd":"south"}')?.value, { gd: 'south' })
  })
})

describe('amounts in facts', () => {
  const schema: FactSchema = {
    order: {
      type: 'record',
      label: { zh: '订单', en: 'Order' },
      of: { orderTotal: { type: 'money', label: { zh: '金额', en: 'Total' }, from: [], example: 1 } },
    },
  }
  for (const [currency, told] of [
    ['CNY', '1234.50'],
    ['JPY', '123450'],
    ['KWD', '123.450'],
  ] as const)
    it(`have the decimals of ${currency}`, () => {
      const [line] = factLines({ order: { orderTotal: 123_450, currency } }, ['order.orderTotal'], schema)
      assert.deepEqual(line?.value, { zh: told, en: told })
    })
})
