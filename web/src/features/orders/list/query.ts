import { type InfiniteData, infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import type { OrderItem } from '../../../../../src/contract/api/index.ts'
import { call, type Reply } from '../../../lib/api.ts'
import { type Filters, queryOf } from '../model/filters.ts'

const PAGE = 100
/** A list that was scrolled far is not read again and again. */
const REFRESHED_PAGES = 2

type OrdersPage = Reply<'listOrders'>

/** The orders that fit, page after page; the list before stays until the new one is there. */
export const listQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['listOrders', queryOf(filters)] as const,
    queryFn: ({ pageParam, signal }): Promise<OrdersPage> =>
      call('listOrders', {
        query: { ...queryOf(filters), limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: query => ((query.state.data?.pages.length ?? 0) <= REFRESHED_PAGES ? 15_000 : false),
  })

export interface Listed {
  readonly rows: readonly OrderItem[]
  readonly total: number
  /** False: there are so many at least. */
  readonly exact: boolean
}

/** All that was read so far; an order that moved to another page meanwhile stands once. */
export function listedIn(data: InfiniteData<OrdersPage> | undefined): Listed {
  const rows = [...new Map((data?.pages ?? []).flatMap(page => page.items).map(row => [row.id, row])).values()]
  const total = data?.pages[0]?.total
  return { rows, total: Math.max(total?.count ?? 0, rows.length), exact: total?.exact ?? true }
}
