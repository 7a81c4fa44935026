import { sql as raw } from 'kysely'
import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../sql.ts'
import { build, run } from './build.ts'
import { type CaseFilter, filteredCases } from './cases.ts'

/** Counting stops here; a list of so many is not read, it is filtered. */
export const SUMMARY_LIMIT = 200_001
/** Values of a facet that are named. */
const VALUES = 20
/** Of a list that is cut; who has more of them does not look for one by eye. */
const MOST_GROUPS = 500

export const FACETS = ['severity', 'type', 'status', 'owner', 'channel', 'region'] as const
export type Facet = (typeof FACETS)[number]

export interface CaseFigures {
  readonly count: number
  readonly money: readonly { readonly currency: string | null; readonly minor: number }[]
  /** By the bounds given, in their order, and what has no deadline. */
  readonly due: readonly number[]
  readonly none: number
}

interface Group {
  slot: number
  currency: string | null
  n: number
  minor: number | null
}

/**
 * How many cases a filter has, how much money, and how many are due before each of the bounds (ascending), after the last
 * of them, or never. One pass over the rows of the filter.
 */
export async function caseFigures(sql: Sql, filter: CaseFilter, bounds: readonly Instant[]): Promise<CaseFigures> {
  const rows = filteredCases(filter)
    .select([
      'o.amount',
      'o.currency',
      raw<number>`case when o.due_at is null then -1 else width_bucket(o.due_at, ${bounds}::bigint[]) end`.as('slot'),
    ])
    .limit(SUMMARY_LIMIT)
    .as('c')
  const query = build
    .selectFrom(rows)
    .select(e => [
      'c.slot',
      'c.currency',
      e.fn.countAll<number>().as('n'),
      raw<number>`sum(c.amount)::bigint`.as('minor'),
    ])
    .groupBy(['c.slot', 'c.currency'])
  const groups: Group[] = await run(sql, query)
  const sum = (of: readonly Group[]): number => of.reduce((all, group) => all + group.n, 0)
  const currencies = Map.groupBy(
    groups.filter(g => g.minor !== null && g.minor !== 0),
    g => g.currency,
  )
  return {
    count: sum(groups),
    money: [...currencies]
      .map(([currency, of]) => ({ currency, minor: of.reduce((all, g) => all + (g.minor ?? 0), 0) }))
      .toSorted((a, b) => b.minor - a.minor),
    due: Array.from({ length: bounds.length + 1 }, (_, i) => sum(groups.filter(g => g.slot === i))),
    none: sum(groups.filter(g => g.slot === -1)),
  }
}

export interface Counted {
  readonly value: string | null
  readonly count: number
}

/** How often each value of a column stands in the rows of a filter. */
const valuesOf = (filter: CaseFilter, facet: Facet) =>
  build
    .selectFrom(
      filteredCases(filter)
        .select(raw<string | null>`${raw.ref(`o.${facet}`)}`.as('value'))
        .limit(SUMMARY_LIMIT)
        .as('c'),
    )
    .select(e => ['c.value', e.fn.countAll<number>().as('count')])
    .groupBy('c.value')

/** The most frequent values of a column among the rows of a filter. */
export const facetOf = async (sql: Sql, filter: CaseFilter, facet: Facet): Promise<Counted[]> =>
  run(sql, valuesOf(filter, facet).orderBy('count', 'desc').orderBy('c.value').limit(VALUES))

/** The groups of a list that is sorted by a column, in its order. */
export const groupsOf = async (sql: Sql, filter: CaseFilter, by: 'type' | 'owner'): Promise<Counted[]> =>
  run(sql, valuesOf(filter, by).orderBy('c.value').limit(MOST_GROUPS))
