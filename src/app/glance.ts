import type { SystemMinute } from '../contract/api/index.ts'
import { type Instant, isoOf, MINUTE } from '../kernel/instant.ts'
import type { Clock } from '../platform/clock.ts'
import type { Metrics, Totals } from '../platform/metrics.ts'

const KEPT = 60

/** What a process did in each of its last sixty minutes, from its own counters. */
export class Glance {
  private readonly metrics: Metrics
  private readonly clock: Clock
  private readonly minutes: SystemMinute[] = []
  private before: Totals = {}
  readonly startedAt: Instant
  /** Share of one processor over the last minute. */
  cpu = 0

  constructor(metrics: Metrics, clock: Clock) {
    this.metrics = metrics
    this.clock = clock
    this.startedAt = clock.now()
  }

  /** The oldest first, the minute at hand last. */
  async read(): Promise<{ minutes: readonly SystemMinute[]; totals: Totals }> {
    const totals = await this.metrics.totals()
    return { totals, minutes: [...this.minutes, this.minute(totals, this.startOfMinute())] }
  }

  /** Closes a minute after the other until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const start = this.startOfMinute()
      await this.clock.sleepUntil(start + MINUTE, signal)
      if (!signal.aborted) this.close(await this.metrics.totals(), start)
    }
  }

  private close(totals: Totals, at: Instant): void {
    this.minutes.push(this.minute(totals, at))
    if (this.minutes.length >= KEPT) this.minutes.shift()
    this.cpu = ((totals.process_cpu_seconds_total ?? 0) - (this.before.process_cpu_seconds_total ?? 0)) / 60
    this.before = totals
  }

  private startOfMinute(): Instant {
    return Math.floor(this.clock.now() / MINUTE) * MINUTE
  }

  private minute(totals: Totals, at: Instant): SystemMinute {
    const since = (name: string): number => Math.max(0, (totals[name] ?? 0) - (this.before[name] ?? 0))
    const mean = (name: string): number => {
      const count = since(`${name}_count`)
      return count === 0 ? 0 : Math.round((since(`${name}_sum`) / count) * 10_000) / 10
    }
    return {
      at: isoOf(at),
      ...{ events: since('events_total'), facts: since('facts_total'), cases: since('cases_opened_total') },
      ...{ requests: since('http_requests_total'), problems: since('http_problems_total') },
      ...{ steps: since('steps_total'), stepMs: mean('step_seconds'), requestMs: mean('http_request_seconds') },
    }
  }
}
