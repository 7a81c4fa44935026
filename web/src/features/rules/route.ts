import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../lib/root-route.ts'

const STAGES = ['draft', 'shadow', 'live', 'retired'] as const

export interface ListSearch {
  readonly q?: string
  readonly stage?: (typeof STAGES)[number]
}

const textIn = (value: unknown, most: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= most ? value : undefined

function readListSearch(search: Record<string, unknown>): ListSearch {
  const q = textIn(search.q, 200)
  const stage = STAGES.find(s => s === search.stage)
  return { ...(q !== undefined && { q }), ...(stage && { stage }) }
}

export interface RuleSearch {
  /** The version that is shown; the newest when left out. */
  readonly version?: number
  /** An order for which it is explained. */
  readonly order?: string
  /** ... at an instant; now when left out. */
  readonly at?: string
  /** A back-test that is shown. */
  readonly test?: string
}

const numberIn = (value: unknown): number | undefined => {
  const n = Number(value)
  return value !== undefined && Number.isInteger(n) && n > 0 ? n : undefined
}

function readRuleSearch(search: Record<string, unknown>): RuleSearch {
  const version = numberIn(search.version)
  const order = textIn(search.order, 40)
  const at = textIn(search.at, 40)
  const test = textIn(search.test, 100)
  return {
    ...(version !== undefined && { version }),
    ...(order !== undefined && { order }),
    ...(at !== undefined && !Number.isNaN(Date.parse(at)) && { at }),
    ...(test !== undefined && { test }),
  }
}

export interface DiffSearch {
  readonly from?: number
  readonly to?: number
}

function readDiffSearch(search: Record<string, unknown>): DiffSearch {
  const [from, to] = [numberIn(search.from), numberIn(search.to)]
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

function readShadowSearch(search: Record<string, unknown>): Pick<RuleSearch, 'version'> {
  const version = numberIn(search.version)
  return version === undefined ? {} : { version }
}

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

export const ruleRoutes = [list, findings, changes, made, rule, versions, shadow] as const
