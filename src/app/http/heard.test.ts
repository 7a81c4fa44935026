import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Heard, hear, lagOf } from './heard.ts'

const NOW = 1_800_000_000_000
const told = (lag: number, timed = true) => ({ feed: 'yunlu', occurredAt: NOW - lag, timed })

test('the lag of a feed is that of most of its messages, and of the slowest', () => {
  const heard = new Map<string, Heard>()
  hear(heard, [...Array(90).fill(told(2000)), ...Array(10).fill(told(600_000))], NOW)
  assert.deepEqual(lagOf(heard.get('yunlu')!), { typical: 2000, slow: 600_000, messages: 100 })
  hear(heard, Array(300).fill(told(5000)), NOW + 1)
  assert.deepEqual(lagOf(heard.get('yunlu')!), { typical: 5001, slow: 5001, messages: 200 }, 'the newest count')
})

test('messages without a time, and from the future, do not spoil it', () => {
  const heard = new Map<string, Heard>()
  hear(heard, [told(99_000, false)], NOW)
  assert.deepEqual([heard.get('yunlu')?.at, lagOf(heard.get('yunlu')!)], [NOW, null])
  hear(heard, [told(-60_000)], NOW)
  assert.equal(lagOf(heard.get('yunlu')!)?.typical, 0)
})
