import { type Instant, MINUTE } from '../kernel/instant.ts'
import { feedRow, type Incoming } from './ingress.ts'
import type { IntakeRow } from './rows.ts'

/** A feed is told of itself so often at most: its rhythm is learned from these beats. */
const BEAT = MINUTE

/** Tells the streams of feeds that something came of them; what many messages say together is said once a minute. */
export class Beats {
  private readonly told = new Map<string, Instant>()
  private readonly untold = new Map<string, Set<string>>()

  /** The beats that go into the mailbox with these events. Imports of history are no sign of life. */
  rows(events: readonly Incoming[], now: Instant, newId: () => string): IntakeRow[] {
    const live = events.filter(event => event.knownAt === undefined)
    return [...Map.groupBy(live, event => event.feed)].flatMap(([feed, own]) => {
      const types = this.untold.get(feed) ?? new Set()
      for (const { type } of own) types.add(type)
      this.untold.set(feed, types)
      const at = own.reduce((max, { arrivesAt }) => Math.max(max, arrivesAt ?? now), 0)
      if (at - (this.told.get(feed) ?? Number.NEGATIVE_INFINITY) < BEAT) return []
      this.told.set(feed, at)
      this.untold.delete(feed)
      return [feedRow(feed, { id: newId(), type: 'feed.heard', at, body: { feed, types: [...types].sort() } })]
    })
  }
}
