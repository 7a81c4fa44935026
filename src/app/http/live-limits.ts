import { MINUTE, SECOND } from '../../kernel/instant.ts'

/** How patient the hub is; tests have less time. */
export interface LiveLimits {
  /** What changed without a ledger row (jobs, counts) is told this often. */
  readonly tick: number
  readonly heartbeat: number
  /** Then the client is asked to come back, as its rights may have changed. */
  readonly renew: number
  /** Bytes that may wait for one client. */
  readonly buffer: number
  readonly clients: number
}

export const LIVE_LIMITS: LiveLimits = {
  ...{ tick: 2 * SECOND, heartbeat: 15 * SECOND, renew: 10 * MINUTE },
  ...{ buffer: 2 * 1024 * 1024, clients: 2000 },
}
