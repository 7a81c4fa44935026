import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ORDER_SCHEMA } from '../fixtures.ts'
import type { RuleDef } from '../types.ts'
import { RulesRefused } from './book.ts'
import { compileBook } from './compile.ts'

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
  constants: {},
  examples: [],
  ...more,
})
const order = { status: 'x', channel: 'c', orderNo: '1', cancelled: false, lastEventAt: 1000, rest: 5, lineCount: 1 }
const facts = { order, lines: [], parcels: [] }

describe('compileBook', () => {
  it('throws every refusal of every rule, of any stage', () => {
    const rules = [
      rule('a', 'oder.cancelled'),
      rule('b', 'order.cancelled'),
      rule('c', 'now > order.paidAt', { stage: 'draft' }),
    ]
    assert.throws(
      () => compileBook(rules, ORDER_SCHEMA),
      (error: unknown) => {
        assert.ok(error instanceof RulesRefused)
        assert.equal(error.code, 'rules_refused')
        const codes = error.refused.map(r => [r.rule, r.refusals[0]?.code])
        assert.deepEqual(codes, [
          ['a', 'unknown_name'],
          ['c', 'unguarded_optional'],
        ])
        return true
      },
    )
  })

  it('evaluates live rules only; an empty book never wakes', () => {
    const stages = (['draft', 'shadow', 'retired'] as const).map(stage => rule(stage, 'true', { stage }))
    const book = compileBook(stages, ORDER_SCHEMA)
    assert.deepEqual(book.rules, [])
    assert.equal(book.evaluate(facts, 0, new Float64Array(0)), Number.POSITIVE_INFINITY)
    assert.equal(book.next(facts, 0).until, Number.POSITIVE_INFINITY)
  })

  it('writes signed horizons', () => {
    const book = compileBook(
      [rule('a', 'now > order.lastEventAt'), rule('b', 'now <= order.lastEventAt'), rule('c', 'order.cancelled')],
      ORDER_SCHEMA,
    )
    const out = new Float64Array(3)
    assert.equal(book.evaluate(facts, 1000, out), 1001)
    assert.deepEqual([...out], [-1001, 1001, Number.NEGATIVE_INFINITY])
    assert.equal(book.evaluate(facts, 1001, out), Number.POSITIVE_INFINITY)
    assert.equal(book.flipAt(0, facts, 0), 1001)
    assert.equal(book.flipAt(2, facts, 0), null)
  })

  it('quotes texts: no rule becomes code', () => {
    const texts = ["a'+process.exit()+'", 'b"\\u2028;throw 1', '`+b+`', '\\', '\n', '*/ //']
    for (const text of texts) {
      const book = compileBook([rule('a', `order.status == ${JSON.stringify(text)}`)], ORDER_SCHEMA)
      assert.equal(book.fast, 1)
      assert.equal(book.next({ ...facts, order: { ...order, status: text } }, 0).holds[0], 1)
      assert.equal(book.next(facts, 0).holds[0], 0)
    }
  })

  it('takes roots and fields that are words of JavaScript', () => {
    const of = { class: ORDER_SCHEMA.order.of.status, f: ORDER_SCHEMA.order.of.lineCount }
    const schema = {
      now2: { type: 'record', label, of },
      f: { type: 'record', label, of },
      out: { type: 'record', label, of },
    } as const
    const book = compileBook([rule('a', "f.class == 'x' && out.f == 1 && now2.f == 1")], schema)
    const values = { class: 'x', f: 1 }
    assert.deepEqual([book.fast, book.next({ f: values, out: values, now2: values }, 0).holds[0]], [1, 1])
  })

  it('wakes needlessly, but never late, when more than 256 horizons pass without a change', () => {
    const one = rule('a', 'parcels.exists(p, now >= p.handedOverAt && now < p.handedOverAt + p.pause)')
    const parcels = Array.from({ length: 600 }, (_, i) => ({ status: 's', handedOverAt: i * 10, pause: 10 }))
    const book = compileBook([one], ORDER_SCHEMA)
    const woken: number[] = []
    for (let at = 0; at < 6000; ) {
      const { holds, until } = book.next({ ...facts, parcels }, at)
      assert.equal(holds[0], 1)
      woken.push(until)
      at = until
    }
    assert.deepEqual([woken.length, woken.at(-1)], [3, 6000])
  })

  it('does not hold on facts that break the schema, and stays quiet', () => {
    const texts = ["order.status.contains('x')", "order.status == 'x' && now > order.lastEventAt", 'size(lines) > 0']
    const book = compileBook(
      texts.map((t, i) => rule(`r${i}`, t)),
      ORDER_SCHEMA,
    )
    for (const broken of [{}, { order: {} }, { order: { status: 7, lastEventAt: 'x' }, lines: 3 }]) {
      const { holds, until } = book.next(broken, 5)
      assert.deepEqual([...holds], [0, 0, 0])
      assert.equal(until, Number.POSITIVE_INFINITY)
    }
  })
})
