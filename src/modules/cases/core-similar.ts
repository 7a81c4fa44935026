import type { Duration } from '../../kernel/instant.ts'

/** What makes two cases of one type alike. A missing value is like nothing. */
export interface Traits {
  readonly channel: string | null
  readonly region: string | null
  readonly carrier: string | null
  readonly paymentMethod: string | null
  readonly severity: string
  /** Minor units. */
  readonly amount: number | null
}

export type Trait = keyof Traits

// A carrier or a region explains an exception more often than how severe somebody found it. Chosen by hand: there is
// nothing to learn weights from before cases are closed with causes.
const WEIGHTS: { readonly [T in Trait]: number } = {
  ...{ carrier: 3, region: 2, channel: 2, paymentMethod: 2, amount: 1, severity: 1 },
}
const TOTAL = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0)

/** How alike, 0 to 1, and in what. Amounts are alike when one is at most twice the other. */
export function likeness(a: Traits, b: Traits): { readonly score: number; readonly same: readonly Trait[] } {
  const same = (Object.keys(WEIGHTS) as readonly Trait[]).filter(trait => isSame(trait, a, b))
  return { score: same.reduce((sum, trait) => sum + WEIGHTS[trait], 0) / TOTAL, same }
}

function isSame(trait: Trait, a: Traits, b: Traits): boolean {
  const [x, y] = [a[trait], b[trait]]
  if (x === null || y === null) return false
  if (typeof x === 'number' && typeof y === 'number') return Math.max(x, y) <= 2 * Math.min(x, y)
  return x === y
}

/** How a case ended and how long it took; no cause: it went away by itself. */
export interface Ended {
  readonly cause: string | null
  readonly ms: Duration
}

export interface Ending {
  readonly cause: string | null
  readonly count: number
  /** 0..1 of all. */
  readonly share: number
  readonly medianMs: Duration
}

/** How cases ended, the most frequent first; the median is the lower one of two. */
export function endingsOf(ended: readonly Ended[]): Ending[] {
  const byCause = Map.groupBy(ended, e => e.cause)
  return [...byCause]
    .map(([cause, of]) => {
      const sorted = of.map(e => e.ms).toSorted((a, b) => a - b)
      const medianMs = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
      return { cause, count: of.length, share: of.length / ended.length, medianMs }
    })
    .toSorted((a, b) => b.count - a.count || (a.cause ?? '').localeCompare(b.cause ?? ''))
}
