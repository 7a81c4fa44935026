import { bucketsOf, groupOf } from '../kernel/bucket.ts'
import { type Instant, MINUTE, SECOND } from '../kernel/instant.ts'
import { openCases } from '../modules/cases/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Dedicated } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Beats } from './beats.ts'
import { keptBack } from './feed-shelf.ts'
import { markLeft, outageBefore, tellOutage } from './outage.ts'
import { writeJob } from './queries/jobs.ts'
import { otherNodes } from './queries/waiting.ts'
import { casesIn, ENDED, ordersIn } from './reactors.ts'
import type { ReferenceBook } from './references.ts'
import type { Memo } from './rows.ts'
import { RULES_SPREAD } from './spread.ts'
import type { Sql } from './sql.ts'
import { readSwept, type Swept, sweepOpenOrders } from './sweep.ts'

export interface RuleWatchDeps {
  readonly db: Sql & Pick<Database, 'dedicated'>
  readonly references: ReferenceBook
  readonly log: Log
  readonly node: string
  /** Of the world. */
  readonly clock: Clock
  /** Of the machine, for how far a sweep is. */
  readonly wallClock: Clock
  readonly simulated: boolean
  /** Feeds are listened for. */
  readonly heartbeats?: Beats | undefined
  newId(): string
  /** Groups of this node, by lane. */
  lanes(): readonly (readonly number[])[]
  /** Which of these are not the same after they were reconsidered. */
  changedBy(sql: Sql, streams: readonly Swept[], upTo: Instant): Promise<readonly Swept[]>
  offer(group: number, streams: readonly Swept[], upTo: Instant): Promise<boolean>
  /** Resolves when every step that the lanes are at now has ended. */
  stepsEnded(): Promise<unknown>
  readonly signal: AbortSignal
}

/** How far the orders of this node are with the newest change of the rules. */
export interface SweepProgress {
  readonly turn: Instant
  readonly groups: number
  readonly groupsDone: number
  readonly orders: number
  readonly startedAt: Instant
  readonly endedAt: Instant | null
}

const TELL_EVERY = 1000

/** Follows the changes of the rules: which orders have yet to be reconsidered, and the sweep that does it. */
export class RuleWatch {
  private readonly deps: RuleWatchDeps
  private swept = new Map<number, Instant>()
  private running: Promise<void> | null = null
  private looking: Promise<void> | null = null
  private lookAgain = false
  /** The newest change of the rules that a sweep was begun for. */
  private sweeping: Instant = 0
  progress: SweepProgress | null = null

  constructor(deps: RuleWatchDeps) {
    this.deps = deps
  }

  /** Before this node tells that it lives: whether anybody listened to the feeds until now. */
  async begin(): Promise<void> {
    const { db, references, clock, heartbeats, newId, log } = this.deps
    await references.feeds.refresh(db)
    const outage = heartbeats ? await outageBefore(db, clock.now()) : null
    if (outage === null) return
    references.feeds.missed(outage)
    await tellOutage(db, references.feeds.names, { ...outage, newId })
    log.info('nobody listened for a while', { ...outage, feeds: references.feeds.names.length })
  }

  /** Before lanes touch groups that are new to this node. */
  async gained(): Promise<void> {
    this.swept = await readSwept(this.deps.db)
  }

  /**
   * The next change of the rules after the stream's clock that it was not reconsidered at. One from imported history
   * may have a clock before changes that were swept when it was not there yet.
   */
  turnAfter(memo: Memo): Instant | null {
    const { references } = this.deps
    const last = references.rules.at(-1)?.activeFrom ?? 0
    if (memo.clock >= last || memo.kind !== 'order' || memo.version === 0) return null
    const swept = memo.historical ? 0 : (this.swept.get(groupOf(memo.bucket)) ?? 0)
    return swept >= last || !isOpen(memo) ? null : references.nextTurn(Math.max(memo.clock, swept))
  }

  /**
   * The sweep may have looked at a stream when a message that came before the change of the rules had not been handled:
   * the first change after its clock, if its group was swept for it or is being swept.
   */
  missedTurn(memo: Memo): Instant | null {
    const swept = Math.max(this.swept.get(groupOf(memo.bucket)) ?? 0, this.sweeping)
    if (memo.clock >= swept || memo.kind !== 'order' || memo.version === 0 || !isOpen(memo)) return null
    const turn = this.deps.references.nextTurn(memo.clock)
    return turn !== null && turn <= swept ? turn : null
  }

