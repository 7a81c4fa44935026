import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ending, harmOf } from './outcome.ts'

const [PROMISE, BEFORE, AFTER, NOW] = [1000, 900, 1100, 2000]

const LATE: readonly [string, Ending, number | null][] = [
  ['promised nothing', { deliveredAt: AFTER }, null],
  ['came in time', { promiseEndsAt: PROMISE, deliveredAt: BEFORE }, null],
  ['came at the very end', { promiseEndsAt: PROMISE, deliveredAt: PROMISE }, PROMISE],
  ['came late', { promiseEndsAt: PROMISE, deliveredAt: AFTER }, PROMISE],
  ['came late and is called cancelled', { promiseEndsAt: PROMISE, deliveredAt: AFTER, cancelled: true }, PROMISE],
  ['never came', { promiseEndsAt: PROMISE }, PROMISE],
  ['never came, and was cancelled', { promiseEndsAt: PROMISE, cancelled: true }, null],
  ['is said to have come', { promiseEndsAt: PROMISE, deliveredReported: true }, null],
  ['went back', { promiseEndsAt: PROMISE, returnedAt: AFTER }, null],
  ['has time left', { promiseEndsAt: NOW + 1 }, null],
]

for (const [what, values, harm] of LATE)
  test(`late: an order that ${what}`, () => assert.equal(harmOf('late', values, NOW), harm))

test('a low review is one of two stars or fewer', () => {
  const since = (reviewScore?: number) => harmOf('low_review', { reviewScore, reviewedAt: AFTER }, NOW)
  assert.deepEqual([since(1), since(2), since(3), since()], [AFTER, AFTER, null, null])
})
