import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../lib/root-route.ts'
import { readSearch } from './search.ts'

export const cockpitRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./page.tsx'), 'CockpitPage'),
})
