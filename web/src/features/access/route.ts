import { createRoute } from '@tanstack/react-router'
import { lazyPage } from '../../lib/lazy-page.ts'
import { rootRoute } from '../../lib/root-route.ts'
import { ownPath, readAuditSearch, type SignInSearch } from './search.ts'

const getParentRoute = () => rootRoute

export const signInRoute = createRoute({
  getParentRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(ownPath(search.next) !== undefined && { next: ownPath(search.next) }),
    ...(typeof search.problem === 'string' && { problem: search.problem.slice(0, 40) }),
    ...(search.set === true && { set: true as const }),
  }),
  component: lazyPage(() => import('./sign-in/page.tsx'), 'SignInPage'),
})

export const forgotRoute = createRoute({
  getParentRoute,
  path: '/forgot',
  component: lazyPage(() => import('./sign-in/forgot.tsx'), 'ForgotPage'),
})

const linkPage = lazyPage(() => import('./sign-in/link.tsx'), 'LinkPage')
export const setupRoute = createRoute({ getParentRoute, path: '/setup', component: linkPage })
export const joinRoute = createRoute({ getParentRoute, path: '/join', component: linkPage })
export const resetRoute = createRoute({ getParentRoute, path: '/reset', component: linkPage })

export const accountRoute = createRoute({
  getParentRoute,
  path: '/account',
  component: lazyPage(() => import('./account/page.tsx'), 'AccountPage'),
})

export const peopleRoute = createRoute({
  getParentRoute,
  path: '/people',
  validateSearch: (search: Record<string, unknown>): { readonly q?: string } =>
    typeof search.q === 'string' && search.q.trim() !== '' ? { q: search.q.slice(0, 100) } : {},
  component: lazyPage(() => import('./people/page.tsx'), 'PeoplePage'),
})

export const rolesRoute = createRoute({
  getParentRoute,
  path: '/roles',
  component: lazyPage(() => import('./roles/page.tsx'), 'RolesPage'),
})

export const keysRoute = createRoute({
  getParentRoute,
  path: '/keys',
  component: lazyPage(() => import('./keys/page.tsx'), 'KeysPage'),
})

export const auditRoute = createRoute({
  getParentRoute,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyPage(() => import('./audit/page.tsx'), 'AuditPage'),
})

export const personalRoute = createRoute({
  getParentRoute,
  path: '/personal-data',
  component: lazyPage(() => import('./personal/page.tsx'), 'PersonalPage'),
})

export const keptRoute = createRoute({
  getParentRoute,
  path: '/backups',
  component: lazyPage(() => import('./kept/page.tsx'), 'KeptPage'),
})

/** All routes of this feature, for the router. */
export const accessRoutes = [
  ...([signInRoute, forgotRoute, setupRoute, joinRoute, resetRoute] as const),
  ...([accountRoute, peopleRoute, rolesRoute, keysRoute, auditRoute] as const),
  ...([personalRoute, keptRoute] as const),
] as const
