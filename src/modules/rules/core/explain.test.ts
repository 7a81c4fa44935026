import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  badFacts,
  CALENDAR,
  CONSTANTS,
  formula,
  goodFacts,
  SCHEMA,
  VOCABULARY,
  WINDOW,
} from '../../../../test/support/rule-formulas.ts'
import { DAY, HOUR, MINUTE } from '../../../kernel/instant.ts'
import { ORDER_SCHEMA, ruleOf } from '../fixtures.ts'
import type { Constants } from '../types.ts'
import { spanWords, timeWords } from './amounts.ts'
import { compileBook } from './compile.ts'
import { type Explained, explainerOf } from './explain.ts'

const NOW = Date.parse('2026-11-21T13:15:11+08:00')
const constants: Constants = { limit: { type: 'dur', value: DAY, label: { zh: '发货时限', en: 'Time to ship' } } }
const schema = {
  ...ORDER_SCHEMA,
  order: {
    ...ORDER_SCHEMA.order,
    of: {
      ...ORDER_SCHEMA.order.of,
      paidAt: { ...ORDER_SCHEMA.order.of.paidAt, label: { zh: '付款', en: 'payment' } },
      handedOverAt: { ...ORDER_SCHEMA.order.of.handedOverAt, label: { zh: '交接', en: 'hand-over' } },
      orderTotal: { ...ORDER_SCHEMA.order.of.orderTotal, label: { zh: '金额', en: 'total' } },
    },
  },
}
const order = { cancelled: false, orderTotal: 50_000, status: 'paid', paidAt: NOW - 23 * HOUR - 12 * MINUTE }
const facts = {
  order,
  lines: [],
  parcels: [{ status: 'moving', handedOverAt: NOW - HOUR, pause: 0 }, { status: 'done' }],
}
const explain = (when: string, given: object = facts) =>
  explainerOf({ when, constants }, schema)!({ ...given }, NOW, { zone: 'Asia/Shanghai', currency: 'CNY' })

