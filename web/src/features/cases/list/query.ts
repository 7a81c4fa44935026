import { type InfiniteData, infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { call, type Reply } from '../../../lib/api.ts'
import { type Filters, queryOf } from '../filters.ts'

const PAGE = 100
const REFRESHED_PAGES = 2

type CasesPage = Reply<'listCases'>

/** The cases that fit, page after page; the list before stays until the new one is there. */
export const listQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['listCases', queryOf(filters)] as const,
    queryFn: ({ pageParam, signal }): Promise<CasesPage> =>
      call('listCases', {
        query: { ...queryOf(filters), limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: query => ((query.state.data?.pages.length ?? 0) <= REFRESHED_PAGES ? 10_000 : false),
  })

export interface Listed {
  readonly rows: readonly CaseItem[]
  readonly total: number
  /** False: there are so many at least. */
  readonly exact: boolean
}

/** All that was read so far; a case that moved to another page meanwhile stands once. */
export function listedIn(data: InfiniteData<CasesPage> | undefined): Listed {
  const rows = [...new Map((data?.pages ?? []).flatMap(page => page.items).map(row => [row.id, row])).values()]
  const total = data?.pages[0]?.total
  return { rows, total: Math.max(total?.count ?? 0, rows.length), exact: total?.exact ?? true }
}
