/** What a bench is, and what it hands back. */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the project asks of it; shown beside the value. */
  readonly aim?: { readonly least: number } | { readonly most: number }
}

export interface BenchResult {
  /** The medians, in the order of the table. */
  readonly figures: readonly Figure[]
  /** What each round measured, and whatever helps to understand the figures. */
  readonly rounds?: readonly object[]
  readonly notes?: readonly string[]
  readonly profile?: object
}

export interface BenchOptions {
  /** Smaller data and fewer rounds: minutes become seconds, the ratios are rougher. */
  readonly quick: boolean
  /** An extra round with the profiler on the server, after the timed ones. */
  readonly profile: boolean
  readonly rounds: number
  say(text: string): void
}

export interface Bench {
  readonly name: string
  readonly about: string
  run(options: BenchOptions): Promise<BenchResult>
}

export const meets = ({ value, aim }: Figure): boolean | null => {
  if (aim === undefined) return null
  return 'least' in aim ? value >= aim.least : value <= aim.most
}
