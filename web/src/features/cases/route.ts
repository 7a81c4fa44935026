import { createRoute } from '@tanstack/react-router'
import { lazyPage } from '../../lib/part.ts'
import { rootRoute } from '../../lib/root-route.ts'
import { readFilters } from './filters.ts'

export const casesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cases',
  validateSearch: readFilters,
  component: lazyPage(() => import('./list/page.tsx'), 'CasesPage'),
})

export const caseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cases/$id',
  component: lazyPage(() => import('./case/page.tsx'), 'CasePage'),
})
