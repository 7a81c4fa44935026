/** The filters of the inbox as they stand in its address; what is not as it should be counts as not given. */

export const SEVERITIES = ['P0', 'P1', 'P2', 'P3'] as const
export type Severity = (typeof SEVERITIES)[number]
export const SORTS = ['urgency', 'due', 'opened', 'money'] as const
export type Sort = (typeof SORTS)[number]
export const WHOSE = ['mine', 'none'] as const
export const STATES = ['active', 'over'] as const

/** Filters that other pages link with, by the names that they have in the API; the bar shows them as chips. */
export const LINKED = [
  ...(['status', 'owner', 'channel', 'region', 'holds', 'order', 'openedFrom', 'openedTo'] as const),
  ...(['acknowledgedFrom', 'acknowledgedTo', 'resolvedFrom', 'resolvedTo', 'endedFrom', 'endedTo'] as const),
  ...(['dueFrom', 'dueTo', 'amountFrom', 'amountTo', 'cause'] as const),
] as const
type Linked = { readonly [K in (typeof LINKED)[number]]?: string }

export interface Filters extends Linked {
  readonly q?: string
  readonly severity?: readonly Severity[]
  readonly whose?: (typeof WHOSE)[number]
  /** Left out: those that are not over. */
  readonly state?: 'over' | 'all'
  readonly type?: string
  readonly sort?: Sort
}

const oneOf = <V extends string>(known: readonly V[], value: unknown): V | undefined => known.find(k => k === value)

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && String(value).trim() !== ''
    ? String(value).trim().slice(0, 100)
    : undefined

function severities(value: unknown): readonly Severity[] | undefined {
  const given: readonly unknown[] = Array.isArray(value) ? value : String(value ?? '').split(',')
  const known = SEVERITIES.filter(severity => given.includes(severity))
  return known.length === 0 ? undefined : known
}

// Values are held to the API by the server, which says what is wrong with them.
const linkedIn = (search: Record<string, unknown>): Linked =>
  Object.fromEntries(LINKED.flatMap(name => (text(search[name]) === undefined ? [] : [[name, text(search[name])]])))

/** Reads the search part of an address. */
export function readFilters(search: Record<string, unknown>): Filters {
  const sort = oneOf(SORTS, search.sort)
  return withoutGaps({
    q: text(search.q),
    severity: severities(search.severity),
    whose: oneOf(WHOSE, search.whose),
    state: oneOf(['over', 'all'] as const, search.state),
    ...linkedIn(search),
    type: text(search.type),
    sort: sort === 'urgency' ? undefined : sort,
  })
}

export function withoutGaps(filters: { readonly [K in keyof Filters]?: Filters[K] | undefined }): Filters {
  // Safe: only entries without a value go.
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Filters
}

/** The query of the API for these filters. */
export const queryOf = ({ q, severity, whose, state, type, sort, ...linked }: Filters) => ({
  ...asAsked(linked),
  state: state ?? ('active' as const),
  sort: sort ?? ('urgency' as const),
  ...(q !== undefined && { q }),
  ...(severity !== undefined && { severity: [...severity] }),
  ...(whose !== undefined && { owner: [whose === 'mine' ? 'me' : 'none'] }),
  ...(type !== undefined && { type: type.split(',') }),
})

// Lists travel as text with commas between, which is what these are already.
const asAsked = (linked: Linked) => linked as { readonly openedFrom?: string }
