import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, isoOf, MINUTE } from '../../../kernel/instant.ts'
import { binOf, endOfBin } from '../../../modules/insight/index.ts'
import { stepsAhead, usualOf } from './outlook.ts'

const NOW = Date.UTC(2026, 10, 12, 3)
const stays = (stage: 'paid' | 'allocated' | 'outForDelivery', ms: number, n: number) => ({
  ...{ stage, slot: 0, bin: binOf(ms), n },
})
/** As the histogram keeps it. */
const kept = (ms: number): number => endOfBin(binOf(ms))

test('what is usual is the median of enough stays', () => {
  const usual = usualOf([stays('paid', MINUTE, 15), stays('paid', HOUR, 6), stays('allocated', HOUR, 19)])
  assert.deepEqual([...usual], [['paid', { ms: kept(MINUTE), stays: 21 }]])
})

test('each node ahead comes after the usual stay before it; nodes that nobody tells of are passed over', () => {
  const usual = usualOf([
    stays('paid', MINUTE, 30),
    stays('allocated', 3 * HOUR, 30),
    stays('outForDelivery', HOUR, 30),
  ])
  const steps = stepsAhead({ stage: 'paid', since: NOW, now: NOW, usual })
  assert.deepEqual(
    steps.map(({ node, at }) => [node, at]),
    [
      ['allocated', isoOf(NOW + kept(MINUTE))],
      ['outForDelivery', isoOf(NOW + kept(MINUTE) + kept(3 * HOUR))],
      ['delivered', isoOf(NOW + kept(MINUTE) + kept(3 * HOUR) + kept(HOUR))],
    ],
  )
})

test('what should have come already is expected now, and the rest counts from there', () => {
  const usual = usualOf([stays('allocated', HOUR, 30), stays('outForDelivery', HOUR, 30)])
  const steps = stepsAhead({ stage: 'allocated', since: NOW - 9 * HOUR, now: NOW, usual })
  assert.deepEqual(
    steps.map(({ at }) => at),
    [isoOf(NOW), isoOf(NOW + kept(HOUR))],
  )
})

test('where too little is known of the stage it stands in, nothing is said', () => {
  assert.deepEqual(stepsAhead({ stage: 'paid', since: NOW, now: NOW, usual: usualOf([]) }), [])
})
