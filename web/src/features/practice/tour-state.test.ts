import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDone, readTour, STEPS, stepFrom } from './tour-state.ts'

test('what was kept is read, and what is broken counts as not begun', () => {
  assert.deepEqual(readTour('{"step":"act","away":true,"caseId":"c-1"}'), { step: 'act', away: true, caseId: 'c-1' })
  for (const text of [null, '', '{', 'null', '7', '{"step":"nowhere"}', '[]'])
    assert.equal(readTour(text).step, null, String(text))
})

test('it goes forth and back, and ends behind its last step', () => {
  assert.equal(stepFrom('cockpit', -1), 'cockpit')
  assert.equal(stepFrom('act', 1), 'effect')
  assert.equal(stepFrom(STEPS.at(-1)!, 1), null)
})

test('a step is done by what became of the case', () => {
  assert.equal(isDone('evidence', null), null)
  assert.equal(isDone('act', { status: 'acknowledged', holds: true }), false)
  assert.equal(isDone('act', { status: 'working', holds: true }), true)
  assert.equal(isDone('effect', { status: 'working', holds: true }), false)
  assert.equal(isDone('effect', { status: 'resolved', holds: false }), true)
  assert.equal(isDone('close', { status: 'closed', holds: false }), true)
  assert.equal(isDone('close', null), false)
})
