import { DAY, type Duration, HOUR, MINUTE } from '../../kernel/instant.ts'

/** So many values above `from` and not above `upTo`; the first bar has the least value too. */
export interface Bar {
  readonly from: Duration
  readonly upTo: Duration
  readonly n: number
}

/** A drawing has room for so many bars. */
const MOST = 40
/** Widths that a person reads off an axis. */
const WIDTHS = [
  ...[1, 5, 15, 30].map(n => n * MINUTE),
  ...[1, 2, 3, 6, 12].map(n => n * HOUR),
  ...[1, 2, 5, 10, 30, 100, 365, 3650].map(n => n * DAY),
]
/** What is further out than this is in the first and in the last bar: a few strange orders must not flatten all others. */
const TAIL = 0.01

/**
 * How sorted durations are spread, in bars of one width with an edge at 0; the bars at both ends reach to the least and to
 * the most. Every value is in exactly one bar.
 */
export function histogramOf(sorted: Float64Array): Bar[] {
  if (sorted.length === 0) return []
  const [least, most] = [sorted[0]!, sorted.at(-1)!]
  const [low, high] = [sorted[Math.floor(TAIL * sorted.length)]!, sorted[Math.ceil((1 - TAIL) * sorted.length) - 1]!]
  const width = WIDTHS.find(w => (high - low) / w <= MOST - 2) ?? (high - low) / (MOST - 2)
  const first = Math.ceil(low / width) * width
  const steps = Math.max(0, Math.ceil((high - first) / width))
  const edges = withHarm(
    Array.from({ length: steps + 1 }, (_, i) => first + i * width + 0),
    { least, most },
  )
  const bars: Bar[] = []
  let [from, counted] = [Math.min(least, first - width), 0]
  edges.forEach((edge, i) => {
    const upTo = i === edges.length - 1 ? Math.max(most, edge) : edge
    let n = 0
    while (counted + n < sorted.length && sorted[counted + n]! <= upTo) n++
    bars.push({ from, upTo, n })
    counted += n
    from = upTo
  })
  return bars
}

/** However few stand on the other side of 0, they have a bar of their own. */
function withHarm(
  edges: readonly number[],
  { least, most }: { readonly least: number; readonly most: number },
): number[] {
  if (least < 0 && edges[0]! > 0) return [0, ...edges]
  return most > 0 && edges.at(-1)! <= 0 ? [...edges.slice(0, -1), 0, most] : [...edges]
}
