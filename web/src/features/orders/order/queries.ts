import { keepPreviousData, type QueryKey, queryOptions, type UseQueryOptions } from '@tanstack/react-query'
import type { LedgerItem, OrderDetail } from '../../../../../src/contract/api/index.ts'
import { call } from '../../../lib/api.ts'
import { asking } from '../../../lib/query.ts'

/** The order at an instant, or now; what was shown before stays until the answer is there. */
export function orderQuery(id: string, at: string | undefined, by: 'occurred' | 'known') {
  const query = at === undefined ? {} : { at, by }
  return {
    ...asking('getOrder', { params: { id }, query }),
    placeholderData: (before: OrderDetail | undefined) => (before?.id === id ? keepPreviousData(before) : undefined),
    ...(at === undefined && { refetchInterval: 15_000 }),
  }
}

/** When what is ahead usually comes; of now only, since what was usual then is not kept. */
export const outlookQuery = (id: string, past: boolean) => ({
  ...asking('getOrderOutlook', { params: { id } }),
  enabled: !past,
  refetchInterval: 60_000,
})

/** Facts that the page reads at most; the longest order of a year of real ones has a few hundred. */
export const MOST_FACTS = 2000

export interface Facts {
  readonly items: readonly LedgerItem[]
  /** All that there are. */
  readonly total: number
}

/** The whole ledger of an order, up to a bound. */
export const factsQuery = (id: string): UseQueryOptions<Facts, Error, Facts, QueryKey> =>
  queryOptions<Facts, Error, Facts, QueryKey>({
    queryKey: ['getOrderLedger', { params: { id } }, 'all'],
    queryFn: ({ signal }) => readFacts(id, signal),
    refetchInterval: 15_000,
  })

async function readFacts(id: string, signal: AbortSignal): Promise<Facts> {
  const items: LedgerItem[] = []
  let total = 0
  for (let cursor: string | undefined; items.length < MOST_FACTS; ) {
    const query = { limit: 200, ...(cursor !== undefined && { cursor }) }
    const page = await call('getOrderLedger', { params: { id }, query, signal })
    items.push(...page.items)
    total = page.total?.count ?? Math.max(total, items.length)
    if (page.next === null) break
    cursor = page.next
  }
  return { items, total: Math.max(total, items.length) }
}
