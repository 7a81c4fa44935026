import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../lib/root-route.ts'
import { readFilters } from './filters.ts'

export const casesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cases',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./list/page.tsx'), 'CasesPage'),
})

export const caseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cases/$id',
  component: lazyRouteComponent(() => import('./case/page.tsx'), 'CasePage'),
})
