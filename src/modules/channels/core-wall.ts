import { DAY, type Duration, type Instant, MAX_INSTANT, MIN_INSTANT } from '../../kernel/instant.ts'
import { isDay, offsetAt } from '../../kernel/zone.ts'

/** Reads wall-clock texts of one time zone; the answers are instants or null when the text is not a real date. */
export interface WallReader {
  readonly zone: string
  /** `2018-03-24 04:17:06`, also with `T`, without seconds or without time (midnight); epoch ms. */
  instantOf(text: string): Instant | null
}

/**
 * A reader for texts without an offset. The rule (that of RFC 5545 and of Temporal's `compatible`):
 * a wall time that a clock change skips is read with the offset before the change, so it lands after the gap;
 * a wall time that happens twice is its first occurrence. A source without offsets leaves nothing better.
 */
export function wallReader(zone: string): WallReader {
  const offsets = offsetsOf(zone)
  return {
    zone,
    instantOf(text) {
      const wall = wallMs(text)
      if (wall === null) return null
      const at = resolve(wall, offsets)
      return at < MIN_INSTANT || at >= MAX_INSTANT ? null : at
    },
  }
}

function resolve(wall: number, offsets: (at: Instant) => Duration): Instant {
  const before = offsets(wall - DAY)
  const after = offsets(wall + DAY)
  if (before === after) return wall - before
  const first = wall - Math.max(before, after)
  if (offsets(first) === Math.max(before, after)) return first
  const second = wall - Math.min(before, after)
  if (offsets(second) === Math.min(before, after)) return second
  return wall - before
}

const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/

/** The wall text as if it were UTC; null when a field is out of its range (no 31 April, no 24:00). */
function wallMs(text: string): number | null {
  const m = WALL.exec(text)
  if (!m) return null
  const [year, month, day, hour, minute, second] = m.slice(1).map(x => Number(x ?? 0)) as Six
  if (hour > 23 || minute > 59 || second > 59) return null
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  const back = new Date(at)
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCFullYear() === year ? at : null
}
// The pattern has exactly six groups; an absent one became 0 above.
type Six = [number, number, number, number, number, number]

/** The day part of a wall text, `2018-03-24`, or null when it is not a real date. */
export function dayPartOf(text: string): string | null {
  const day = text.slice(0, 10)
  return wallMs(text) !== null && isDay(day) ? day : null
}

/** Offsets of a zone, asked for twice a day and more often only on days of a change: asking costs microseconds. */
function offsetsOf(zone: string): (at: Instant) => Duration {
  const byDay = new Map<number, Duration | null>()
  return at => {
    const day = Math.floor(at / DAY)
    let offset = byDay.get(day)
    if (offset === undefined) {
      offset = offsetAt(day * DAY, zone)
      if (offset !== offsetAt((day + 1) * DAY, zone)) offset = null
      byDay.set(day, offset)
    }
    return offset ?? offsetAt(at, zone)
  }
}
