import { createRoute, notFound } from '@tanstack/react-router'
import { lazyPage } from '../../lib/lazy-page.ts'
import { rootRoute } from '../../lib/root-route.ts'
import { readDiffSearch, readListSearch, readRuleSearch, readShadowSearch } from './search.ts'
import { tableOf } from './tables/table.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules',
  validateSearch: readListSearch,
  component: lazyPage(() => import('./list/page.tsx'), 'RulesPage'),
})
const findings = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/findings',
  component: lazyPage(() => import('./list/findings-page.tsx'), 'FindingsPage'),
})
const changes = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/changes',
  component: lazyPage(() => import('./list/changes-page.tsx'), 'ChangesPage'),
})
const made = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/new',
  validateSearch: readRuleSearch,
  component: lazyPage(() => import('./rule/page.tsx'), 'NewRulePage'),
})
const rule = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id',
  validateSearch: readRuleSearch,
  component: lazyPage(() => import('./rule/page.tsx'), 'RulePage'),
})
const versions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id/versions',
  validateSearch: readDiffSearch,
  component: lazyPage(() => import('./versions/page.tsx'), 'VersionsPage'),
})
const shadow = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id/shadow',
  validateSearch: readShadowSearch,
  component: lazyPage(() => import('./shadow/page.tsx'), 'ShadowPage'),
})

const tables = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/tables',
  component: lazyPage(() => import('./tables/page.tsx'), 'TablesPage'),
})
const table = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/tables/$id',
  beforeLoad: ({ params }) => {
    if (tableOf(params.id) === null) throw notFound()
  },
  component: lazyPage(() => import('./tables/table-page.tsx'), 'TablePage'),
})
const baselines = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/baselines',
  component: lazyPage(() => import('./baselines/page.tsx'), 'BaselinesPage'),
})

export const ruleRoutes = [tables, table, baselines, list, findings, changes, made, rule, versions, shadow] as const
