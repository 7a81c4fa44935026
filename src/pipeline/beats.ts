import { type Duration, type Instant, MINUTE } from '../kernel/instant.ts'
import { feedRow, type Heartbeats, type Incoming } from './ingress.ts'

/** A feed is told of itself so often at most: its rhythm is learned from these beats. */
const BEAT = MINUTE

export interface BeatOptions {
  /** How far beats are apart at least; a minute when left out. */
  readonly every?: Duration
  /** What came before is no sign of life. */
  readonly from?: Instant
}

/** Tells the streams of feeds that something came of them; what many messages say together is said once a minute. */
export class Beats {
  private readonly every: Duration
  private readonly from: Instant
  private readonly told = new Map<string, Instant>()
  private readonly untold = new Map<string, Set<string>>()

  constructor({ every = BEAT, from = 0 }: BeatOptions = {}) {
    this.every = every
    this.from = from
  }

  /** The beats that go into the mailbox with these events. Imports of history are no sign of life, repeats are. */
  of(events: readonly Incoming[], now: Instant, newId: () => string): Heartbeats {
    const live = events.filter(event => event.knownAt === undefined)
    const beats = [...Map.groupBy(live, event => event.feed)].flatMap(([feed, own]) => {
      const types = this.untold.get(feed) ?? new Set()
      for (const { type } of own) types.add(type)
      this.untold.set(feed, types)
      const at = own.reduce((max, { arrivesAt }) => Math.max(max, arrivesAt ?? now), 0)
      if (at < this.from || at - (this.told.get(feed) ?? Number.NEGATIVE_INFINITY) < this.every) return []
      return [{ feed, at, types: [...types].sort() }]
    })
    const rows = beats.map(({ feed, at, types }) =>
      feedRow(feed, { id: newId(), type: 'feed.heard', at, body: { feed, types } }),
    )
    return { rows, committed: () => beats.forEach(beat => void this.wasTold(beat)) }
  }

  private wasTold({ feed, at, types }: { feed: string; at: Instant; types: readonly string[] }): void {
    this.told.set(feed, Math.max(at, this.told.get(feed) ?? at))
    const left = this.untold.get(feed)
    for (const type of types) left?.delete(type)
  }
}
