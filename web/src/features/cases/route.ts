import { createRoute } from '@tanstack/react-router'
import { lazyPage } from '../../lib/lazy-page.ts'
import { rootRoute } from '../../lib/root-route.ts'
import { readSearch } from './model/filters.ts'

export const casesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cases',
  validateSearch: readSearch,
  component: lazyPage(() => import('./list/page.tsx'), 'CasesPage'),
})

export const caseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cases/$id',
  component: lazyPage(() => import('./case/page.tsx'), 'CasePage'),
})
