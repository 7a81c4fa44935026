import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRule } from '../dialect/check.ts'
import { ORDER_SCHEMA } from '../fixtures.ts'
import { evidenceOf } from './evidence.ts'

const keyed = { ...ORDER_SCHEMA, parcels: { ...ORDER_SCHEMA.parcels, key: 'carrier' } } as const
const { term } = (() => {
  const checked = checkRule(`parcels.exists(p, p.status == 'back')`, keyed, {})
  assert.ok(checked.ok)
  return checked
})()

test('evidence says which element of a list it was, though the rule did not read that', () => {
  const facts = {
    order: {},
    lines: [],
    parcels: [
      { status: 'sent', carrier: 'a' },
      { status: 'back', carrier: 'b' },
    ],
  }
  assert.deepEqual(evidenceOf(term, keyed)(facts, 0), {
    parcels: { count: 2, matching: [{ carrier: 'b', status: 'back' }] },
  })
  assert.deepEqual(evidenceOf(term)(facts, 0), { parcels: { count: 2, matching: [{ status: 'back' }] } })
})