  /** Reconsiders what has to be; one sweep at a time, and what comes into force meanwhile in the next one. */
  sweep(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = null
    })
    return this.running
  }

  /** After the lanes: nothing is swept or looked at any more, and nobody listens. */
  async end(): Promise<void> {
    await this.running
    await this.looking
    const { db, clock, heartbeats, log } = this.deps
    if (!heartbeats) return
    await markLeft(db, clock.now()).catch(error => log.warn('the end was not noted', { error: String(error) }))
  }

  /** A feed was heard of, fell silent or came back: what it kept back is looked at again as soon as it may be. */
  feedsMoved(): Promise<void> {
    this.lookAgain = true
    // One look at a time; what moves meanwhile is seen by the next one, however much of it there is.
    this.looking ??= this.look()
    return this.looking
  }

  private async look(): Promise<void> {
    const { db, references, log, signal } = this.deps
    while (this.lookAgain && !signal.aborted) {
      this.lookAgain = false
      try {
        await references.feeds.refresh(db)
        await this.release()
      } catch (error) {
        log.warn('what silent feeds kept back was not looked at', { error: String(error) })
      }
    }
    // In the same breath as the last look at what moved.
    this.looking = null
  }

  private async release(): Promise<void> {
    const { db, clock, references, lanes, offer, signal } = this.deps
    const buckets = lanes().flat().flatMap(bucketsOf)
    if (buckets.length === 0) return
    for await (const page of keptBack(db, buckets)) {
      const now = clock.now()
      const free = page.filter(({ feed }) => !references.feeds.isSilent(feed, now))
      for (const [group, streams] of Map.groupBy(free, ({ bucket }) => groupOf(bucket)))
        if (signal.aborted || !(await offer(group, streams, now))) return
    }
  }

  private async run(): Promise<void> {
    const turn = this.deps.references.setAt(this.deps.clock.now())?.activeFrom ?? 0
    const lanes = this.deps.lanes().map(groups => groups.filter(g => (this.swept.get(g) ?? 0) < turn))
    const groups = lanes.flat().length
    if (groups === 0) return
    const startedAt = this.deps.wallClock.now()
    this.progress = { turn, groups, groupsDone: 0, orders: 0, startedAt, endedAt: null }
    this.sweeping = turn
    // What is being decided right now does not know of this sweep yet, and would be looked at before it is written.
    const decided = this.deps.stepsEnded()
    let told = 0
    const progress = async (orders: number, done: number): Promise<void> => {
      const { progress: at } = this
      this.progress = { ...at!, orders: at!.orders + orders, groupsDone: at!.groupsDone + done }
      if (this.deps.wallClock.now() - told < TELL_EVERY) return
      told = this.deps.wallClock.now()
      await this.tell('running')
    }
    const { db, log, signal } = this.deps
    // A connection of its own, whose statements are planned once: thousands of looks.
    let looks: Dedicated | null = null
    try {
      const sql = await db.dedicated({ prepare: true })
      looks = sql
      const look = (streams: readonly Swept[]) => this.deps.changedBy(sql, streams, turn)
      const offer = (group: number, streams: readonly Swept[]) => this.deps.offer(group, streams, turn)
      const done = (group: number) => void this.swept.set(group, turn)
      await decided
      await sweepOpenOrders({ sql: db, turn, lanes, look, offer, progress, done, signal })
      if (this.progress.groupsDone < groups) return
      this.progress = { ...this.progress, endedAt: this.deps.wallClock.now() }
      await this.tell('done')
      log.info('open orders reconsidered', { orders: this.progress.orders, turn })
    } catch (error) {
      log.warn('the sweep stopped', { error: String(error) })
    } finally {
      // Not waited for: a connection that carries nothing any more does not end either.
      void looks?.end()
    }
  }

  private async tell(status: 'running' | 'done'): Promise<void> {
    const { db, node, wallClock } = this.deps
    const { groupsDone, groups, ...more } = this.progress!
    const progress = { done: groupsDone, total: groups, unit: 'groups', ...more }
    await writeJob(db, { id: `sweep:${node}`, kind: 'sweep', status, progress }, wallClock.now())
  }

  /** The earliest instant from which a change of the rules can stand: every node must have read it by then. */
  async soonestTurn(): Promise<Instant> {
    const { db, clock, node } = this.deps
    return clock.now() + ((await otherNodes(db, node)) > 0 ? RULES_SPREAD : SECOND)
  }

  /** A change of the rules was stored: reads it, and has open orders reconsidered when it comes into force. */
  async changed(): Promise<void> {
    const { db, clock, references, signal } = this.deps
    await references.refresh(db)
    const turn = references.nextTurn(clock.now())
    if (turn === null || turn > clock.now() + MINUTE) return
    void clock.sleepUntil(turn, signal).then(() => this.sweep())
  }

  /** At `latest`, or when other rules come into force. */
  nextLook(latest: Instant): Instant {
    const { clock, references, simulated } = this.deps
    return Math.min(latest, (simulated ? null : references.nextTurn(clock.now())) ?? latest)
  }
}

/** An order that may still change by itself, or has a case that may. */
const isOpen = ({ slices }: Memo): boolean => !ENDED.has(ordersIn(slices).status) || openCases(casesIn(slices)).open > 0
