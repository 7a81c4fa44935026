import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onTimeJump, setWorldTime, worldNow } from './world-time.ts'

test('a clock here runs as fast as its world, and never ahead of one that waits', t => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const later = (ms: number): void => t.mock.timers.tick(ms)
  setWorldTime(50_000, 60, true)
  later(1000)
  assert.equal(worldNow(), 50_000, 'how fast it is nobody knows yet')
  setWorldTime(60_000, 60)
  later(1000)
  assert.equal(worldNow(), 120_000)
  // It waits: twice the same instant is told.
  setWorldTime(120_000, 60, true)
  later(2000)
  setWorldTime(120_000, 60, true)
  later(2000)
  assert.equal(worldNow(), 120_000)
  setWorldTime(130_000, 60)
  later(1000)
  assert.equal(worldNow(), 190_000)
  setWorldTime(190_000, 0)
  later(5000)
  assert.equal(worldNow(), 190_000)
})

test('whoever shows a clock is told when it shows another time than the world has, and not at every answer', t => {
  t.mock.timers.enable({ apis: ['Date'], now: 2_000_000 })
  let told = 0
  const stop = onTimeJump(() => {
    told += 1
  })
  setWorldTime(50_000_000, 1)
  assert.equal(told, 1, 'the clock of the machine was shown until then')
  t.mock.timers.tick(2000)
  setWorldTime(50_002_300, 1)
  assert.equal(told, 1)
  setWorldTime(70_000_000, 1)
  assert.equal(told, 2)
  stop()
  setWorldTime(90_000_000, 1)
  assert.equal(told, 2)
})
