import type { LiveCounts, LiveTopic } from '../../contract/api/index.ts'
import { accountableOf, type Principal, permits, type Reach } from '../../contract/principal.ts'
import type { Right } from '../../contract/rights.ts'
import { type Instant, isoOf } from '../../kernel/instant.ts'
import type { LiveBatch } from '../../pipeline/live.ts'
import { countOpen, countOwned } from '../../pipeline/queries/case-counts.ts'
import { listJobs } from '../../pipeline/queries/jobs.ts'
import { countQuarantine, countUnmatched } from '../../pipeline/queries/operations.ts'
import { reachOf } from '../../pipeline/queries/scope.ts'
import { systemClock } from '../../platform/clock.ts'
import type { HttpDeps } from './deps.ts'
import { jobItem } from './handlers/jobs.ts'
import { feedItems } from './handlers/operations.ts'
import type { HeardFeeds } from './heard.ts'
import { eventText, type LiveAsked, LiveClient } from './live-client.ts'
import { type Told, toldOf } from './live-items.ts'
import { LIVE_LIMITS, type LiveLimits } from './live-limits.ts'
import { ApiProblem } from './problem.ts'

/** What does not depend on who asks, only on what they may see. */
type SharedCounts = Omit<LiveCounts, 'mine'>

/** Reads what the topics are about, at the reach of who hears it. */
const RIGHT_OF = { orders: 'order.read', cases: 'case.read', facts: 'order.read' } as const satisfies {
  readonly [T in LiveTopic]?: Right
}

/**
 * Tells all browsers of this process what changes. One follower of the ledger serves all of them, and nothing runs while
 * nobody listens. What one client may hear is decided here, row by row.
 */
export class LiveHub {
  private readonly deps: HttpDeps
  private readonly heard: HeardFeeds
  private readonly limits: LiveLimits
  private readonly clients = new Set<LiveClient>()
  private following: Promise<{ readonly mark: string; stop(): void }> | null = null
  private mark = ''
  /** Batches are told one after another, in the order in which they came. */
  private telling: Promise<void> = Promise.resolve()
  private ticking: Promise<void> | null = null
  private readonly stopping = new AbortController()
  private idle = new AbortController()
  private dirty = true
  private jobsSeen: Instant = 0
  private beatAt: Instant = 0
  private rightsSeen = 0
  private readonly dropped: (by?: number, labels?: Readonly<Record<string, string>>) => void

  constructor(deps: HttpDeps, heard: HeardFeeds, limits: LiveLimits = LIVE_LIMITS) {
    this.deps = deps
    this.heard = heard
    this.limits = limits
    deps.metrics.measured(
      { name: 'live_clients', help: 'Browsers that listen to the live stream' },
      () => this.clients.size,
    )
    const help = 'Clients of the live stream that were sent away, by reason'
    this.dropped = deps.metrics.counter({ name: 'live_dropped_total', help, labels: ['reason'] })
    deps.jobs.onChange(() => void this.tellJobs().catch(error => this.failed(error)))
  }

  /** @throws ApiProblem overloaded, when too many listen already */
  async open(asked: LiveAsked, lastEventId: string | undefined): Promise<LiveClient> {
    if (this.clients.size >= this.limits.clients || this.stopping.signal.aborted)
      throw new ApiProblem('overloaded', 'Too many listen already: try again in a minute.')
    const client = new LiveClient(asked, {
      since: this.deps.now(),
      most: this.limits.buffer,
      left: () => this.left(client),
    })
    this.following ??= this.deps.pipeline.live.listen(batch => this.changed(batch))
    const { mark } = await this.following
    if (this.mark === '') this.mark = mark
    // In line with the batches, so that nothing is told twice or not at all around the moment of joining.
    await this.inLine(() => this.welcome(client, lastEventId))
    this.dirty = true
    this.ticking ??= this.tick().finally(() => {
      this.ticking = null
    })
    return client
  }

  /** Sends everybody away; they come back to whoever answers then. */
  async close(): Promise<void> {
    this.stopping.abort()
    for (const client of this.clients) {
      client.leave('stopping')
      this.dropped(1, { reason: 'stopping' })
    }
    await this.ticking
    await this.telling
    ;(await this.following)?.stop()
    for (const client of this.clients) client.cut()
  }

  private left(client: LiveClient): void {
    this.clients.delete(client)
    if (this.clients.size > 0) return
    this.idle.abort()
    const following = this.following
    this.following = null
    this.mark = ''
    void following?.then(f => f.stop())
  }

  private async welcome(client: LiveClient, lastEventId: string | undefined): Promise<void> {
    const { pipeline, now, version } = this.deps
    const missed = lastEventId === undefined ? null : await pipeline.live.since(lastEventId)
    const resumed = missed !== null
    client.send(`id: ${missed?.mark ?? this.mark}\n${eventText('hello', { now: isoOf(now()), version, resumed })}`)
    this.clients.add(client)
    if (missed) this.tellBatch([client], await toldOf(this.deps, missed))
    else if (lastEventId !== undefined) client.send(eventText('reset', { reason: 'gap' }))
  }

  private changed(batch: LiveBatch): void {
    if (batch.cases.length > 0) this.dirty = true
    void this.inLine(async () => {
      const told = await toldOf(this.deps, batch)
      this.mark = batch.mark
      this.tellBatch(this.clients, told)
    })
  }

  private inLine(work: () => Promise<void>): Promise<void> {
    const done = this.telling.then(work)
    this.telling = done.catch(error => this.failed(error))
    return done
  }

