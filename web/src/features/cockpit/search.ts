export const RANGES = ['today', '7d', '30d'] as const
export type Range = (typeof RANGES)[number]

/** Everything that the cockpit shows can be reached by its address. */
export interface CockpitSearch {
  readonly range?: Exclude<Range, 'today'>
  /** What the Pareto is ranked by; money when left out. */
  readonly by?: 'count' | 'time' | 'open'
  /** For a screen at the wall: no navigation, larger, no verbs. */
  readonly wall?: true
}

export const readSearch = (search: Readonly<Record<string, unknown>>): CockpitSearch => ({
  ...((search.range === '7d' || search.range === '30d') && { range: search.range }),
  ...((search.by === 'count' || search.by === 'time' || search.by === 'open') && { by: search.by }),
  ...((search.wall === true || search.wall === 1) && { wall: true as const }),
})
