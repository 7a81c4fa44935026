import { setMaxListeners } from 'node:events'
import type { FactSchema } from '../contract/facts.ts'
import type { StreamKind } from '../contract/stream.ts'
import { GROUPS, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { CalendarDef } from '../kernel/business-time.ts'
import { DAY, HOUR, MINUTE } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import { AUDIT_BUCKET } from '../modules/access/index.ts'
import type { RuleDef } from '../modules/rules/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { KeptConnection } from '../platform/kept-connection.ts'
import { LeaseKeeper } from '../platform/lease-keeper.ts'
import type { Lease } from '../platform/leases.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { isRetryable } from '../platform/retry.ts'
import type { Sealer } from '../platform/seal.ts'
import { AuditSealer } from './audit-sealer.ts'
import type { Beats } from './beats.ts'
import { Collector } from './collector.ts'
import { type CommandAnswer, type CommandRequest, submit } from './commands.ts'
import type { World } from './decide.ts'
import { type Delivery, Dispatcher } from './dispatch.ts'
import { Hints } from './hints.ts'
import { type Incoming, type IngressDeps, ingest, type Receipt } from './ingress.ts'
import type { KeyRef } from './keys.ts'
import { Lane, type LaneDeps } from './lane.ts'
import { LiveFollower } from './live.ts'
import { type LaneMeters, makeLaneMeters } from './meters.ts'
import { Months } from './months.ts'
import { Overloaded } from './overloaded.ts'
import type { Pack } from './packs.ts'
import { takePositions } from './positions.ts'
import { Presence } from './presence.ts'
import { Projector } from './project.ts'
import { reactorsOf, readRowsOf } from './reactors.ts'
import { changedBy } from './reconsider.ts'
import { ReferenceBook } from './references.ts'
import { deliverMatched } from './rematch.ts'
import { Rematcher } from './rematcher.ts'
import { tidyPassing } from './retention.ts'
import { RuleWatch } from './rule-watch.ts'
import { tokenMaker } from './search.ts'
import { RULES_SPREAD } from './spread.ts'
import type { StepResult } from './step.ts'
import { type Settled, Waiters } from './waiters.ts'
import { worldsOf } from './worlds.ts'

/** Rows waiting in the lanes of this process above which new events are refused with 429. */
export const MAX_DEPTH = 50_000

export interface PipelineOptions {
  readonly db: Database
  /** The clock of the world: the wall clock when live, a simulated one in a replay. */
  readonly clock: Clock
  /** Leases and sleeps of the machinery follow real time in every world. */
  readonly wallClock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly sealer: Sealer
  readonly node: string
  readonly lanes: number
  readonly simulated: boolean
  readonly rules: readonly RuleDef[]
  /** Business calendars that rules may name. */
  readonly calendars?: readonly CalendarDef[]
  readonly schema: FactSchema
  newId(): string
  /** The newest shape version of a fact type. */
  versionOf(type: string): number
  upcast(type: string, v: number, body: JsonObject): { v: number; body: JsonObject }
  personalPaths(type: string): readonly string[]
  /** How effects leave; undefined: none are made. */
  readonly deliver?: Delivery
  /** Followers run unless a bench or a test wants the step alone. */
  readonly project?: boolean
  /** Feeds are listened for: they learn their rhythm, and silence is a finding. */
  readonly heartbeats?: Beats | undefined
  /** Once an hour, for the groups that this node owns. */
  readonly upkeep?: ((groups: readonly number[]) => Promise<unknown>) | undefined
  /** 0..1. */
  random(): number
}

/** The loops of one node, put together: step, wake, dispatch, project, and the ways in. */
export class Pipeline {
  readonly references: ReferenceBook
  readonly waiters = new Waiters()
  readonly ruleWatch: RuleWatch
  readonly projector: Projector
  readonly dispatcher: Dispatcher | null
  readonly live: LiveFollower
  private readonly options: PipelineOptions
  private readonly lanes: readonly Lane[]
  private readonly keeper: LeaseKeeper
  private readonly months: Months
  private readonly meters: LaneMeters
  private readonly hints: Hints
  private readonly auditSealer: AuditSealer
  private readonly owned = new Set<number>()
  private readonly collector = new Collector<Incoming, Receipt>((events, flight) =>
    ingest(this.door, this.ingressDeps(), { events, flight }),
  )
  private readonly door: KeptConnection
  private readonly worldOf: (kind: StreamKind) => World
  private readonly people = new Presence(() => this.options.wallClock.now())
  private readonly expectRepeats = { value: false }
  private readonly accepted: IngressDeps['accepted'] = { count: 0, keys: new Set() }
  private readonly rematcher: Rematcher
  private tidying: Promise<unknown> | null = null
  private readonly stopping = new AbortController()

  constructor(options: PipelineOptions) {
    this.options = options
    setMaxListeners(0, this.stopping.signal)
    const { db, log } = options
    this.references = new ReferenceBook(options.schema, options.deliver !== undefined)
    this.months = new Months(db)
    this.door = new KeptConnection(db)
    this.worldOf = worldsOf({ ...options, references: this.references, ruleWatch: () => this.ruleWatch })
    const realNow = () => options.wallClock.now()
    this.meters = makeLaneMeters(options.metrics, { depth: () => this.depth, owned: () => this.owned.size, realNow })
    this.lanes = Array.from({ length: options.lanes }, () => new Lane(this.laneDeps()))
    const { signal } = this.stopping
    const deliver = (keys: readonly KeyRef[] | 'all') => deliverMatched(db, this.ingressDeps(), keys)
    this.rematcher = new Rematcher({ ...options, signal, deliver })
    const pause = (ms: number) => options.wallClock.sleepUntil(options.wallClock.now() + ms, signal)
    this.ruleWatch = new RuleWatch({
      ...{ ...options, references: this.references, signal },
      lanes: () => this.lanes.map(lane => [...this.owned].filter(group => this.laneOf(group) === lane)),
      changedBy: (sql, streams, upTo) =>
        changedBy({ sql, loads: this.loadDeps(), worldOf: this.worldOf, isRetryable }, streams, upTo),
      stepsEnded: () => Promise.all(this.lanes.map(lane => lane.stepEnded)),
      offer: (group, streams, upTo) => this.laneOf(group).sweep(group, streams, upTo),
    })
    this.projector = new Projector({
      db,
      loads: this.loadDeps(),
      log,
      tokens: tokenMaker(options.sealer, type => options.personalPaths(type)),
      groups: () => [...this.owned],
      busy: () => this.collector.busy || this.lanes.some(lane => !lane.idle),
      pause,
    })
    this.dispatcher = options.deliver
      ? new Dispatcher({ ...options, deliver: options.deliver, groups: () => [...this.owned] })
      : null
    this.live = new LiveFollower({ db, clock: options.wallClock, log })
    this.hints = new Hints({
      db,
      failed: error => log.warn('hints are off, looking now and then', { error: String(error) }),
      pause,
    })
    // The group is a lease like any other: one node has it, and when that dies another takes it.
    const mine = (): boolean => this.owned.has(groupOf(AUDIT_BUCKET))
    this.auditSealer = new AuditSealer({ ...options, now: realNow, mine, pause })
    this.keeper = new LeaseKeeper({
      sql: db,
      clock: options.wallClock,
      owner: options.node,
      buckets: Array.from({ length: GROUPS }, (_, group) => homeBucketOf(group)),
      gained: leases => this.gained(leases),
      lost: leases => this.release(leases),
      giveUp: leases => this.release(leases),
      failed: error => log.warn('the lease could not be renewed', { error: String(error) }),
    })
  }

  async start(): Promise<void> {
    const { db, rules, calendars, clock, project, simulated } = this.options
    const activeFrom = clock.now() + (simulated ? 0 : RULES_SPREAD)
    await this.references.publish(db, rules, activeFrom)
    await this.references.publishCalendars(db, calendars ?? [], activeFrom)
    await this.references.refresh(db)
    await this.ruleWatch.begin()
    await this.hints.start({
      mail: groups => this.hinted(groups),
      audit: () => this.auditSealer.poke(),
      news: () => this.live.poke(),
    })
    for (const lane of this.lanes) lane.start()
    await this.keeper.start()
    this.auditSealer.start()
    this.rematcher.request('all')
    if (project !== false) this.projector.start()
    this.dispatcher?.start()
    void this.lookAround()
  }

  /** Finishes what is at hand and gives the leases back; what waits stays in the database. */
  async stop(): Promise<void> {
    this.stopping.abort()
    const kept = (error: unknown) => this.options.log.warn('leases were not given back', { error: String(error) })
    await this.keeper.drain().catch(kept)
    await Promise.all(this.lanes.map(lane => lane.stop()))
    await this.rematcher.running
    await this.ruleWatch.end()
    await this.live.stop()
    await this.projector.stop()
    await this.dispatcher?.stop()
    await this.auditSealer.stop()
    await Promise.all([this.hints.stop(), this.door.end()])
  }

  get depth(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.mailbox.depth, 0)
  }

  get ownedGroups(): number {
    return this.owned.size
  }

  /** Accepts events durably. Throws Overloaded when too much waits already. */
  async ingest(events: readonly Incoming[]): Promise<Receipt[]> {
    if (this.depth > MAX_DEPTH) throw new Overloaded(`${this.depth} rows wait; try again in a second`)
    return this.collector.add(events)
  }

  /** Carries out a command and waits for its outcome, at most two seconds. */
  submit(request: CommandRequest): Promise<CommandAnswer> {
    const { db, clock, wallClock } = this.options
    return submit(
      db,
      {
        waiters: this.waiters,
        now: () => clock.now(),
        offer: packs => this.offer(packs),
        patience: ms => AbortSignal.timeout(ms),
        pause: (ms, signal) => wallClock.sleepUntil(wallClock.now() + ms, signal),
        personalPaths: type => this.options.personalPaths(type),
        sealer: this.options.sealer,
      },
      request,
    )
  }

  /** The outcome of a mailbox row of this process, or null after `ms`. */
  waitFor(row: string, ms: number): Promise<Settled | null> {
    return this.waiters.wait(row, AbortSignal.timeout(ms))
  }

  /** Resolves when the lanes of this node have nothing left to do at the clock's present instant, or when they are stopped. */
  async drained(): Promise<void> {
    do {
      await this.rematcher.running
      for (const lane of this.lanes) await lane.whenIdle()
      // What is left then waits in the database; asking on would keep the thread for ever.
    } while (!this.stopping.signal.aborted && (this.rematcher.running !== null || this.lanes.some(lane => !lane.idle)))
  }

  private ingressDeps(): IngressDeps {
    const { sealer, clock, newId, personalPaths, upcast, heartbeats } = this.options
    return {
      sealer,
      newId,
      personalPaths,
      upcast,
      now: () => clock.now(),
      offer: packs => this.offer(packs),
      expectRepeats: this.expectRepeats,
      accepted: this.accepted,
      keysMoved: keys => this.rematcher.request(keys),
      ...(heartbeats && { beats: (events, now) => heartbeats.of(events, now, newId) }),
    }
  }

  private loadDeps() {
    const { sealer, upcast } = this.options
    return { sealer, upcast, reactorsOf }
  }

  private laneDeps(): LaneDeps {
    const { db, clock, wallClock, log, simulated, personalPaths } = this.options
    return {
      ...this.loadDeps(),
      personalPaths,
      isRetryable,
      now: () => clock.now(),
      worldOf: this.worldOf,
      readRows: readRowsOf,
      ensureMonths: months => this.months.ensure(months),
      connect: () => db.dedicated({ pipeline: true, prepare: true }),
      committed: result => this.committed(result),
      fenced: groups => this.fenced(groups),
      failed: (message, error) => log.warn(message, { error: String(error) }),
      sleepUntil: (at, signal) => clock.sleepUntil(at, signal),
      pause: ms => wallClock.sleepUntil(wallClock.now() + ms),
      timerWindow: simulated ? 3650 * DAY : MINUTE,
      observeStep: this.meters.step,
      people: this.people,
    }
  }

  /** Tells the lanes, or the nodes that own them, of rows that are in the mailbox. */
  offer(packs: readonly Pack[]): void {
    const foreign = new Set<number>()
    for (const pack of packs) {
      const lane = this.laneOf(pack.group)
      if (lane.owns(homeBucketOf(pack.group))) lane.offer([pack])
      else foreign.add(pack.group)
    }
    if (foreign.size > 0) this.hints.tell([...foreign])
  }

  private laneOf(group: number): Lane {
    return this.lanes[group % this.lanes.length]!
  }

  private hinted(groups: readonly number[]): void {
    for (const lane of this.lanes) lane.hint(groups)
  }

  private committed(result: StepResult): void {
    this.waiters.settle(result)
    this.meters.committed(result)
    if (result.signals.length > 0) this.offer(result.signals)
    if (result.decisions.length > 0) this.written()
    if (result.decisions.some(d => d.after.kind === 'feed')) void this.ruleWatch.feedsMoved()
    if (result.decisions.some(d => d.sends.length > 0)) this.dispatcher?.poke()
  }

  private written(): void {
    this.projector.poke()
    this.live.poke()
    // With all groups in one hand nobody else has anything to tell, and nobody else needs to be told.
    if (this.owned.size < GROUPS) this.hints.tellNews()
  }

  private async gained(leases: readonly Lease[]): Promise<void> {
    await this.ruleWatch.gained()
    const taken = await takePositions(this.options.db, leases)
    for (const [group, ledger] of taken) {
      this.owned.add(group)
      this.laneOf(group).adopt(group, ledger)
    }
    this.options.log.info('groups taken', { groups: taken.size })
    this.projector.poke()
    this.auditSealer.poke()
  }

  private async release(leases: readonly Lease[]): Promise<void> {
    const groups = leases.map(l => groupOf(l.bucket))
    for (const group of groups) this.owned.delete(group)
    await Promise.all(groups.map(group => this.laneOf(group).release(group)))
  }

  private fenced(groups: readonly number[]): void {
    for (const group of groups) this.owned.delete(group)
    this.options.log.warn('groups lost to another node', { groups: groups.length })
  }

  // What no hint told us of: rows that another process wrote, new rule versions, keys it added.
  private async lookAround(): Promise<void> {
    const { wallClock, db, log } = this.options
    let tidyAt = wallClock.now() + HOUR
    const { signal } = this.stopping
    while (!signal.aborted) {
      await wallClock.sleepUntil(this.ruleWatch.nextLook(wallClock.now() + 10_000), signal)
      if (signal.aborted) return
      this.hinted([...this.owned])
      this.projector.poke()
      this.auditSealer.poke()
      await this.references.refresh(db).catch(error => log.warn('references were not read', { error: String(error) }))
      void this.ruleWatch.sweep()
      void this.ruleWatch.feedsMoved()
      if (wallClock.now() < tidyAt) continue
      this.rematcher.request('all')
      tidyAt = wallClock.now() + HOUR
      this.tidying ??= (this.options.upkeep ?? (groups => tidyPassing(db, groups, wallClock.now())))([...this.owned])
        .catch(error => log.warn('not tidied', { error: String(error) }))
        .finally(() => (this.tidying = null))
    }
  }
}
