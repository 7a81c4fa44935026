import { bucketsOf, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Loaded } from './load.ts'
import { Mailbox } from './mailbox.ts'
import { openPacks, type StoredPack } from './open-packs.ts'
import { type Pack, Packs } from './packs.ts'
import { readPositions } from './positions.ts'
import type { Presence } from './presence.ts'
import { sweepOf } from './reconsider.ts'
import { CLASS, type Work } from './rows.ts'
import { READ_INTAKE, READ_TIMERS } from './sql/load.ts'
import type { LaneSql, Sql } from './sql.ts'
import { quarantinedRow, runStep, type StepDeps, type StepResult } from './step.ts'
import { errorCode, isDone, isHeadRace, isSystemic, isUnknownFact } from './step-errors.ts'
import type { Swept } from './sweep.ts'
import { type Timer, Timers } from './timers.ts'
import { Fenced, type GroupLedger, Stale, writeStep } from './write.ts'

/** Rows of one step; about 50 ms of work, so that a command never waits long behind a backlog. */
const ROWS_PER_STEP = 256
/** Timers of one bucket that are read at once: some thousands a lane, lest a command waits for a long read. */
const TIMERS_PER_BUCKET = 32
/** Packs read per group after a restart or a hint. */
const PACKS_PER_GROUP = 200
const MEMOS_PER_LANE = 12_000

export interface LaneDeps extends StepDeps {
  connect(): Promise<LaneSql>
  isRetryable(error: unknown): boolean
  /** After the commit: what waiters, followers and other lanes need to know. */
  committed(result: StepResult): void
  /** The lane lost a group to another node. */
  fenced(groups: readonly number[]): void
  failed(message: string, error: unknown): void
  sleepUntil(at: Instant, signal: AbortSignal): Promise<void>
  /** Real time, ms: how long to stand back after a failure. */
  pause(ms: number): Promise<void>
  /** How far ahead timers are held in memory, ms. */
  readonly timerWindow: number
  observeStep?(): () => void
  /** Whether people are at work: shared by the lanes of a process, which share its thread. */
  readonly people: Presence
}

/**
 * One worker over some bucket groups: takes what waits, runs a step, keeps the streams it has seen.
 * Modes: idle (nothing waits; sleeps until poked or the next timer) -> running -> idle; any doubt about what it
 * remembers (lost connection, lost lease, a row somebody else took) -> forgets and reads the database again.
 */
export class Lane {
  private readonly deps: LaneDeps
  private readonly groups = new Map<number, GroupLedger>()
  private readonly memos = new Map<string, Loaded>()
  readonly mailbox = new Mailbox()
  private readonly packs = new Packs()
  private readonly timers = new Timers()
  private sql: LaneSql | null = null
  private mustRead = new Set<number>()
  private poke: () => void = () => {}
  private stopping = false
  private running: Promise<void> | null = null
  private busy = false
  /** How often the lane dropped what it remembered. */
  private forgotten = 0
  private turnEnded: Promise<void> = Promise.resolve()
  private quiet: (() => void)[] = []
  /** What we know of positions may be out of date (a commit whose answer was lost). */
  private doubt = false

  constructor(deps: LaneDeps) {
    this.deps = deps
  }

  start(): void {
    this.running ??= this.loop()
  }

  /** Finishes the step at hand and stops; what still waits stays in the database. */
  async stop(): Promise<void> {
    this.stopping = true
    this.poke()
    await this.running
    await this.sql?.end().catch(() => {})
  }

  adopt(group: number, ledger: GroupLedger): void {
    this.groups.set(group, ledger)
    this.mustRead.add(group)
    this.timers.clear()
    this.poke()
  }

  /** Stops touching the group; resolves when the step at hand, which may still hold some of its rows, has ended. */
  async release(group: number): Promise<void> {
    this.groups.delete(group)
    await this.turnEnded
    this.forget([group])
    // The timers are gone with the group; a lane at rest would read those of its other groups too late.
    this.poke()
  }

