import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOTHING, type SelectionChange, select } from './selection.ts'

const order = ['a', 'b', 'c', 'd']
const after = (...changes: readonly SelectionChange[]): string[] => [...changes.reduce(select, NOTHING).keys].sort()

test('rows are toggled, and a range goes from the last one', () => {
  assert.deepEqual(after({ type: 'toggle', key: 'b' }), ['b'])
  assert.deepEqual(after({ type: 'toggle', key: 'b' }, { type: 'toggle', key: 'b' }), [])
  assert.deepEqual(after({ type: 'toggle', key: 'd' }, { type: 'range', to: 'b', order }), ['b', 'c', 'd'])
  assert.deepEqual(after({ type: 'range', to: 'c', order }), ['c'])
})

test('all selects all, and once more nothing', () => {
  assert.deepEqual(after({ type: 'all', order }), order)
  assert.deepEqual(after({ type: 'all', order }, { type: 'all', order }), [])
})

test('clearing leaves nothing selected', () => {
  assert.deepEqual(after({ type: 'all', order }, { type: 'clear' }), [])
})

test('what changes nothing is the same object, so that nothing is drawn again', () => {
  assert.equal(select(NOTHING, { type: 'clear' }), NOTHING)
})
