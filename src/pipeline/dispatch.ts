import { bucketsOf } from '../kernel/bucket.ts'
import { HOUR, type Instant, SECOND } from '../kernel/instant.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Sql } from './sql.ts'

/** After this many failures a message is dead: visible, and delivered again only when somebody asks. */
export const MAX_ATTEMPTS = 12
const PAGE = 50
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

const DUE = `
select o.bucket, o.id, o.stream, o.channel, o.type, o.attempts, o.created_at, o.body
from outbox o where o.bucket = any($1::smallint[]) and o.status = 'waiting' and o.next_at <= $2
order by o.next_at limit ${PAGE}`
const SENT = `update outbox set status = 'sent', attempts = attempts + 1, error = null where bucket = $1 and id = $2`
const FAILED = `update outbox set status = $3, attempts = $4, next_at = $5, error = $6 where bucket = $1 and id = $2`
const NEXT = `
select min(next_at) as next from outbox where bucket = any($1::smallint[]) and status = 'waiting'`

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

/** Delivers the outbox of the groups that this node owns, at least once, with growing pauses after failures. */
export class Dispatcher {
  private readonly deps: DispatcherDeps
  private readonly stopping = new AbortController()
  private nap = new AbortController()
  private running: Promise<void> | null = null

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
  }

  private async loop(): Promise<void> {
    const { wallClock, log } = this.deps
    while (!this.stopping.signal.aborted) {
      this.nap = new AbortController()
      let next = wallClock.now() + LOOK_EVERY
      try {
        next = Math.min(next, await this.round())
      } catch (error) {
        log.warn('the outbox could not be read', { error: String(error) })
      }
      if (!this.stopping.signal.aborted) await wallClock.sleepUntil(next, this.nap.signal)
    }
  }

  /** Sends what is due; returns when to look again. */
  async round(): Promise<Instant> {
    const { db, wallClock } = this.deps
    const buckets = this.deps.groups().flatMap(bucketsOf)
    for (;;) {
      const { rows } = await db.query<Due>(DUE, [buckets, wallClock.now()])
      await this.sendAll(rows)
      if (rows.length < PAGE || this.stopping.signal.aborted) break
    }
    const { rows } = await db.query<{ next: Instant | null }>(NEXT, [buckets])
    return rows[0]?.next ?? Number.MAX_SAFE_INTEGER
  }

  /** Receivers side by side; of each some orders at once, and the messages of an order one after another. */
  private async sendAll(rows: readonly Due[]): Promise<void> {
    const receivers = [...Map.groupBy(rows, row => row.channel).values()]
    await Promise.all(
      receivers.flatMap(due => {
        const orders = Map.groupBy(due, row => row.stream).values()
        const lane = async (): Promise<void> => {
          for (const messages of orders) for (const row of messages) await this.send(row)
        }
        return Array.from({ length: LANES }, lane)
      }),
    )
  }

  private async send(row: Due): Promise<void> {
    const { db, wallClock, deliver } = this.deps
    if (this.stopping.signal.aborted) return
    const { bucket, id, stream, channel, type, created_at: createdAt, body } = row
    try {
      await deliver({ id, stream, channel, type, createdAt, body }, this.stopping.signal)
      await db.query(SENT, [bucket, id])
    } catch (error) {
      if (this.stopping.signal.aborted) return
      const attempts = row.attempts + 1
      const status = attempts >= MAX_ATTEMPTS ? 'dead' : 'waiting'
      const pause = Math.min(FIRST_PAUSE * 2 ** row.attempts, LONGEST_PAUSE)
      const next = wallClock.now() + Math.round(pause * (0.75 + this.deps.random() / 2))
      await db.query(FAILED, [bucket, id, status, attempts, next, String(error).slice(0, 500)])
    }
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