describe('explain', () => {
  it('calls codes by their names, those that are and those that are wanted', () => {
    const status = {
      ...schema.order.of.status,
      values: { paid: { zh: '已付款', en: 'Paid' }, sent: { zh: '已发', en: 'Sent' } },
    }
    const named = { ...schema, order: { ...schema.order, of: { ...schema.order.of, status } } }
    const said = (when: string, given: object = facts) =>
      explainerOf({ when, constants }, named)!({ ...given }, NOW, { zone: 'Asia/Shanghai' }).words
    assert.match(said("order.status == 'sent'").zh, /“已付款”，要求等于“已发”/)
    assert.match(said("order.status in ['sent', 'gone']").en, /"Paid", wanted: one of "Sent", "gone"/)
    assert.match(said("order.status == 'sent'", { ...facts, order: { ...order, status: 'lost' } }).zh, /“lost”，要求/)
  })

  it('says why a rule does not hold, until when, and what would prevent it', () => {
    const { holds, flipsAt, words } = explain(
      'has(order.paidAt) && !has(order.handedOverAt) && now - order.paidAt > limit',
    )
    assert.equal(holds, false)
    assert.equal(flipsAt, order.paidAt + DAY + 1)
    assert.equal(
      words.en,
      'Does not hold: the time since payment is 23 h 12 m, wanted: more than Time to ship (24 h); becomes true today at 14:03:11 unless hand-over changes',
    )
    assert.equal(
      words.zh,
      '不成立：距付款已过 23 小时 12 分，要求超过“发货时限”（24 小时）；将于今天 14:03:11 成立，除非“交接”有变化',
    )
  })

  it('says until when it holds', () => {
    const { holds, words } = explain('has(order.paidAt) && now - order.paidAt < limit')
    assert.equal(holds, true)
    assert.deepEqual(words, { zh: '成立，到今天 14:03:11 为止', en: 'Holds until today at 14:03:11' })
    assert.deepEqual(explain('order.orderTotal > minor(1)').words, { zh: '成立', en: 'Holds' })
  })

  it('tells each part with its value, its words and its place in the text', () => {
    const text = "order.orderTotal >= money('600', 'CNY') || !(order.status in ['paid', 'sent'])"
    const { tree } = explain(text)
    assert.deepEqual([tree.kind, tree.value, tree.words.en], ['any', false, 'any of these: 0 of 2 hold'])
    const said = tree.children.map(c => [text.slice(c.start, c.end), c.words.en, c.words.zh])
    assert.deepEqual(said, [
      [
        "order.orderTotal >= money('600', 'CNY')",
        'total is CNY 500.00, wanted: at least CNY 600.00',
        '金额为CNY 500.00，要求不少于CNY 600.00',
      ],
      [
        "!(order.status in ['paid', 'sent'])",
        'field is "paid", wanted: none of "paid", "sent"',
        '字段为“paid”，要求不是“paid”、“sent”之一',
      ],
    ])
  })

  it('shows the elements that decide first', () => {
    const { tree } = explain("parcels.exists(p, p.status == 'done')")
    assert.deepEqual(
      tree.children.map(c => [c.value, c.words.en]),
      [
        [true, 'item 2: field is "done", wanted: "done"'],
        [false, 'item 1: field is "moving", wanted: "done"'],
      ],
    )
    const each = explain("parcels.all(p, p.status == 'done')").tree
    assert.equal(each.children[0]?.words.en, 'item 1: field is "moving", wanted: "done"')
  })

  it('says what cannot be told, and takes no condition that is refused', () => {
    const { holds, tree } = explain("order.status == 'x'", { order: {} })
    assert.deepEqual([holds, tree.value, tree.words.en], [false, null, 'field is not known, wanted: "x"'])
    assert.equal(explainerOf({ when: 'order.nothing', constants }, schema), null)
  })

  it('agrees with the engine on every part of any formula', () => {
    // Facts that break their schema are taken as CEL takes them by the closures only.
    const options = { engine: 'closures', calendars: [CALENDAR] } as const
    const book = (text: string) => compileBook([ruleOf(text, { constants: CONSTANTS })], SCHEMA, options)
    const scenes = fc.tuple(formula, fc.oneof({ weight: 3, arbitrary: goodFacts }, badFacts), fc.nat(WINDOW))
    fc.assert(
      fc.property(scenes, ([text, values, now]) => {
        const rule = { when: text, constants: CONSTANTS }
        const { holds, flipsAt, tree } = explainerOf(rule, SCHEMA, VOCABULARY.calendars)!(values, now, { zone: 'UTC' })
        const { holds: should, until } = book(text).next(values, now)
        assert.equal(holds, should[0] === 1)
        assert.equal(flipsAt ?? Number.POSITIVE_INFINITY, until)
        checkNode(tree, text)
      }),
      { seed: 21, numRuns: 300, endOnFailure: true },
    )
  })
})

function checkNode(node: Explained, text: string): void {
  assert.ok(node.start >= 0 && node.end <= text.length && node.start <= node.end)
  for (const words of [node.words.zh, node.words.en, node.shown.en]) {
    assert.ok(words.length > 0)
    assert.doesNotMatch(words, /undefined|NaN|\{\d\}|\[object/)
  }
  const values = node.children.map(c => c.value)
  if (node.kind === 'all' && !values.includes(null)) assert.equal(node.value, !values.includes(false))
  if (node.kind === 'any' && !values.includes(null)) assert.equal(node.value, values.includes(true))
  for (const child of node.children) checkNode(child, text)
}

describe('words of amounts', () => {
  it('cut lengths of time off, never up', () => {
    const spans = [0, 1, 999, 61_000, HOUR - 1, DAY - 1, 2 * DAY, 2 * DAY + HOUR, -90 * MINUTE].map(
      d => spanWords(d).en,
    )
    const wanted = ['0 s', '1 ms', '999 ms', '1 m 1 s', '59 m 59 s', '23 h 59 m', '48 h', '2 d 1 h', '−1 h 30 m']
    assert.deepEqual(spans, wanted)
  })

  it('tell times on the clock of the reader', () => {
    const at = (zone: string, t = NOW) => timeWords(t, { zone, now: NOW }).en
    assert.equal(at('Asia/Shanghai'), 'today at 13:15:11')
    assert.equal(at('UTC', NOW + DAY), 'tomorrow at 05:15:11')
    assert.equal(at('America/New_York', NOW - DAY), 'yesterday at 00:15:11')
    assert.equal(at('Asia/Shanghai', NOW + 12 * HOUR), 'tomorrow at 01:15:11')
    assert.equal(at('UTC', NOW + 3 * DAY), '2026-11-24 at 05:15:11')
  })
})
