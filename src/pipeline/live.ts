import { GROUPS, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import { type Instant, SECOND } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { CaseRowTable, OrderRowTable } from './queries/tables.ts'
import * as text from './sql/live.ts'
import { jsonRows } from './sql.ts'

/** Ledger rows of one group that a round reads at most; what is more comes in the next one, at once. */
const PAGE = 300
/** Rounds follow each other at this distance at least, so that a busy ledger is read in larger pages. */
const BREATH = 120
/** Without a hint it looks by itself: whoever wrote may be another process whose hint was lost. */
const LOOK = 15 * SECOND
/** Who was away for longer than so many rows is told to read everything again: that is cheaper. */
const MOST_MISSED = 5_000

/** A fact as the live feed tells of it; of its body only what the system itself wrote. */
export interface LiveFact {
  readonly stream: string
  readonly seq: number
  readonly type: string
  readonly actor: string
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly body: JsonObject
}

/** What changed: rows as they are now, and the facts behind them in the order of writing. */
export interface LiveBatch {
  /** Everything up to here has been told; who comes back with it goes on from here. */
  readonly mark: string
  readonly orders: readonly OrderRowTable[]
  readonly cases: readonly CaseRowTable[]
  readonly facts: readonly LiveFact[]
}

export interface LiveDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

interface NewsRow {
  bucket: number
  stream: string
  seq: number
  pos: number
  type: string
  actor: string
  occurred_at: Instant
  recorded_at: Instant
  body: string | null
}

/** How far each group has been read, by group. */
type Positions = readonly number[]

const HOMES = Array.from({ length: GROUPS }, (_, group) => homeBucketOf(group))

/**
 * The one follower of a process that tells browsers what changed. It reads the ledger only while somebody listens, for
 * all of them together, when a hint says that something was written. Nothing is stored: whoever was away says where they
 * were, and gets what changed since from the ledger, at any process.
 */
export class LiveFollower {
  private readonly deps: LiveDeps
  private readonly listeners = new Set<(batch: LiveBatch) => void>()
  private at: Positions | null = null
  private running: Promise<void> | null = null
  private wake: () => void = () => {}
  private poked = false
  private readonly stopping = new AbortController()

  constructor(deps: LiveDeps) {
    this.deps = deps
  }

  /** Something was written: by this process, or by another as its hint says. Costs nothing when nobody listens. */
  poke(): void {
    this.poked = true
    this.wake()
  }

  get listening(): number {
    return this.listeners.size
  }

  /** From now on. Resolves with the mark of now, before which nothing will be told. */
  async listen(listener: (batch: LiveBatch) => void): Promise<{ readonly mark: string; stop(): void }> {
    if (this.at === null) {
      const ends = await this.ends()
      this.at ??= ends
    }
    this.listeners.add(listener)
    this.running ??= this.loop()
    const stop = (): void => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      this.at = null
      this.wake()
    }
    return { mark: markOf(this.at), stop }
  }

  /** What changed since a mark, up to where listeners have been told; null when it is too much or the mark is not ours. */
  async since(mark: string): Promise<LiveBatch | null> {
    const from = positionsOf(mark)
    if (from === null) return null
    const to = this.at ?? (await this.ends())
    const missed = to.reduce((sum, pos, g) => sum + (pos - from[g]!), 0)
    if (missed > MOST_MISSED || to.some((pos, g) => pos < from[g]!)) return null
    const rows: NewsRow[] = []
    for (let at: Positions = from; at.some((pos, g) => pos < to[g]!); ) {
      const page = await this.page(at, to)
      if (page.length === 0) break
      rows.push(...page)
      at = moved(at, page)
    }
    return this.batchOf(rows, to)
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    this.wake()
    await this.running
  }

  private async loop(): Promise<void> {
    const { clock, log } = this.deps
    const { signal } = this.stopping
    while (this.listeners.size > 0 && !signal.aborted) {
      this.poked = false
      const more = await this.round().catch(error => {
        log.warn('the live feed fell back', { error: String(error) })
        return false
      })
      await clock.sleepUntil(clock.now() + BREATH, signal)
      if (more || this.poked) continue
      await this.woken(clock.now() + LOOK)
    }
    // In the same breath as the last look at the listeners: one that comes now begins a loop of its own.
    this.running = null
  }

  /** Until somebody pokes, at the latest then. */
  private async woken(at: Instant): Promise<void> {
    const round = new AbortController()
    const poked = new Promise<void>(resolve => {
      this.wake = resolve
    })
    await Promise.race([poked, this.deps.clock.sleepUntil(at, AbortSignal.any([round.signal, this.stopping.signal]))])
    round.abort()
  }

  /** Tells what was written since the last round; returns whether there is more. */
  private async round(): Promise<boolean> {
    const from = this.at
    if (from === null || this.listeners.size === 0) return false
    const to = await this.ends()
    if (to.every((pos, g) => pos <= from[g]!)) return false
    const rows = await this.page(from, to)
    const batch = await this.batchOf(rows, moved(from, rows))
    // Everybody left meanwhile: whoever comes next begins at its own now.
    if (this.at !== from) return false
    this.at = moved(from, rows)
    for (const listener of this.listeners) listener(batch)
    return this.at.some((pos, g) => pos < to[g]!)
  }

  private async ends(): Promise<Positions> {
    const { rows } = await this.deps.db.query<{ bucket: number; pos: number }>(text.ENDS, [HOMES])
    const ends = new Map(rows.map(row => [groupOf(row.bucket), row.pos]))
    return HOMES.map((_, group) => ends.get(group) ?? 0)
  }

  private async page(from: Positions, to: Positions): Promise<NewsRow[]> {
    const ahead = HOMES.flatMap((b, g) => (to[g]! > from[g]! ? [{ b, f: from[g]!, t: to[g]! }] : []))
    return (await this.deps.db.query<NewsRow>(text.READ_NEWS, [jsonRows(ahead), PAGE])).rows
  }

  private async batchOf(rows: readonly NewsRow[], at: Positions): Promise<LiveBatch> {
    const streams = new Map<string, { b: number; s: string; q: number }>()
    for (const { bucket, stream, seq } of rows) {
      const known = streams.get(stream)
      if (known === undefined || seq < known.q) streams.set(stream, { b: bucket, s: stream, q: seq })
    }
    const asked = [...streams.values()]
    const { db } = this.deps
    const orders = asked.filter(({ s }) => s.startsWith('o-'))
    return {
      mark: markOf(at),
      orders: orders.length === 0 ? [] : (await db.query<OrderRowTable>(text.READ_ORDERS, [jsonRows(orders)])).rows,
      cases: asked.length === 0 ? [] : (await db.query<CaseRowTable>(text.READ_CASES, [jsonRows(asked)])).rows,
      facts: rows.map(factOf),
    }
  }
}

const factOf = (row: NewsRow): LiveFact => ({
  ...{ stream: row.stream, seq: row.seq, type: row.type, actor: row.actor },
  ...{ occurredAt: row.occurred_at, recordedAt: row.recorded_at },
  body: row.body === null ? {} : JSON.parse(row.body),
})

/** Rows come group by group without a gap, so the last one read of a group is where it stands. */
function moved(from: Positions, rows: readonly NewsRow[]): Positions {
  const at = [...from]
  for (const { bucket, pos } of rows) at[groupOf(bucket)] = Math.max(at[groupOf(bucket)]!, pos)
  return at
}

const markOf = (at: Positions): string => at.map(pos => pos.toString(36)).join('.')

/** Null for what is no mark. */
function positionsOf(mark: string): Positions | null {
  const parts = mark.split('.')
  if (parts.length !== GROUPS || !parts.every(part => /^[0-9a-z]{1,11}$/.test(part))) return null
  return parts.map(part => Number.parseInt(part, 36))
}
