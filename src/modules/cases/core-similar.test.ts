import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endingsOf, likeness, type Traits } from './core-similar.ts'

const traits: Traits = {
  ...{ channel: 'web', region: '浙江', carrier: 'sf', paymentMethod: 'card', severity: 'P1', amount: 1000 },
}

describe('precedent', () => {
  it('is wholly alike when all is the same, and not at all when nothing is', () => {
    assert.equal(likeness(traits, traits).score, 1)
    const other = { channel: 'app', region: '广东', carrier: 'yto', paymentMethod: 'cod', severity: 'P2', amount: 5000 }
    assert.deepEqual(likeness(traits, other), { score: 0, same: [] })
  })

  it('does not take two missing values for a likeness', () => {
    const none = { ...traits, carrier: null, amount: null }
    assert.deepEqual(likeness(none, none).same, ['region', 'channel', 'paymentMethod', 'severity'])
  })

  it('finds amounts alike up to the double, also zero with zero', () => {
    const amounts = (a: number, b: number) =>
      likeness({ ...traits, amount: a }, { ...traits, amount: b }).same.includes('amount')
    assert.deepEqual([amounts(10, 20), amounts(10, 21), amounts(0, 0), amounts(0, 1)], [true, false, true, false])
  })

  it('counts how cases ended, the most frequent first', () => {
    const ended = [...[3, 1, 2].map(ms => ({ cause: 'carrier', ms })), ...[5, 7].map(ms => ({ cause: null, ms }))]
    assert.deepEqual(endingsOf(ended), [
      { cause: 'carrier', count: 3, share: 0.6, medianMs: 2 },
      { cause: null, count: 2, share: 0.4, medianMs: 5 },
    ])
    assert.deepEqual(endingsOf([]), [])
  })
})
