import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../kernel/json.ts'
import { climb, UnknownFact, upcastFact } from './upcast.ts'

test('the newest shape is handed on as it is; an unknown type or a newer version stops', () => {
  const body = { ref: { orderNo: 'A-1' } }
  assert.equal(upcastFact('order.approved', 1, body), body)
  assert.equal(upcastFact('case.opened', 1, body), body)
  for (const [type, v] of [
    ['order.unheard_of', 1],
    ['order.approved', 2],
    ['order.approved', 0],
    ['constructor', 1],
  ] as const)
    assert.throws(() => upcastFact(type, v, body), { name: 'Error', code: 'unknown_fact', type, v })
})

test('older shapes climb version by version without being changed in place', () => {
  const known = {
    v: 3,
    upcast: {
      1: ({ total, ...rest }: JsonObject) => ({ ...rest, amount: total }),
      2: (body: JsonObject) => ({ ...body, currency: 'CNY' }),
    },
  }
  const stored = Object.freeze({ total: 5 })
  assert.deepEqual(climb('x.y', known, { v: 1, body: stored }), { amount: 5, currency: 'CNY' })
  assert.deepEqual(climb('x.y', known, { v: 2, body: { amount: 5 } }), { amount: 5, currency: 'CNY' })
  assert.throws(() => climb('x.y', { v: 3, upcast: {} }, { v: 1, body: stored }), UnknownFact)
  assert.throws(() => climb('x.y', known, { v: 1.5, body: stored }), UnknownFact)
})
