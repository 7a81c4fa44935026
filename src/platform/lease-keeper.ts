import type { Duration, Instant } from '../kernel/instant.ts'
import type { Clock } from './clock.ts'
import type { Sql } from './database.ts'
import { acquire, free, type Lease, pulse, release, renew, retire } from './leases.ts'

export interface LeaseKeeperOptions {
  readonly sql: Sql
  readonly clock: Clock
  /** Id of this node; the same one after a restart takes its leases back at once. */
  readonly owner: string
  /** Home buckets of all groups. */
  readonly buckets: readonly number[]
  /** How long a lease lives without renewal, ms; default 10 s. Renewed three times within it. */
  readonly ttl?: Duration
  gained(leases: readonly Lease[]): void | Promise<void>
  /** Taken by others, or not renewed in time. Writing under them fails by epoch anyway. */
  lost(leases: readonly Lease[]): void | Promise<void>
  /** Called before leases are given away on purpose: finish the step at hand, then resolve. */
  giveUp(leases: readonly Lease[]): void | Promise<void>
  failed(error: unknown): void
}

/**
 * Holds this node's fair share of the leases: all of them alone, half of them with a second node, and so on.
 * Modes: stopped -> start() -> holding (a beat every third of the ttl) -> drain() -> stopped.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions
  readonly #ttl: Duration
  readonly #held = new Map<number, Lease>()
  readonly #stop = new AbortController()
  #loop: Promise<void> = Promise.resolve()
  #renewedAt: Instant = 0

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
    this.#ttl = options.ttl ?? 10_000
  }

  held(): Lease[] {
    return [...this.#held.values()].sort((a, b) => a.bucket - b.bucket)
  }

  /** Acquires what is free and goes on in the background. The first beat's failure is thrown. */
  async start(): Promise<void> {
    await this.beat()
    this.#loop = this.#run()
  }

  /** Gives everything back; after it, another node can take over at once. */
  async drain(): Promise<void> {
    this.#stop.abort()
    await this.#loop
    await this.#give(this.held())
    await retire(this.#options.sql, this.#options.owner)
  }

  /** One round: tell that we live, renew, take or give so that the share is fair. Public for tests. */
  async beat(): Promise<void> {
    const { sql, owner, clock } = this.#options
    const asked = clock.now()
    const { now, nodes } = await pulse(sql, owner, this.#ttl)
    if (this.#held.size > 0) await this.#renew(now)
    this.#renewedAt = asked
    const share = Math.ceil(this.#options.buckets.length / nodes)
    if (this.#held.size < share) await this.#take(share - this.#held.size, now)
    else if (this.#held.size > share) await this.#give(this.held().slice(share))
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    for (;;) {
      await this.#options.clock.sleepUntil(this.#options.clock.now() + this.#ttl / 3, signal)
      if (signal.aborted) return
      try {
        await this.beat()
      } catch (error) {
        this.#options.failed(error)
        await this.#expire()
      }
    }
  }

  /** The database cannot be reached: past the ttl others may own what we held, so we stop using it. */
  async #expire(): Promise<void> {
    if (this.#options.clock.now() - this.#renewedAt <= this.#ttl || this.#held.size === 0) return
    const gone = this.held()
    this.#held.clear()
    await this.#options.lost(gone)
  }

  async #renew(now: Instant): Promise<void> {
    const { sql, owner } = this.#options
    const kept = new Set((await renew(sql, { owner, leases: this.held(), now, ttl: this.#ttl })).map(l => l.bucket))
    const gone = this.held().filter(l => !kept.has(l.bucket))
    for (const lease of gone) this.#held.delete(lease.bucket)
    if (gone.length > 0) await this.#options.lost(gone)
  }

  async #take(count: number, now: Instant): Promise<void> {
    const { sql, owner, buckets } = this.#options
    const wanted = buckets.filter(b => !this.#held.has(b))
    const candidates = (await free(sql, { owner, buckets: wanted, now })).slice(0, count)
    if (candidates.length === 0) return
    const taken = await acquire(sql, { owner, buckets: candidates, now, ttl: this.#ttl })
    if (taken.length === 0) return
    // Held only when whoever works under them knows: after a failure the next beat takes them again.
    await this.#options.gained(taken)
    for (const lease of taken) this.#held.set(lease.bucket, lease)
  }

  async #give(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return
    for (const lease of leases) this.#held.delete(lease.bucket)
    await this.#options.giveUp(leases)
    await release(this.#options.sql, this.#options.owner, leases)
  }
}
