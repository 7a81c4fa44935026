import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace } from './pace.ts'

test('a world that reaches less than its speed over some seconds is behind; a moment proves nothing', () => {
  const pace = new Pace()
  pace.mark(0, 0)
  assert.equal(pace.behind(60, 900, 0), false)
  pace.mark(2000, 60 * 2000)
  assert.equal(pace.behind(60, 2000, 60 * 2000), false)
  assert.equal(pace.behind(1000, 2000, 60 * 2000), true)
  for (let t = 2500; t <= 9000; t += 500) pace.mark(t, 1000 * t)
  assert.equal(pace.behind(1000, 9000, 9_000_000), false, 'what was long ago is forgotten')
  assert.equal(pace.behind(0, 9000, 0), false, 'paused is not behind')
})
