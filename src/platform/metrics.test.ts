import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

test('counters, gauges and histograms appear in the text format', async () => {
  const metrics = createMetrics({ process: false })
  const steps = metrics.counter({ name: 'steps_total', help: 'Steps.', labels: ['kind'] })
  steps(2, { kind: 'orders' })
  steps(1, { kind: 'orders' })
  metrics.gauge({ name: 'waiting', help: 'Rows.' })(7)
  metrics.measured({ name: 'lanes', help: 'Lanes.' }, () => 2)
  metrics.histogram({ name: 'step_seconds', help: 'Time.', buckets: [0.1, 1] })(0.5)
  const text = await metrics.text()
  for (const line of [
    'andon_steps_total{kind="orders"} 3',
    'andon_waiting 7',
    'andon_lanes 2',
    'andon_step_seconds_bucket{le="0.1"} 0',
    'andon_step_seconds_bucket{le="1"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), line)
  }
  assert.match(metrics.contentType, /^text\/plain/)
})
