import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedClock } from './clock.ts'
import { scaledClock } from './scaled-clock.ts'

/** Lets everything that was woken run on. */
const settled = () => new Promise(resolve => setImmediate(resolve))

test('it stands still until its limit is raised, and runs at its speed then', () => {
  const base = simulatedClock(1_000)
  const clock = scaledClock({ base, start: 50_000, speed: 60 })
  base.advanceTo(9_000)
  assert.equal(clock.now(), 50_000, 'nothing is allowed yet')
  clock.allow(500_000)
  assert.equal(clock.now(), 50_000, 'what passed while it was held is not caught up')
  base.advanceTo(10_000)
  assert.equal(clock.now(), 110_000)
})

test('it never passes its limit, and goes on from there', () => {
  const base = simulatedClock(0)
  const clock = scaledClock({ base, start: 0, speed: 10 })
  clock.allow(1_000)
  base.advanceTo(5_000)
  assert.equal(clock.now(), 1_000)
  clock.allow(900)
  assert.equal(clock.limit, 1_000, 'a limit is never taken back')
  clock.allow(2_000)
  assert.equal(clock.now(), 1_000)
  base.advanceTo(5_050)
  assert.equal(clock.now(), 1_500)
})

test('a change of speed counts from its instant; paused, it stands', () => {
  const base = simulatedClock(0)
  const clock = scaledClock({ base, start: 0, speed: 1 })
  clock.allow(1_000_000)
  base.advanceTo(100)
  clock.setSpeed(1_000)
  base.advanceTo(101)
  assert.equal(clock.now(), 1_100)
  clock.setSpeed(0)
  base.advanceTo(5_000)
  assert.equal(clock.now(), 1_100)
  clock.setSpeed(0.5)
  base.advanceTo(5_003)
  assert.equal(clock.now(), 1_101)
  for (const speed of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => clock.setSpeed(speed), RangeError, String(speed))
})

test('it does not run backwards when the clock below it does', () => {
  let below = 1_000
  const base = { now: () => below, sleepUntil: () => Promise.resolve() }
  const clock = scaledClock({ base, start: 0, speed: 2 })
  clock.allow(100_000)
  below = 2_000
  assert.equal(clock.now(), 2_000)
  below = 1_500
  assert.equal(clock.now(), 2_000)
  clock.setSpeed(2)
  below = 1_600
  assert.equal(clock.now(), 2_200)
})

test('sleepers are due by the world: at its speed, after a change of speed, and never past the limit', async () => {
  const base = simulatedClock(0)
  const clock = scaledClock({ base, start: 0, speed: 1 })
  clock.allow(50_000)
  const woken: number[] = []
  for (const at of [10_000, 40_000, 60_000]) void clock.sleepUntil(at).then(() => woken.push(at))
  await settled()
  assert.equal(base.nextSleeper(), 10_000)
  clock.setSpeed(100)
  await settled()
  assert.equal(base.nextSleeper(), 100, 'armed again at the new speed')
  base.advanceTo(100)
  await settled()
  assert.deepEqual(woken, [10_000])
  base.advanceTo(10_000)
  await settled()
  assert.deepEqual(woken, [10_000, 40_000], 'the last one waits behind the limit')
  clock.allow(60_000)
  await settled()
  base.advanceTo(10_100)
  await settled()
  assert.deepEqual(woken, [10_000, 40_000, 60_000])
  assert.equal(base.nextSleeper(), null, 'nothing is left behind')
})

test('a sleep that is called off ends, paused or not', async () => {
  const base = simulatedClock(0)
  const clock = scaledClock({ base, start: 0, speed: 0 })
  const stop = new AbortController()
  const paused = clock.sleepUntil(5, stop.signal)
  await settled()
  stop.abort()
  await paused
  await clock.sleepUntil(5, stop.signal)
  const later = new AbortController()
  clock.setSpeed(1)
  clock.allow(100)
  const running = clock.sleepUntil(50, later.signal)
  await settled()
  later.abort()
  await running
  assert.equal(base.nextSleeper(), null)
})
