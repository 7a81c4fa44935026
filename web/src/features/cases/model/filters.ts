import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import type { Severity } from '../../../../../src/contract/exceptions.ts'

/** The filters of the inbox as they stand in its address, under the names that the API has for them. */

export const STATUSES = ['open', 'acknowledged', 'working', 'waiting', 'resolved', 'cleared', 'closed'] as const
export type Status = CaseItem['status']
export const SEVERITIES: readonly Severity[] = ['P0', 'P1', 'P2', 'P3']
/** The first three cut the list into groups. */
export const SORTS = ['due', 'type', 'owner', 'urgency', 'money', 'opened', 'oldest'] as const
export type Sort = (typeof SORTS)[number]

const LISTS = ['status', 'severity', 'type', 'owner', 'channel', 'region', 'cause'] as const
export type ListField = (typeof LISTS)[number]
const INSTANTS = ['opened', 'acknowledged', 'resolved', 'ended', 'due'] as const
export const RANGES = INSTANTS.flatMap(name => [`${name}From`, `${name}To`] as const)
export type Range = `${(typeof INSTANTS)[number]}${'From' | 'To'}`

export interface Filters extends Partial<Readonly<Record<Range, string>>> {
  readonly state?: 'active' | 'over' | 'all'
  readonly status?: readonly Status[]
  readonly severity?: readonly Severity[]
  readonly type?: readonly string[]
  /** `me`, `none`, or actors. */
  readonly owner?: readonly string[]
  readonly channel?: readonly string[]
  readonly region?: readonly string[]
  readonly cause?: readonly string[]
  readonly holds?: boolean
  readonly snoozed?: 'hide' | 'only' | 'all'
  readonly q?: string
  readonly order?: string
  /** Minor units. */
  readonly amountFrom?: number
  readonly amountTo?: number
  /** Overdue, or due before the end of the reader's day: stays true tomorrow. */
  readonly due?: 'overdue' | 'today'
}

export interface Search extends Filters {
  readonly sort?: Sort
  /** The saved view that one came from: its id. */
  readonly view?: string
  /** The case in the drawer. */
  readonly open?: string
}

/** What one sees who says nothing. */
export const USUAL: Filters = { state: 'active', snoozed: 'hide' }

const MOST = 20

const wordsIn = (value: unknown): string[] =>
  (Array.isArray(value)
    ? value
    : typeof value === 'string' || typeof value === 'number'
      ? String(value).split(',')
      : []
  )
    .map(word => String(word).trim())
    .filter(word => word !== '' && word.length <= 120)
    .slice(0, MOST)

const known = <V extends string>(all: readonly V[], value: unknown): V | undefined => all.find(one => one === value)

const instant = (value: unknown): string | undefined =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined

function whole(value: unknown): number | undefined {
  const n = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  return Number.isSafeInteger(n) && n >= 0 ? n : undefined
}

const text = (value: unknown, most: number): string | undefined => {
  const words = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return words === '' ? undefined : words.slice(0, most)
}

const yesNo = (value: unknown): boolean | undefined =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined

/** Reads the search part of an address; what is not as it should be counts as not given. */
export function readSearch(search: Readonly<Record<string, unknown>>): Search {
  const lists: Partial<Record<ListField, readonly string[]>> = {}
  for (const field of LISTS) {
    const words = wordsIn(search[field])
    const kept = field === 'status' ? words.filter(w => known(STATUSES, w)) : words
    const right = field === 'severity' ? kept.filter(w => known(SEVERITIES, w)) : kept
    if (right.length > 0) lists[field] = right
  }
  const ranges = Object.fromEntries(RANGES.map(name => [name, instant(search[name])]))
  return withoutGaps<Search>({
    // The two lists of known words were filtered by them above.
    ...(lists as Pick<Filters, ListField>),
    ...ranges,
    state: known(['active', 'over', 'all'] as const, search.state),
    holds: yesNo(search.holds),
    snoozed: known(['hide', 'only', 'all'] as const, search.snoozed),
    q: text(search.q, 100),
    order: text(search.order, 100),
    amountFrom: whole(search.amountFrom),
    amountTo: whole(search.amountTo),
    due: known(['overdue', 'today'] as const, search.due),
    sort: known(SORTS, search.sort),
    view: text(search.view, 100),
    open: typeof search.open === 'string' && /^c-[0-9a-z]{26}$/.test(search.open) ? search.open : undefined,
  })
}

/** Leaves out what is undefined, so that an address does not carry empty names. */
export function withoutGaps<S extends object>(given: { readonly [K in keyof S]: S[K] | undefined }): S {
  // Safe: only entries without a value go.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as S
}

export const filtersOf = ({ sort: _sort, view: _view, open: _open, ...filters }: Search): Filters => filters

/**
 * The filters that hold: the usual ones where the address says nothing at all. A link from elsewhere means cases that are
 * not over unless it says otherwise, and hides none that were put aside, so that its number is the number of rows.
 */
export function effective(search: Search): Filters {
  const given = filtersOf(search)
  return Object.keys(given).length === 0 ? USUAL : { state: 'active', ...given }
}

/** A list of open work is read by its deadlines, any other one by its age. */
export const sortOf = (search: Search): Sort => search.sort ?? (effective(search).state === 'active' ? 'due' : 'opened')

const endOfToday = (now: number): number => {
  const day = new Date(now)
  day.setHours(24, 0, 0, 0)
  return day.getTime()
}

/** The query of the API for these filters. @param now epoch ms: what `due` is measured by */
export function queryOf({ due, ...filters }: Filters, now: number) {
  const { status, severity, type, owner, channel, region, cause, ...rest } = filters
  const until = due === 'overdue' ? now : due === 'today' ? endOfToday(now) : null
  return {
    ...rest,
    ...(status && { status: [...status] }),
    ...(severity && { severity: [...severity] }),
    ...(type && { type: [...type] }),
    ...(owner && { owner: [...owner] }),
    ...(channel && { channel: [...channel] }),
    ...(region && { region: [...region] }),
    ...(cause && { cause: [...cause] }),
    ...(until !== null && { dueTo: new Date(until).toISOString() }),
  }
}

/** Equal filters give equal text, whatever the order in which they were chosen. */
export function textOf(filters: Filters): string {
  const entries = Object.entries(filters).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.toSorted() : value,
  ])
  return JSON.stringify(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

/** Filters and sorting as parameters of an address, for a saved view. */
export function addressOf(search: Search): Record<string, string> {
  const given = Object.entries(search).filter(
    ([name, value]) => name !== 'open' && name !== 'view' && value !== undefined,
  )
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  )
}
