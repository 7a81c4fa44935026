/** Epoch milliseconds, UTC, always an integer. */
export type Instant = number
/** Milliseconds, always an integer; never negative unless a difference says so. */
export type Duration = number

export const SECOND: Duration = 1000
export const MINUTE: Duration = 60 * SECOND
export const HOUR: Duration = 60 * MINUTE
export const DAY: Duration = 24 * HOUR

/** The range of instants that we accept: 1970-01-01 to 2200-01-01. Outside of it a time is a mistake, not a fact. */
export const MIN_INSTANT: Instant = 0
export const MAX_INSTANT: Instant = Date.UTC(2200, 0, 1)

/** ISO 8601 in UTC with milliseconds, e.g. `2026-11-21T08:00:00.000Z`. */
export const isoOf = (at: Instant): string => new Date(at).toISOString()

/** Months since year 0 (year * 12 + month), the partition key of the ledger; in UTC. */
export function monthOf(at: Instant): number {
  const d = new Date(at)
  return d.getUTCFullYear() * 12 + d.getUTCMonth()
}
