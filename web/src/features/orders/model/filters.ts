import { type Behind, behindQuery, readBehind } from './behind.ts'

/** The filters of the list as they stand in its address; what is not as it should be counts as not given. */

export const STATUSES = [
  'placed',
  'approved',
  'allocated',
  'picking',
  'packed',
  'handed_over',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'returned',
  'cancelled',
] as const
export type Status = (typeof STATUSES)[number]

export const METHODS = ['card', 'slip', 'transfer', 'voucher', 'debit', 'wallet', 'cod', 'other'] as const
export type Method = (typeof METHODS)[number]

export interface Filters extends Behind {
  readonly q?: string
  readonly status?: readonly Status[]
  readonly channel?: readonly string[]
  readonly region?: readonly string[]
  readonly pay?: readonly Method[]
  readonly cases?: true
  /** Days as YYYY-MM-DD in the reader's zone; both are part of the range. */
  readonly from?: string
  readonly to?: string
}

const MOST = 20

const wordsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [])
    .filter((word): word is string => typeof word === 'string')
    .map(word => word.trim())
    .filter(word => word !== '' && word.length <= 64)
    .slice(0, MOST)

const oneOf = <V extends string>(known: readonly V[], value: unknown): V[] =>
  wordsIn(value).flatMap(word => known.filter(k => k === word))

const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined

const filled = <V>(values: readonly V[]): readonly V[] | undefined => (values.length === 0 ? undefined : values)

/** Reads the search part of an address. */
export function readFilters(search: Record<string, unknown>): Filters {
  const q = typeof search.q === 'number' ? String(search.q) : typeof search.q === 'string' ? search.q.trim() : ''
  return withoutGaps({
    q: q === '' ? undefined : q.slice(0, 100),
    status: filled(oneOf(STATUSES, search.status)),
    channel: filled(wordsIn(search.channel)),
    region: filled(wordsIn(search.region)),
    pay: filled(oneOf(METHODS, search.pay)),
    cases: search.cases === true || search.cases === 'true' ? true : undefined,
    from: day(search.from),
    to: day(search.to),
    ...readBehind(search),
  })
}

/** Leaves out what is undefined, so that an address does not carry empty names. */
export function withoutGaps(filters: { readonly [K in keyof Filters]: Filters[K] | undefined }): Filters {
  // Safe: only entries without a value go.
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Filters
}

export const isFiltered = (filters: Filters): boolean => Object.keys(filters).length > 0

const DAY = 86_400_000

/** The query of the API for these filters. Days are those of the reader. */
export function queryOf({ q, status, channel, region, pay, cases, from, to, ...behind }: Filters) {
  return {
    ...behindQuery(behind),
    ...(q !== undefined && { q }),
    ...(status !== undefined && { status: [...status] }),
    ...(channel !== undefined && { channel: [...channel] }),
    ...(region !== undefined && { region: [...region] }),
    ...(pay !== undefined && { paymentMethod: [...pay] }),
    ...(cases === true && { openCases: true }),
    ...(from !== undefined && { placedFrom: new Date(`${from}T00:00`).toISOString() }),
    ...(to !== undefined && { placedTo: new Date(new Date(`${to}T00:00`).getTime() + DAY).toISOString() }),
  }
}
