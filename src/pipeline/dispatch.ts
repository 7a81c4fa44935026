import { bucketsOf } from '../kernel/bucket.ts'
import { HOUR, type Instant, SECOND } from '../kernel/instant.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Sql } from './sql.ts'

/** After this many failures a message is dead: visible, and delivered again only when somebody asks. */
export const MAX_ATTEMPTS = 12
const PAGE = 50
/** A receiver with fewer messages in hand than this gets more. */
const FEW = PAGE / 2
/** Orders of one receiver whose messages are under way at once: one that is answered slowly holds up itself alone. */
const LANES = 8
const FIRST_PAUSE = 5 * SECOND
const LONGEST_PAUSE = HOUR
const LOOK_EVERY = 30 * SECOND

export interface OutMessage {
  /** Stable over all attempts: the receiver's idempotency key. */
  readonly id: string
  readonly channel: string
  readonly type: string
  readonly stream: string
  readonly createdAt: Instant
  readonly body: string
}

/** Sends one message; rejects when it was not taken. */
export type Delivery = (message: OutMessage, signal: AbortSignal) => Promise<void>

/** Without the receivers that have enough in hand, and without the orders that are in hand ("stream channel"). */
const DUE = `
select o.bucket, o.id, o.stream, o.channel, o.type, o.attempts, o.created_at, o.body
from outbox o where o.bucket = any($1::smallint[]) and o.status = 'waiting' and o.next_at <= $2
  and o.channel <> all($3::text[]) and (o.stream || ' ' || o.channel) <> all($4::text[])
order by o.next_at limit ${PAGE}`
const SENT = `update outbox set status = 'sent', attempts = attempts + 1, error = null where bucket = $1 and id = $2`
const FAILED = `update outbox set status = $3, attempts = $4, next_at = $5, error = $6 where bucket = $1 and id = $2`
const NEXT = `
select min(next_at) as next from outbox where bucket = any($1::smallint[]) and status = 'waiting' and next_at > $2`

interface Due {
  bucket: number
  id: string
  stream: string
  channel: string
  type: string
  attempts: number
  created_at: Instant
  body: string
}

/** What is in hand for one receiver: read, and not yet sent and noted. */
interface Receiver {
  readonly orders: Map<string, Due[]>
  /** Those of them that no lane has begun. */
  readonly waiting: string[]
  messages: number
  lanes: number
}

/** Delivers the outbox of the groups that this node owns, at least once, with growing pauses after failures. */
export class Dispatcher {
  private readonly deps: DispatcherDeps
  private readonly stopping = new AbortController()
  private nap = new AbortController()
  private running: Promise<void> | null = null
  private readonly receivers = new Map<string, Receiver>()
  private readonly lanes = new Set<Promise<void>>()

  constructor(deps: DispatcherDeps) {
    this.deps = deps
  }

  start(): void {
    this.running ??= this.loop()
  }

  poke(): void {
    this.nap.abort()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    this.nap.abort()
    await this.running
    await Promise.all(this.lanes)
  }

  private async loop(): Promise<void> {
    const { wallClock, log } = this.deps
    while (!this.stopping.signal.aborted) {
      this.nap = new AbortController()
      let next = wallClock.now() + LOOK_EVERY
      try {
        next = Math.min(next, await this.look())
      } catch (error) {
        log.warn('the outbox could not be read', { error: String(error) })
      }
      if (!this.stopping.signal.aborted) await wallClock.sleepUntil(next, this.nap.signal)
    }
  }

  /** Sends all that is due and waits for it; returns when to look again. */
  async round(): Promise<Instant> {
    for (;;) {
      this.nap = new AbortController()
      const next = await this.look()
      // Whatever ended while we looked poked, and may have made `next` out of date.
      if (this.lanes.size > 0) await Promise.race(this.lanes)
      else if (!this.nap.signal.aborted) return next
    }
  }

