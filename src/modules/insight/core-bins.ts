import type { Duration } from '../../kernel/instant.ts'

// Bins of a fixed ratio keep the same relative error from seconds to months in few numbers (as HdrHistogram and DDSketch
// do): a value is off by half a bin, 5 %, at most. Stored, so the ratio must never change.
const RATIO = 1.1
const FIRST: Duration = 1000

/** The bin of a duration: 0 up to one second, then each a tenth longer than the one before. */
export const binOf = (ms: Duration): number =>
  ms <= FIRST ? 0 : Math.min(Math.ceil(Math.log(ms / FIRST) / Math.log(RATIO)), 300)

/** The geometric middle of a bin, whole ms. */
export const msOfBin = (bin: number): Duration => (bin === 0 ? FIRST : Math.round(FIRST * RATIO ** (bin - 0.5)))

export interface BinCount {
  readonly bin: number
  readonly n: number
}

/** The duration below which a share `q` (0..1) of all lies; null of nothing. */
export function quantileOf(bins: readonly BinCount[], q: number): Duration | null {
  const sorted = bins.filter(b => b.n > 0).toSorted((a, b) => a.bin - b.bin)
  const all = sorted.reduce((sum, b) => sum + b.n, 0)
  let seen = 0
  for (const { bin, n } of sorted) {
    seen += n
    if (seen >= q * all) return msOfBin(bin)
  }
  return null
}

/** How many lie above a duration, by whole bins. */
export const countAbove = (bins: readonly BinCount[], ms: Duration): number =>
  bins.reduce((sum, b) => (b.bin > binOf(ms) ? sum + b.n : sum), 0)
