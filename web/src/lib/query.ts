import {
  type Query,
  QueryClient,
  type QueryFilters,
  type QueryKey,
  queryOptions,
  type UseQueryOptions,
} from '@tanstack/react-query'
import type { OperationId } from '../../../src/contract/api/index.ts'
import { ApiError, type Args, call, type Reply } from './api.ts'

/** Problems that pass by themselves; anything else would be answered the same again. */
const passes = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 1 && passes(error),
      retryDelay: 400,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})

/** First answers under way that are old before they are there. */
const late = new WeakSet<Query>()

/** What was asked for until now is read again; also what was asked for and has not come yet, as it may be of before. */
export function readAgain(filters: QueryFilters = {}): void {
  const cache = queryClient.getQueryCache()
  // Any other answer under way is given up for a new one; a first one is awaited, and asked for again when it is there.
  for (const query of cache.findAll({ ...filters, fetchStatus: 'fetching' }))
    if (query.state.data === undefined) late.add(query)
  void queryClient.invalidateQueries(filters)
}

queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type !== 'updated' || query.state.fetchStatus !== 'idle' || !late.delete(query)) return
  if (query.state.data !== undefined) void queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true })
})

type Asking<K extends OperationId> = Omit<Args<K>, 'signal' | 'idempotencyKey'>

/** The key under which an answer is cached: the operation, then what was asked. */
export const keyOf = (id: OperationId, args?: object): QueryKey => (args === undefined ? [id] : [id, args])

/** How to ask for an operation's answer, for `useQuery` and for loaders. */
export const asking = <K extends OperationId>(
  id: K,
  args: Asking<K>,
): UseQueryOptions<Reply<K>, Error, Reply<K>, QueryKey> & { queryKey: QueryKey } =>
  queryOptions({
    queryKey: keyOf(id, args),
    // What was asked plus the signal is what the operation takes.
    queryFn: ({ signal }) => call(id, { ...args, signal } as unknown as Args<K>),
  })