  /**
   * Takes in hand what is due, and waits for nobody: a receiver that answers slowly fills its own hand, and the next
   * page is without it. Returns when the next message falls due.
   */
  private async look(): Promise<Instant> {
    const { db, wallClock } = this.deps
    const buckets = this.deps.groups().flatMap(bucketsOf)
    for (;;) {
      const now = wallClock.now()
      const { rows } = await db.query<Due>(DUE, [buckets, now, ...this.inHand()])
      if (this.stopping.signal.aborted) return now
      for (const [channel, due] of Map.groupBy(rows, row => row.channel)) this.take(channel, due)
      if (rows.length === PAGE) continue
      const { rows: later } = await db.query<{ next: Instant | null }>(NEXT, [buckets, now])
      return later[0]?.next ?? Number.MAX_SAFE_INTEGER
    }
  }

  private inHand(): [full: string[], orders: string[]] {
    const all = [...this.receivers]
    const full = all.filter(([, { messages }]) => messages >= FEW).map(([channel]) => channel)
    return [full, all.flatMap(([channel, { orders }]) => [...orders.keys()].map(stream => `${stream} ${channel}`))]
  }

  private take(channel: string, due: readonly Due[]): void {
    const none: Receiver = { orders: new Map(), waiting: [], messages: 0, lanes: 0 }
    const receiver = this.receivers.get(channel) ?? none
    this.receivers.set(channel, receiver)
    for (const [stream, messages] of Map.groupBy(due, row => row.stream)) {
      receiver.orders.set(stream, messages)
      receiver.waiting.push(stream)
      receiver.messages += messages.length
    }
    for (let n = Math.min(LANES - receiver.lanes, receiver.waiting.length); n > 0; n--) {
      const lane = this.lane(receiver).finally(() => this.lanes.delete(lane))
      this.lanes.add(lane)
    }
  }

  /** Of a receiver some orders at once, and the messages of an order one after another. Never rejects. */
  private async lane(receiver: Receiver): Promise<void> {
    receiver.lanes++
    for (let stream = receiver.waiting.shift(); stream !== undefined; stream = receiver.waiting.shift()) {
      const messages = receiver.orders.get(stream) ?? []
      for (const message of messages) await this.send(message)
      receiver.orders.delete(stream)
      receiver.messages -= messages.length
      // What came for this order meanwhile, or did not fit in, can be taken now.
      if (receiver.messages < FEW) this.poke()
    }
    receiver.lanes--
  }

  private async send(row: Due): Promise<void> {
    const { wallClock, deliver } = this.deps
    if (this.stopping.signal.aborted) return
    const { bucket, id, stream, channel, type, created_at: createdAt, body } = row
    try {
      await deliver({ id, stream, channel, type, createdAt, body }, this.stopping.signal)
    } catch (error) {
      if (this.stopping.signal.aborted) return
      const attempts = row.attempts + 1
      const status = attempts >= MAX_ATTEMPTS ? 'dead' : 'waiting'
      const pause = Math.min(FIRST_PAUSE * 2 ** row.attempts, LONGEST_PAUSE)
      const next = wallClock.now() + Math.round(pause * (0.75 + this.deps.random() / 2))
      return this.note(FAILED, [bucket, id, status, attempts, next, String(error).slice(0, 500)])
    }
    await this.note(SENT, [bucket, id])
  }

  /** Until it is written down the message stays in hand, so that it is not sent again only because the database was away. */
  private async note(sql: string, values: readonly unknown[]): Promise<void> {
    const { db, wallClock, log } = this.deps
    const { signal } = this.stopping
    do {
      try {
        await db.query(sql, values)
        return
      } catch (error) {
        log.warn('what became of a message could not be noted', { id: String(values[1]), error: String(error) })
      }
      await wallClock.sleepUntil(wallClock.now() + FIRST_PAUSE, signal)
    } while (!signal.aborted)
  }
}

export interface DispatcherDeps {
  readonly db: Sql
  readonly wallClock: Clock
  readonly log: Log
  readonly deliver: Delivery
  groups(): readonly number[]
  /** 0..1, spreads retries so that receivers that come back are not stormed. */
  random(): number
}
