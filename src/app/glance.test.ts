import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../kernel/instant.ts'
import { simulatedClock } from '../platform/clock.ts'
import { createMetrics } from '../platform/metrics.ts'
import { Glance } from './glance.ts'

const START = 1_800_000_000_000

test('each minute has its own counts, the one at hand last; an hour is kept', async () => {
  const clock = simulatedClock(START)
  const metrics = createMetrics({ process: false })
  const facts = metrics.counter({ name: 'facts_total', help: 'x' })
  const seconds = metrics.histogram({ name: 'step_seconds', help: 'x' })
  const events = metrics.counter({ name: 'events_total', help: 'x', labels: ['status'] })
  const glance = new Glance(metrics, clock)
  const stop = new AbortController()
  const running = glance.run(stop.signal)
  const turn = () => new Promise(resolve => setImmediate(resolve))
  for (let n = 1; n <= 70; n++) {
    facts(n)
    seconds(0.004)
    seconds(0.008)
    events(2, { status: 'accepted' })
    events(1, { status: 'duplicate' })
    clock.advanceTo(START + n * MINUTE)
    await turn()
    await turn()
  }
  facts(5)
  const { minutes } = await glance.read()
  assert.equal(minutes.length, 60)
  assert.deepEqual(
    [minutes.at(-2)?.facts, minutes.at(-2)?.stepMs, minutes.at(-2)?.events, minutes.at(-1)?.facts],
    [70, 6, 3, 5],
  )
  assert.equal(Date.parse(minutes.at(-1)!.at) - Date.parse(minutes.at(-2)!.at), MINUTE)
  stop.abort()
  await running
})
