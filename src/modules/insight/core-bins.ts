import type { Duration } from '../../kernel/instant.ts'

// Bins of a fixed ratio keep the same relative error from seconds to months in few numbers (as HdrHistogram and DDSketch
// do): a value is taken for the end of its bin, 5 % too long at most. Stored, so the ratio must never change.
const RATIO = 1.05
const LAST = 400
const FIRST: Duration = 1000

/** The bin of a duration: 0 up to one second, then each ends a twentieth later than the one before. */
export const binOf = (ms: Duration): number =>
  ms <= FIRST ? 0 : Math.min(Math.ceil(Math.log(ms / FIRST) / Math.log(RATIO)), LAST)

/** The longest duration of a bin, whole ms: what is longer is in a later one. */
export const endOfBin = (bin: number): Duration => Math.floor(FIRST * RATIO ** bin)

export interface BinCount {
  readonly bin: number
  readonly n: number
}

/** The duration that a share `q` (0..1) of all does not exceed; null of nothing. */
export function quantileOf(bins: readonly BinCount[], q: number): Duration | null {
  const sorted = bins.filter(b => b.n > 0).toSorted((a, b) => a.bin - b.bin)
  const all = sorted.reduce((sum, b) => sum + b.n, 0)
  let seen = 0
  for (const { bin, n } of sorted) {
    seen += n
    if (seen >= q * all) return endOfBin(bin)
  }
  return null
}

/** How many are longer than a duration that is the end of a bin. */
export const countAbove = (bins: readonly BinCount[], ms: Duration): number =>
  bins.reduce((sum, b) => (b.bin > binOf(ms) ? sum + b.n : sum), 0)
