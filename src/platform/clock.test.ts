import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedClock, systemClock } from './clock.ts'

test('a simulated clock wakes its sleepers in the order of their instants', async () => {
  const clock = simulatedClock(100)
  const woken: number[] = []
  const sleeps = [300, 200, 400].map(at => clock.sleepUntil(at).then(() => woken.push(at)))
  assert.equal(clock.nextSleeper(), 200)
  clock.advanceTo(300)
  await Promise.all(sleeps.slice(0, 2))
  assert.deepEqual(woken, [200, 300])
  assert.equal(clock.now(), 300)
  assert.equal(clock.nextSleeper(), 400)
})

test('a sleep until now or before does not wait', async () => {
  const clock = simulatedClock(100)
  await clock.sleepUntil(100)
  await systemClock.sleepUntil(0)
})

test('a simulated clock does not run backwards', () => {
  assert.throws(() => simulatedClock(100).advanceTo(99), RangeError)
})

test('an aborted sleep ends, on both clocks', async () => {
  const stop = new AbortController()
  const clock = simulatedClock(0)
  const sleeps = [clock.sleepUntil(5, stop.signal), systemClock.sleepUntil(8_000_000_000_000, stop.signal)]
  stop.abort()
  await Promise.all(sleeps)
  assert.equal(clock.nextSleeper(), null)
})
