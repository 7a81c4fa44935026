import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { windowsOf } from './core-windows.ts'
import type { ChannelEvent } from './types.ts'

const event = (orderKey: string, at: number, type = 'order.confirmed'): ChannelEvent => ({
  event: { specversion: '1.0', id: `${orderKey}-${at}-${type}`, source: '/channels/x', type, time: '', data: {} },
  ...{ occurredAt: at, knownAt: at, orderKey, rows: [] },
})
const shown = (windows: Iterable<ChannelEvent[]>) =>
  [...windows].map(window => window.map(e => `${e.orderKey}${e.occurredAt}`).join(' '))

test('a window has about so many events, and what happened at one instant stays together', () => {
  const events = [1, 1, 2, 3, 3, 3, 3, 4, 5].map((at, i) => event(`o${i}.`, at, 'order.placed'))
  assert.deepEqual(shown(windowsOf(events, 2)), ['o0.1 o1.1', 'o2.2 o3.3 o4.3 o5.3 o6.3', 'o7.4 o8.5'])
})

test('a window ends with the instant at which an order is placed of which something was said before', () => {
  const events = [
    event('a', 1, 'parcel.handed_over'),
    event('b', 2, 'order.placed'),
    event('a', 3, 'order.placed'),
    event('a', 3, 'payment.received'),
    event('a', 4, 'order.approved'),
    event('b', 5),
  ]
  assert.deepEqual(shown(windowsOf(events, 100)), ['a1 b2 a3 a3', 'a4 b5'])
})

test('an instant at which both happen is one window, whichever comes first', () => {
  const events = [event('a', 3, 'parcel.handed_over'), event('a', 3, 'order.placed'), event('a', 4)]
  assert.deepEqual(shown(windowsOf(events, 100)), ['a3 a3', 'a4'])
})

test('nothing is lost or moved, and no order has events after its placing in the window of an early one', () => {
  const events = fc
    .array(fc.record({ order: fc.nat(4), at: fc.nat(30), placed: fc.boolean() }), { maxLength: 60, size: 'max' })
    .map(list =>
      list
        .toSorted((a, b) => a.at - b.at)
        .map(e => event(`o${e.order}`, e.at, e.placed ? 'order.placed' : 'order.confirmed')),
    )
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 20 }), (list, size) => {
      const windows = [...windowsOf(list, size)]
      assert.deepEqual(windows.flat(), list)
      for (const [i, window] of windows.entries()) {
        assert.ok(window.length > 0)
        assert.notEqual(window.at(-1)!.occurredAt, windows[i + 1]?.[0]?.occurredAt)
      }
      for (const [key, of] of Map.groupBy(list, e => e.orderKey)) {
        const placedAt = of.find(e => e.event.type === 'order.placed')?.occurredAt
        if (placedAt === undefined || of[0]!.event.type === 'order.placed') continue
        const window = windows.find(w => w.some(e => e.orderKey === key && e.event.type === 'order.placed'))!
        assert.ok(window.every(e => e.occurredAt <= placedAt))
      }
    }),
  )
})
