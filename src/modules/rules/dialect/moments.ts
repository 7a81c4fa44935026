import {
  DAY,
  type Duration,
  HOUR,
  type Instant,
  MAX_INSTANT,
  MIN_INSTANT,
  MINUTE,
  SECOND,
} from '../../../kernel/instant.ts'

const UNITS: { readonly [unit: string]: Duration } = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/**
 * `24h`, `1h30m`, `-90s`, `500ms` (CEL and Go notation) to milliseconds; with `days`, also `4d`, which CEL does not know.
 * Null when it is not a duration or not a whole number of milliseconds.
 */
export function durationOf(text: string, days: 'days' | 'cel' = 'cel'): Duration | null {
  const units = days === 'days' ? 'ms|s|m|h|d' : 'ms|s|m|h'
  const whole = new RegExp(`^([+-]?)((?:(?:\\d+\\.?\\d*|\\.\\d+)(?:${units}))+)$`).exec(text)
  if (!whole) return null
  let total = 0
  for (const [, amount, unit] of whole[2]!.matchAll(new RegExp(`(\\d+\\.?\\d*|\\.\\d+)(${units})`, 'g'))) {
    total += Number(amount) * UNITS[unit!]!
  }
  if (!Number.isSafeInteger(total)) return null
  return whole[1] === '-' ? -total : total
}

const RFC3339 = /^\d{4}-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/

/** RFC 3339 text with a zone to epoch milliseconds; null when it is not one, or outside of the years that we accept. */
export function instantOf(text: string): Instant | null {
  const match = RFC3339.exec(text)
  if (!match) return null
  const at = Date.parse(text)
  if (!(at >= MIN_INSTANT && at <= MAX_INSTANT)) return null
  // Date.parse turns 30 February into 2 March; a day that does not exist is a mistake in the rule.
  const days = new Date(Date.UTC(Number(text.slice(0, 4)), Number(match[1]), 0)).getUTCDate()
  return Number(match[2]) <= days ? at : null
}
