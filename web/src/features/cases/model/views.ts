import { effective, filtersOf, type Search, sortOf, textOf } from './filters.ts'

/** Views that everybody has; their names are texts. */
export const BUILT_IN = ['all', 'mine', 'triage', 'today', 'waiting', 'asleep'] as const
export type BuiltIn = (typeof BUILT_IN)[number]

const AWAKE = { state: 'active', snoozed: 'hide' } as const

export const SEARCH_OF: { readonly [V in BuiltIn]: Search } = {
  all: AWAKE,
  mine: { ...AWAKE, owner: ['me'] },
  triage: { ...AWAKE, status: ['open'], sort: 'urgency' },
  today: { ...AWAKE, due: 'today' },
  waiting: { state: 'active', status: ['waiting'] },
  asleep: { state: 'active', snoozed: 'only' },
}

/** A tab: a built-in view, or one that somebody saved. */
export interface Tab {
  readonly id: string
  readonly search: Search
}

const sameAs = (a: Search, b: Search): boolean =>
  textOf(effective(a)) === textOf(effective(b)) && sortOf(a) === sortOf(b)

/** Which tab one is in: the one that the address names, else the first that shows just this. */
export function tabOf(tabs: readonly Tab[], search: Search): { readonly tab: Tab; readonly changed: boolean } | null {
  const named = tabs.find(tab => tab.id === search.view)
  if (named) return { tab: named, changed: !sameAs(named.search, search) }
  const same = tabs.find(tab => sameAs(tab.search, search))
  return same ? { tab: same, changed: false } : null
}

/** Nothing is said in this address, not even what is usual. */
export const isBare = (search: Search): boolean =>
  Object.keys(filtersOf(search)).length === 0 && search.view === undefined && search.sort === undefined
