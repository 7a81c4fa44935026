import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readClock } from './clock.ts'

const HOUR = 3_600_000
const facts = { openedAt: 0, dueAt: 4 * HOUR }

test('a clock is calm, at risk, critical and over', () => {
  assert.deepEqual(readClock(facts, HOUR), { level: 'calm', used: 0.25, left: 3 * HOUR })
  assert.equal(readClock(facts, 2.5 * HOUR).level, 'risk')
  assert.equal(readClock(facts, 3.5 * HOUR).level, 'over')
  assert.deepEqual(readClock(facts, 5 * HOUR), { level: 'over', used: 1, left: -HOUR })
})

test('a clock that waits for somebody stands, until its deadline is past', () => {
  assert.equal(readClock({ ...facts, waitingFor: 'Xunda' }, 3.5 * HOUR).level, 'paused')
  assert.equal(readClock({ ...facts, waitingFor: 'Xunda' }, 5 * HOUR).level, 'over')
})

test('without a deadline nothing is at risk', () => {
  assert.deepEqual(readClock({ openedAt: 0, dueAt: null }, 99 * HOUR), { level: 'calm', used: 0, left: null })
})

test('a deadline at the very opening is over and not half a clock', () => {
  assert.deepEqual(readClock({ openedAt: HOUR, dueAt: HOUR }, HOUR), { level: 'over', used: 1, left: 0 })
})
