import { createRoute } from '@tanstack/react-router'
import { lazyPage } from '../../lib/lazy-page.ts'
import { rootRoute } from '../../lib/root-route.ts'
import { readFilters } from './model/filters.ts'

export const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders',
  validateSearch: readFilters,
  component: lazyPage(() => import('./list/page.tsx'), 'OrdersPage'),
})

export interface OrderSearch {
  /** Shown as it was at this instant, ISO 8601. */
  readonly at?: string
  readonly by?: 'known'
  /** The ledger is open at this fact; 0: open at none. */
  readonly fact?: number
}

function readSearch(search: Record<string, unknown>): OrderSearch {
  const fact = Number(search.fact)
  return {
    ...(typeof search.at === 'string' && !Number.isNaN(Date.parse(search.at)) && { at: search.at }),
    ...(search.by === 'known' && { by: 'known' as const }),
    ...(search.fact !== undefined && Number.isInteger(fact) && fact >= 0 && { fact }),
  }
}

export const orderRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders/$id',
  validateSearch: readSearch,
  component: lazyPage(() => import('./order/page.tsx'), 'OrderPage'),
})