  /** Resolves when the step at hand, if there is one, has ended. */
  get stepEnded(): Promise<void> {
    return this.turnEnded
  }

  owns(bucket: number): boolean {
    return this.groups.has(groupOf(bucket))
  }

  offer(packs: readonly Pack[]): void {
    for (const pack of this.packs.add(packs)) this.mailbox.push(pack.rows)
    this.poke()
  }

  /**
   * Has the streams of a group reconsidered at `upTo`, behind everything else: the rules changed. Resolves when that is done; with
   * false when some of them were forgotten or belong to another node, so that they must be swept again.
   */
  async sweep(group: number, streams: readonly Swept[], upTo: Instant): Promise<boolean> {
    if (streams.length === 0) return !this.stopping && this.groups.has(group)
    const { forgotten } = this
    const ids = streams.map(one => sweepOf(one, upTo).id)
    for (const one of streams) this.mailbox.pushWake(sweepOf(one, upTo))
    this.poke()
    while (this.forgotten === forgotten && !this.stopping && ids.some(id => this.mailbox.has(id)))
      await this.deps.pause(10)
    await this.turnEnded
    return this.forgotten === forgotten && !this.stopping && this.groups.has(group)
  }

  /** Somebody else wrote to the mailbox of these groups (another node, an import), or it may be so. */
  hint(groups: readonly number[]): void {
    for (const g of groups) if (this.groups.has(g)) this.mustRead.add(g)
    this.poke()
  }

  /** Resolves when nothing waits, nothing is due and no step runs. */
  async whenIdle(): Promise<void> {
    while (!this.idle && !this.stopping) await new Promise<void>(resolve => this.quiet.push(resolve))
  }

  get idle(): boolean {
    return !this.busy && this.mailbox.depth === 0 && this.mustRead.size === 0 && !this.timerDue()
  }

