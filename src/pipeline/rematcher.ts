import { SECOND } from '../kernel/instant.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { isRetryable } from '../platform/retry.ts'
import type { KeyRef } from './keys.ts'

export interface RematcherDeps {
  readonly log: Log
  /** Real time. */
  readonly wallClock: Clock
  /** When the node stops. */
  readonly signal: AbortSignal
  deliver(keys: readonly KeyRef[] | 'all'): Promise<unknown>
}

/** Looks for messages whose order has appeared: one look at a time, and what is asked meanwhile in the next one. */
export class Rematcher {
  private readonly deps: RematcherDeps
  private asked: KeyRef[] | 'all' = []
  /** The look that is under way. */
  running: Promise<void> | null = null

  constructor(deps: RematcherDeps) {
    this.deps = deps
  }

  request(keys: readonly KeyRef[] | 'all'): void {
    if (keys === 'all' || this.asked === 'all') this.asked = 'all'
    else for (const key of keys) this.asked.push(key)
    this.running ??= this.look().finally(() => {
      this.running = null
      // Asked for after the last look and before this.
      if (this.asked.length > 0 && !this.deps.signal.aborted) this.request([])
    })
  }

  private async look(): Promise<void> {
    const { log, wallClock, signal } = this.deps
    while (this.asked.length > 0 && !signal.aborted) {
      const keys = this.asked
      this.asked = []
      try {
        await this.deps.deliver(keys)
      } catch (error) {
        log.warn('waiting messages could not be delivered', { error: String(error) })
        if (!isRetryable(error)) continue
        this.asked = 'all'
        await wallClock.sleepUntil(wallClock.now() + SECOND, signal)
      }
    }
  }
}