  private tellBatch(clients: Iterable<LiveClient>, told: Awaited<ReturnType<typeof toldOf>>): void {
    for (const client of clients) {
      const heard = (['orders', 'cases', 'facts'] as const).flatMap(topic =>
        client.hears(topic) ? told[topic].filter(t => mayHear(client.asked.principal, topic, t)) : [],
      )
      const skipped = told.skipped > 0 && client.hears('facts') ? eventText('skipped', { facts: told.skipped }) : ''
      const text = `${heard.map(t => t.text).join('')}${skipped}`
      // The place in the ledger goes with what came of it; alone it makes no event, and is remembered all the same.
      if (!client.send(text === '' ? '' : `id: ${told.mark}\n${text}`)) this.lost(client)
    }
  }

  private lost(client: LiveClient): void {
    this.clients.delete(client)
    this.dropped(1, { reason: 'slow' })
    // What it did not read in all this time it will not read now.
    client.cut()
  }

  private async tick(): Promise<void> {
    const { now } = this.deps
    while (this.clients.size > 0 && !this.stopping.signal.aborted) {
      this.idle = new AbortController()
      const beat = now() - this.beatAt >= this.limits.heartbeat
      if (beat) this.beatAt = now()
      await this.round(beat).catch(error => this.failed(error))
      const until = AbortSignal.any([this.stopping.signal, this.idle.signal])
      await systemClock.sleepUntil(systemClock.now() + this.limits.tick, until)
    }
  }

  private async round(beat: boolean): Promise<void> {
    for (const client of this.clients)
      if (this.deps.now() - client.since >= this.limits.renew && client.leave('renew'))
        this.dropped(1, { reason: 'renew' })
    if (beat || this.deps.access.principals.changes !== this.rightsSeen) await this.checkRights()
    if (this.dirty || beat) await this.tellCounts()
    await this.tellJobs()
    if (!beat) return
    await this.tellFeeds()
    for (const client of this.clients) if (!client.send(`: alive\nid: ${this.mark}\n\n`)) this.lost(client)
  }

  /** Whose rights changed is asked to come back, with the rights of now; who was signed out is let in no more. */
  private async checkRights(): Promise<void> {
    this.rightsSeen = this.deps.access.principals.changes
    for (const client of [...this.clients]) {
      const now = await client.asked.still().catch(() => client.asked.principal)
      const same = now !== null && JSON.stringify(now.rights) === JSON.stringify(client.asked.principal.rights)
      if (same || !client.leave('renew')) continue
      this.clients.delete(client)
      this.dropped(1, { reason: 'renew' })
    }
  }

  private async tellCounts(): Promise<void> {
    const clients = this.hearing('counts')
    if (clients.length === 0) return
    this.dirty = false
    const { db } = this.deps
    const owners = [...new Set(clients.map(c => accountableOf(c.asked.actor)))]
    const mine = await countOwned(db, owners)
    const cached = new Map<string, Promise<SharedCounts>>()
    for (const client of clients) {
      const { principal, actor } = client.asked
      const cases = reachOf(principal, 'case.read')
      const waiting = reachOf(principal, 'quarantine.read')
      const key = JSON.stringify([cases, waiting])
      const shared = cached.get(key) ?? this.countsOf(cases, waiting)
      cached.set(key, shared)
      const counts = { ...(await shared), mine: mine.get(accountableOf(actor)) ?? 0 }
      client.sendChanged('counts', eventText('counts', counts))
    }
  }

  private async countsOf(cases: Reach, waiting: Reach): Promise<SharedCounts> {
    const { db, now } = this.deps
    const open = await countOpen(db, cases, now())
    const none = waiting !== 'all' && waiting.length === 0
    return {
      ...open,
      quarantined: none ? null : await countQuarantine(db, { status: ['open'], reach: waiting }),
      unmatched: none ? null : await countUnmatched(db, waiting),
    }
  }

  private async tellFeeds(): Promise<void> {
    const clients = this.hearing('feeds').filter(c => permits(c.asked.principal, 'operations.read'))
    if (clients.length === 0) return
    for (const feed of await feedItems(this.deps, this.heard)) {
      const text = eventText('feed', feed)
      for (const client of clients) client.sendChanged(`feed ${feed.name}`, text)
    }
  }

  /** Jobs that moved since the last look, also those of other processes and of the command line. */
  private async tellJobs(): Promise<void> {
    const clients = this.hearing('jobs')
    if (clients.length === 0) return
    const from = this.jobsSeen
    const { rows } = await listJobs(this.deps.db, { updatedFrom: from }, { limit: 50, after: null })
    for (const row of rows) {
      this.jobsSeen = Math.max(this.jobsSeen, row.updatedAt)
      const text = eventText('job', jobItem(row))
      for (const client of clients) if (mayHearJob(client, row.actor)) client.sendChanged(`job ${row.id}`, text)
    }
  }

  private hearing(topic: LiveTopic): LiveClient[] {
    return [...this.clients].filter(client => client.hears(topic))
  }

  private failed(error: unknown): void {
    this.deps.log.warn('the live stream fell back', { error: String(error) })
  }
}

const mayHear = (principal: Principal, topic: keyof typeof RIGHT_OF, { subject }: Told): boolean =>
  permits(principal, RIGHT_OF[topic], subject)

const mayHearJob = ({ asked }: LiveClient, actor: string): boolean =>
  actor === asked.actor || permits(asked.principal, 'operations.read')
