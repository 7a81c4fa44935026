import { type Instant, MINUTE, SECOND } from '../../kernel/instant.ts'

/** What a key may use. */
export interface Allowance {
  /** Requests a minute, and how many may come at once. */
  readonly rate: number
  /** Requests a day; null: no limit. */
  readonly quota: number | null
}

/** A token bucket, and what was counted of the day. */
export interface Meter {
  readonly tokens: number
  readonly at: Instant
}

export interface Taken {
  readonly meter: Meter
  readonly allowed: boolean
  /** Requests that are left at once. */
  readonly remaining: number
  /** Whole seconds until there is room again (refused), or until the bucket is full (allowed). */
  readonly reset: number
}

export const fullMeter = (rate: number, at: Instant): Meter => ({ tokens: rate, at })

/** Takes one request out of the bucket, which fills evenly. */
export function take(meter: Meter, rate: number, now: Instant): Taken {
  const filled = Math.min(rate, meter.tokens + (Math.max(0, now - meter.at) * rate) / MINUTE)
  const allowed = filled >= 1
  const tokens = allowed ? filled - 1 : filled
  const missing = allowed ? rate - tokens : 1 - tokens
  return {
    meter: { tokens, at: now },
    allowed,
    remaining: Math.floor(tokens),
    reset: Math.max(1, Math.ceil((missing * MINUTE) / rate / SECOND)),
  }
}
