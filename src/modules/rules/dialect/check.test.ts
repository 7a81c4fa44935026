import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ACCEPTED, REFUSED } from '../../../../test/support/rule-corpus.ts'
import { businessTimeOf } from '../../../kernel/business-time.ts'
import { HOUR } from '../../../kernel/instant.ts'
import { ORDER_SCHEMA } from '../fixtures.ts'
import type { Constants } from '../types.ts'
import { checkRule } from './check.ts'
import { REFUSAL_CODES } from './refusal.ts'

const label = { zh: '时限', en: 'limit' }
const CONSTANTS: Constants = {
  limit: { type: 'dur', value: 86_400_000, label },
  tolerance: { type: 'money', value: 1, label },
  third: { type: 'num', value: 3, label },
  words: { type: 'list', of: 'string', value: ['shop', 'store'], label },
  none: { type: 'list', of: 'string', value: [], label },
  regions: { type: 'lookup', of: 'string', value: { gd: 'south' }, otherwise: 'far', label },
  limits: { type: 'lookup', of: 'dur', value: { card: HOUR }, otherwise: 2 * HOUR, label },
}
const CALENDARS = {
  cn: businessTimeOf({
    id: 'cn',
    version: 1,
    zone: 'Asia/Shanghai',
    week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [[9 * HOUR, 18 * HOUR] as const] : [])),
    days: {},
  }),
}
const check = (text: string) => checkRule(text, ORDER_SCHEMA, { constants: CONSTANTS, calendars: CALENDARS })

describe('checkRule', () => {
  for (const text of ACCEPTED) {
    it(`accepts ${text}`, () => assert.deepEqual(check(text).refusals, []))
  }
  for (const [text, code, points] of REFUSED) {
    it(`refuses (${code}) ${text.slice(0, 90)}`, () => {
      const { ok, refusals } = check(text)
      assert.equal(ok, false)
      const found = refusals.find(r => r.code === code)
      assert.ok(found, `got ${refusals.map(r => `${r.code}: ${r.message.en}`).join('; ')}`)
      if (points !== undefined) assert.equal(text.slice(found.start, found.end), points)
      assert.ok(found.start >= 0 && found.end <= text.length)
      assert.doesNotMatch(found.message.en + found.message.zh, /\{\d\}|undefined/)
    })
  }
  it('has a refused example for every code', () => {
    const shown = new Set(REFUSED.map(([, code]) => code))
    assert.deepEqual(
      REFUSAL_CODES.filter(code => !shown.has(code)),
      [],
    )
  })
  it('reports all refusals at once and names the nearest word', () => {
    const { refusals } = check("order.paidat > now && order.stat == 'x' && oder.cancelled")
    assert.deepEqual(
      refusals.map(r => r.code),
      ['unknown_field', 'unknown_field', 'unknown_name'],
    )
    assert.match(refusals[0]!.message.en, /did you mean paidAt\?/)
    assert.match(refusals[0]!.message.zh, /是不是 paidAt/)
  })
  it('keeps the tree of text whose meaning is wrong, for the editor', () => {
    assert.equal(check('now > order.paidAt').expr?.kind, 'compare')
    assert.equal(check('now >').expr, null)
  })
  it('survives nesting that would exhaust a stack', () => {
    for (const text of [
      `${'('.repeat(10_000)}true${')'.repeat(10_000)}`,
      `${'!'.repeat(10_000)}true`,
      'x'.repeat(1e6),
    ]) {
      assert.deepEqual(
        check(text).refusals.map(r => r.code),
        ['too_large'],
      )
    }
    assert.equal(check(`${'!'.repeat(450)}order.cancelled`).ok, true)
  })
})