  private timerDue(): boolean {
    const now = this.deps.now()
    const next = this.timers.next()
    return this.groups.size > 0 && ((next !== null && next <= now) || this.timers.windowEnd <= now)
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      try {
        const woken = this.nextPoke()
        const worked = await this.guardedTurn()
        if (!worked) await this.rest(woken)
      } catch (error) {
        await this.recover(error)
      }
    }
    for (const tell of this.quiet.splice(0)) tell()
  }

  private async guardedTurn(): Promise<boolean> {
    this.busy = true
    const { promise, resolve } = Promise.withResolvers<void>()
    this.turnEnded = promise
    try {
      return await this.turn()
    } catch (error) {
      // Before anybody can take us for idle: what we had taken waits in the database.
      this.distrust()
      throw error
    } finally {
      this.busy = false
      resolve()
    }
  }

  private nextPoke(): Promise<void> {
    return new Promise(resolve => {
      this.poke = resolve
    })
  }

  /** Nothing waits: until somebody pokes or the next timer is due. */
  private async rest(woken: Promise<void>): Promise<void> {
    for (const tell of this.quiet.splice(0)) tell()
    if (this.groups.size === 0) return woken
    const due = Math.min(this.timers.next() ?? Number.POSITIVE_INFINITY, this.timers.windowEnd)
    const nap = new AbortController()
    await Promise.race([woken, this.deps.sleepUntil(due, nap.signal)])
    nap.abort()
  }

  private async turn(): Promise<boolean> {
    this.sql ??= await this.deps.connect()
    if (this.doubt) await this.readLedgers(this.sql)
    if (this.mustRead.size > 0 && this.mailbox.depth < ROWS_PER_STEP) await this.readIntake(this.sql)
    if (this.mustReadTimers()) await this.readTimers(this.sql)
    this.takeDueTimers()
    if (this.mailbox.depth === 0) return false
    await this.runBatch(this.take())
    return true
  }

  /** The work of one step. A wake runs until now: its stream may have a later timer that was dropped because this one waited. */
  private take(): Map<string, Work[]> {
    const { people, now } = this.deps
    const work = this.mailbox.take(ROWS_PER_STEP, { upTo: now(), isLively: people.areHere })
    for (const rows of work.values()) {
      // Commands are taken alone: the first stream tells.
      if (rows.some(row => row.class === CLASS.command)) people.seen()
      break
    }
    return work
  }

  /** While catching up, what was read last is worked off before more is read: a read tells what waits already once more. */
  private mustReadTimers(): boolean {
    const now = this.deps.now()
    const isWorkedOff = (this.timers.next() ?? Number.POSITIVE_INFINITY) > now && this.mailbox.wakes < ROWS_PER_STEP
    return this.groups.size > 0 && (!this.timers.isRead || (this.timers.windowEnd <= now && isWorkedOff))
  }

  private takeDueTimers(): void {
    const now = this.deps.now()
    // At least a step's worth, however much waits: an alarm is not kept waiting by a backlog.
    const room = Math.max(ROWS_PER_STEP * 4 - this.mailbox.wakes, ROWS_PER_STEP)
    for (const timer of this.timers.due(now, room)) {
      const { stream, bucket } = timer
      if (this.owns(bucket))
        this.mailbox.pushWake({ what: 'wake', bucket, class: CLASS.event, id: `w:${stream}`, stream, upTo: now })
    }
  }

  private async readTimers(sql: Sql): Promise<void> {
    const asked = new Set(this.groups.keys())
    const buckets = [...asked].flatMap(bucketsOf)
    const until = this.deps.now() + this.deps.timerWindow
    this.timers.clear()
    const { rows } = await sql.query<Timer>(READ_TIMERS, [buckets, until, TIMERS_PER_BUCKET])
    // Groups that came meanwhile have timers that this answer does not hold: the window stays shut, so it is read again.
    if ([...this.groups.keys()].some(g => !asked.has(g))) return
    this.timers.fill(rows, until, TIMERS_PER_BUCKET)
  }

  private async readIntake(sql: Sql): Promise<void> {
    const groups = [...this.mustRead].filter(g => this.groups.has(g))
    this.mustRead.clear()
    if (groups.length === 0) return
    const { rows } = await sql.query<StoredPack>(READ_INTAKE, [groups.map(homeBucketOf), PACKS_PER_GROUP])
    this.offer(await openPacks(sql, this.deps, rows))
    // A group that filled its share may hold more; it is read again when this has been worked off.
    const counts = Map.groupBy(rows, r => groupOf(r.bucket))
    for (const [group, packs] of counts) if (packs.length >= PACKS_PER_GROUP) this.mustRead.add(group)
  }

  private async runBatch(work: Map<string, Work[]>): Promise<void> {
    const mine = new Map([...work].filter(([, rows]) => this.owns(rows[0]!.bucket)))
    if (mine.size === 0) return
    const done = this.deps.observeStep?.()
    try {
      this.settle(
        await runStep(this.sql!, this.deps, { work: mine, memos: this.memos, ledgers: this.groups, packs: this.packs }),
      )
    } catch (error) {
      if (!this.isStatementError(error)) throw error
      await this.bisect(mine, error)
    }
    done?.()
  }

  private settle(result: StepResult): void {
    for (const [group, ledger] of result.ledgers) if (this.groups.has(group)) this.groups.set(group, ledger)
    this.packs.commit(result.packs)
    for (const loaded of result.loaded) this.remember(loaded)
    this.deps.committed(result)
  }

  private remember(loaded: Loaded): void {
    const { memo, stored } = loaded
    this.memos.delete(memo.stream)
    this.memos.set(memo.stream, loaded)
    if (this.memos.size > MEMOS_PER_LANE) {
      const oldest = this.memos.keys().next()
      if (!oldest.done) this.memos.delete(oldest.value)
    }
    const at = stored?.timerAt ?? null
    if (at !== null && at <= this.timers.windowEnd) this.timers.add({ at, stream: memo.stream, bucket: memo.bucket })
  }

  private isStatementError(error: unknown): boolean {
    // A fact that only a newer release knows is no fault of the row: the lane stops until that release takes over.
    if (isUnknownFact(error) || isSystemic(error)) return false
    return (
      !(error instanceof Fenced) && !(error instanceof Stale) && !isHeadRace(error) && !this.deps.isRetryable(error)
    )
  }

  /** Halves the batch until one row is left, which is quarantined; everything else takes effect. */
  private async bisect(work: Map<string, Work[]>, error: unknown): Promise<void> {
    const streams = [...work]
    if (streams.length > 1) {
      const half = streams.length >> 1
      await this.tryPart(new Map(streams.slice(0, half)))
      await this.tryPart(new Map(streams.slice(half)))
      return
    }
    const [stream, rows] = streams[0]!
    if (rows.length > 1) {
      const half = rows.length >> 1
      await this.tryPart(new Map([[stream, rows.slice(0, half)]]))
      await this.tryPart(new Map([[stream, rows.slice(half)]]))
      return
    }
    await this.quarantine(rows[0]!, error)
  }

  private async tryPart(work: Map<string, Work[]>): Promise<void> {
    try {
      this.settle(
        await runStep(this.sql!, this.deps, { work, memos: this.memos, ledgers: this.groups, packs: this.packs }),
      )
    } catch (error) {
      if (!this.isStatementError(error)) throw error
      await this.bisect(work, error)
    }
  }

  private async quarantine(row: Work, error: unknown): Promise<void> {
    const at = this.deps.now()
    const code = errorCode(error)
    const message = error instanceof Error ? error.message : String(error)
    const quarantined = isDone(error) ? [] : [quarantinedRow(row, { code, message }, at)]
    const packs = this.packs.plan(row.what === 'wake' ? [] : [row])
    const base = { at, sealer: this.deps.sealer, ledgers: this.groups, disarm: row.what === 'wake' ? row : null }
    await writeStep(this.sql!, { ...base, streams: [], quarantined, signals: [], packs })
    this.memos.delete(row.stream)
    this.settle({ ledgers: new Map(), decisions: [], loaded: [], signals: [], packs, quarantined })
  }

  private async recover(error: unknown): Promise<void> {
    this.deps.failed('a step was given up; reading again', error)
    const sql = this.sql
    this.sql = null
    // Not waited for: a connection that carries nothing any more does not end either.
    void sql?.end().catch(() => {})
    const pause = error instanceof Stale || error instanceof Fenced ? 5 : isUnknownFact(error) ? 5000 : 200
    if (!this.stopping) await this.deps.pause(pause)
  }

  /** Forgets everything and has it read again. */
  private distrust(): void {
    this.forget([...this.groups.keys()])
    for (const group of this.groups.keys()) this.mustRead.add(group)
    this.doubt = true
  }

  /** Positions and chain heads of our groups as the database has them; groups that are no longer ours are dropped. */
  private async readLedgers(sql: Sql): Promise<void> {
    const asked = new Map(this.groups)
    const ours = await readPositions(sql, asked)
    // What was adopted meanwhile is known better than this answer says.
    const still = new Set([...asked].filter(([group, held]) => this.groups.get(group) === held).map(([group]) => group))
    const lost = [...still].filter(g => !ours.has(g))
    for (const [group, ledger] of ours) if (still.has(group)) this.groups.set(group, ledger)
    for (const group of lost) this.groups.delete(group)
    this.forget(lost)
    this.doubt = false
    if (lost.length > 0) this.deps.fenced(lost)
  }

  private forget(groups: readonly number[]): void {
    this.forgotten++
    const gone = new Set(groups)
    this.mailbox.retain(bucket => !gone.has(groupOf(bucket)))
    this.packs.retain(group => !gone.has(group))
    for (const [stream, { memo }] of this.memos) if (gone.has(groupOf(memo.bucket))) this.memos.delete(stream)
    this.timers.clear()
  }
}
