import type { ChannelEvent } from './types.ts'

/**
 * Cuts events in order of time into windows to be played one after the other: each is sent as a whole, and the clock
 * then moves to the instant of its last event. About `size` events each, but what happened at one instant is never cut.
 * A window also ends where an order is placed of which something was said before: that waits for its order, and is
 * delivered before anything later can happen to it only if nothing later was sent. The cuts depend on nothing but the
 * events, so that a replay that goes on after an interruption has the same windows.
 */
export function* windowsOf(events: Iterable<ChannelEvent>, size: number): Generator<ChannelEvent[]> {
  const placed = new Set<string>()
  const early = new Set<string>()
  let window: ChannelEvent[] = []
  let full = false
  for (const event of events) {
    const last = window.at(-1)
    if (last && full && event.occurredAt !== last.occurredAt) {
      yield window
      window = []
      full = false
    }
    window.push(event)
    const { orderKey } = event
    if (event.event.type === 'order.placed') placed.add(orderKey)
    else if (!placed.has(orderKey)) early.add(orderKey)
    full ||= window.length >= size || (placed.has(orderKey) && early.delete(orderKey))
  }
  if (window.length > 0) yield window
}
