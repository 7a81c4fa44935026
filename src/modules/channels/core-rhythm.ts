import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../../kernel/instant.ts'

/**
 * The rhythm of a feed, from the gaps between its heartbeats: how they are spread, and for each hour of the week how long
 * a gap that began in it was of late. Nights, weekends and batches are a part of it; nobody sets a limit.
 */
export interface Rhythm {
  readonly since: Instant
  readonly gaps: number
  /** Steps of a factor 1.5 from a minute on -> gaps; old ones fade. */
  readonly bins: { readonly [step: string]: number }
  /** Hour of the week (UTC, from Monday) -> ms; the longest gap that began in it, older ones fading. */
  readonly slots: { readonly [hour: string]: Duration }
}

/** A feed is known after a week that had so many gaps: before, a weekend would look like a fault. */
export const LEARN_FOR = 7 * DAY
export const FEWEST_GAPS = 50
/** No feed is silent before that. Longer than beats are apart and than processes take to hear of one. */
export const LEAST_SILENCE = 10 * MINUTE
const PATIENCE = 3
const SLOT_PATIENCE = 1.5
const FADE = 0.5
/** Gaps that count in full; of twice as many every one counts half. */
const MEMORY = 5000

/** So many silences that take up most of the time since the first of them are the new rhythm. */
export const RELEARN_AFTER = 3
/** What was usual before then counts as so many gaps: few enough that the new ones are more than one in a hundred. */
const BEFORE = 100

/** A gap in which the feed was missed. */
export interface Silence {
  readonly from: Instant
  readonly gap: Duration
}

export const newRhythm = (since: Instant): Rhythm => ({ since, gaps: 0, bins: {}, slots: {} })

const stepOf = (gap: Duration): number => Math.max(0, Math.ceil(Math.log(gap / MINUTE) / Math.log(1.5)))
const edgeOf = (step: number): Duration => MINUTE * 1.5 ** step

/** 1970 began with a Thursday. */
const slotOf = (at: Instant): number => Math.floor((at - 4 * DAY) / HOUR) % 168

/** One more gap, that began at `from`. */
export function withGap({ since, gaps, bins, slots }: Rhythm, from: Instant, gap: Duration): Rhythm {
  const step = String(stepOf(gap))
  const faded = gaps >= 2 * MEMORY ? halved(bins) : bins
  const slot = String(slotOf(from))
  const known = slots[slot] ?? 0
  const longest = gap >= known ? gap : known - (known - gap) * FADE * slotWeight(gap, known)
  return {
    since,
    gaps: gaps >= 2 * MEMORY ? MEMORY : gaps + 1,
    bins: { ...faded, [step]: (faded[step] ?? 0) + 1 },
    slots: { ...slots, [slot]: Math.round(longest) },
  }
}

/**
 * The rhythm after one more silence, and the silences to remember. Single faults leave no trace; a feed that changed from
 * minutes to a batch a day is silent most of the time, and then that is its rhythm.
 */
export function relearned(
  rhythm: Rhythm,
  silences: readonly Silence[],
): { readonly rhythm: Rhythm; readonly left: readonly Silence[] } {
  const latest = silences.slice(-RELEARN_AFTER)
  const { from } = latest[0]!
  const { from: lastFrom, gap: lastGap } = latest.at(-1)!
  const silent = latest.reduce((sum, { gap }) => sum + gap, 0)
  if (latest.length < RELEARN_AFTER || 2 * silent < lastFrom + lastGap - from) return { rhythm, left: latest }
  const total = Object.values(rhythm.bins).reduce((sum, n) => sum + n, 0)
  const share = Math.min(1, BEFORE / total)
  const bins = Object.fromEntries(
    Object.entries(rhythm.bins).map(([step, n]) => [step, Math.round(n * share * 100) / 100]),
  )
  const learned = latest.reduce((next, silence) => withGap(next, silence.from, silence.gap), { ...rhythm, bins })
  return { rhythm: learned, left: [] }
}

/** Short gaps within the same hour say little about the long one that ends it: only a comparable one lets it fade. */
const slotWeight = (gap: Duration, known: Duration): number => (gap >= known / 4 ? 1 : 0)

const halved = (bins: Rhythm['bins']): Rhythm['bins'] =>
  Object.fromEntries(Object.entries(bins).flatMap(([step, n]) => (n >= 2 ? [[step, Math.floor(n / 2)]] : [])))

/** The gap below which this share of all gaps is; 0 without any. */
export function gapAt({ bins }: Rhythm, share: number): Duration {
  const steps = Object.entries(bins).map(([step, n]): [number, number] => [Number(step), n])
  const total = steps.reduce((sum, [, n]) => sum + n, 0)
  let left = total * share
  for (const [step, n] of steps.sort(([a], [b]) => a - b)) {
    left -= n
    if (left <= 0) return Math.round(edgeOf(step))
  }
  return 0
}

export const isLearned = ({ since, gaps }: Rhythm, now: Instant): boolean =>
  gaps >= FEWEST_GAPS && now - since >= LEARN_FOR

/** When the feed counts as silent if nothing is heard of it after `last`; null while its rhythm is not known. */
export function silentAt(rhythm: Rhythm, last: Instant): Instant | null {
  if (!isLearned(rhythm, last)) return null
  const usual = PATIENCE * gapAt(rhythm, 0.99)
  const here = SLOT_PATIENCE * (rhythm.slots[String(slotOf(last))] ?? 0)
  return last + Math.round(Math.max(LEAST_SILENCE, usual, here))
}
