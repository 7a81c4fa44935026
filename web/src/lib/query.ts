import { QueryClient, type QueryKey, queryOptions, type UseQueryOptions } from '@tanstack/react-query'
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
