import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../lib/root-route.ts'

const getParentRoute = () => rootRoute

export interface SignInSearch {
  /** Where one wanted to go: a path of this console. */
  readonly next?: string
  readonly problem?: string
  /** A new password was just set. */
  readonly set?: true
}

// Only a path of our own: an address of elsewhere would make the sign-in a springboard.
export const ownPath = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined

export const signInRoute = createRoute({
  getParentRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(ownPath(search.next) !== undefined && { next: ownPath(search.next) }),
    ...(typeof search.problem === 'string' && { problem: search.problem.slice(0, 40) }),
    ...(search.set === true && { set: true as const }),
  }),
  component: lazyRouteComponent(() => import('./sign-in/page.tsx'), 'SignInPage'),
})

export const forgotRoute = createRoute({
  getParentRoute,
  path: '/forgot',
  component: lazyRouteComponent(() => import('./sign-in/forgot.tsx'), 'ForgotPage'),
})

const linkPage = lazyRouteComponent(() => import('./sign-in/link.tsx'), 'LinkPage')
export const setupRoute = createRoute({ getParentRoute, path: '/setup', component: linkPage })
export const joinRoute = createRoute({ getParentRoute, path: '/join', component: linkPage })
export const resetRoute = createRoute({ getParentRoute, path: '/reset', component: linkPage })

export const accountRoute = createRoute({
  getParentRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/page.tsx'), 'AccountPage'),
})

export const peopleRoute = createRoute({
  getParentRoute,
  path: '/people',
  validateSearch: (search: Record<string, unknown>): { readonly q?: string } =>
    typeof search.q === 'string' && search.q.trim() !== '' ? { q: search.q.slice(0, 100) } : {},
  component: lazyRouteComponent(() => import('./people/page.tsx'), 'PeoplePage'),
})

export const rolesRoute = createRoute({
  getParentRoute,
  path: '/roles',
  component: lazyRouteComponent(() => import('./roles/page.tsx'), 'RolesPage'),
})

export const keysRoute = createRoute({
  getParentRoute,
  path: '/keys',
  component: lazyRouteComponent(() => import('./keys/page.tsx'), 'KeysPage'),
})

export interface AuditSearch {
  readonly q?: string
  readonly actor?: string
  readonly verb?: string
  readonly outcome?: 'done' | 'refused' | 'failed'
  readonly source?: 'trail' | 'ledger'
  readonly from?: string
  readonly to?: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 100) : undefined
const oneOf = <V extends string>(known: readonly V[], value: unknown): V | undefined => known.find(k => k === value)
const day = (value: unknown): string | undefined => {
  const given = text(value)
  return given !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : undefined
}

/** Reads the search part of an address; what is not as it should be counts as not given. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const read = {
    ...{ q: text(search.q), actor: text(search.actor), verb: text(search.verb) },
    outcome: oneOf(['done', 'refused', 'failed'], search.outcome),
    source: oneOf(['trail', 'ledger'], search.source),
    ...{ from: day(search.from), to: day(search.to) },
  }
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
}

export const auditRoute = createRoute({
  getParentRoute,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./audit/page.tsx'), 'AuditPage'),
})

/** All routes of this feature, for the router. */
export const accessRoutes = [
  ...([signInRoute, forgotRoute, setupRoute, joinRoute, resetRoute] as const),
  ...([accountRoute, peopleRoute, rolesRoute, keysRoute, auditRoute] as const),
] as const
