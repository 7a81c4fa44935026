import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../lib/root-route.ts'
import { readDiffSearch, readListSearch, readRuleSearch, readShadowSearch } from './search.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('./list/page.tsx'), 'RulesPage'),
})
const findings = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/findings',
  component: lazyRouteComponent(() => import('./list/findings-page.tsx'), 'FindingsPage'),
})
const changes = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/changes',
  component: lazyRouteComponent(() => import('./list/changes-page.tsx'), 'ChangesPage'),
})
const made = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/new',
  validateSearch: readRuleSearch,
  component: lazyRouteComponent(() => import('./rule/page.tsx'), 'NewRulePage'),
})
const rule = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id',
  validateSearch: readRuleSearch,
  component: lazyRouteComponent(() => import('./rule/page.tsx'), 'RulePage'),
})
const versions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id/versions',
  validateSearch: readDiffSearch,
  component: lazyRouteComponent(() => import('./versions/page.tsx'), 'VersionsPage'),
})
const shadow = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id/shadow',
  validateSearch: readShadowSearch,
  component: lazyRouteComponent(() => import('./shadow/page.tsx'), 'ShadowPage'),
})

const tables = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/tables',
  component: lazyRouteComponent(() => import('./tables/page.tsx'), 'TablesPage'),
})
const table = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/tables/$id',
  component: lazyRouteComponent(() => import('./tables/table-page.tsx'), 'TablePage'),
})
const baselines = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/baselines',
  component: lazyRouteComponent(() => import('./baselines/page.tsx'), 'BaselinesPage'),
})

export const ruleRoutes = [tables, table, baselines, list, findings, changes, made, rule, versions, shadow] as const
