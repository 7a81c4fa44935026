import { createRoute, redirect } from '@tanstack/react-router'
import { lazyPage } from '../../lib/lazy-page.ts'
import { rootRoute } from '../../lib/root-route.ts'
import { JOB_FILTERS, type JobFilter } from './model.ts'

const page = () => import('./pages.tsx')

export const systemRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/system',
  beforeLoad: () => {
    throw redirect({ to: '/system/feeds', replace: true })
  },
})

export const systemFeedsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/system/feeds',
  component: lazyPage(page, 'FeedsPage'),
})

export interface WaitingSearch {
  /** Shows what was replayed already. */
  readonly status?: 'replayed'
}

export const systemWaitingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/system/waiting',
  validateSearch: (search: Record<string, unknown>): WaitingSearch =>
    search.status === 'replayed' ? { status: 'replayed' } : {},
  component: lazyPage(page, 'WaitingPage'),
})

export interface JobsSearch {
  readonly status?: JobFilter
}

const isJobFilter = (given: unknown): given is JobFilter => JOB_FILTERS.some(status => status === given)

export const systemJobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/system/jobs',
  validateSearch: (search: Record<string, unknown>): JobsSearch =>
    isJobFilter(search.status) ? { status: search.status } : {},
  component: lazyPage(page, 'JobsPage'),
})

export const systemFiguresRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/system/figures',
  component: lazyPage(page, 'FiguresPage'),
})

export const systemAboutRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/system/about',
  component: lazyPage(page, 'AboutPage'),
})
