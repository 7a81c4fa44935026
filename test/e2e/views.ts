import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.ts'

/** Every view of the console, with what its four states are told by. */

export interface Ids {
  readonly case: string
  readonly order: string
}

export interface View {
  /** As the router has it. */
  readonly route: string
  /** The address, when it is not the route itself. */
  readonly at?: string | ((ids: Ids) => string)
  /** What it asks the server for. */
  readonly asks: string
  /** What is there when the answer is. */
  readonly ready: string
  /** Where it has nothing to show and what it says then; one that always has something says none. */
  readonly empty?: { readonly at?: string; readonly says: string; readonly verb?: string }
  /** Nobody is signed in. */
  readonly signedOut?: true
}

const RULE = 'transit_at_risk'
/** A rule that the test sets to shadow. */
export const SHADOWED = 'in_shadow'

export const VIEWS: readonly View[] = [
  { route: '/', asks: '**/v1/cockpit*', ready: '.kpi', empty: { says: '没有未关闭的异常工单' } },
  { route: '/cases', asks: '**/v1/cases*', ready: '[role=grid] .r', empty: { says: '没有待处理的工单' } },
  {
    ...{ route: '/cases/$id', at: ids => `/cases/${ids.case}`, asks: '**/v1/cases/*', ready: '.sec .ev' },
    empty: { at: '/cases/c-00000000000000000000000000', says: '没有找到工单' },
  },
  { route: '/orders', asks: '**/v1/orders*', ready: '[role=grid] .r', empty: { says: '还没有订单' } },
  {
    route: '/orders/$id',
    at: ids => `/orders/${ids.order}`,
    asks: '**/v1/orders/*',
    ready: '.ord-main',
    empty: { at: '/orders/o-00000000000000000000000000', says: '没有找到订单' },
  },
  { route: '/system/feeds', asks: '**/v1/feeds*', ready: 'table tbody tr', empty: { says: '还没有收到任何消息' } },
  { route: '/system/waiting', asks: '**/v1/quarantine*', ready: 'table tbody tr', empty: { says: '隔离区是空的' } },
  { route: '/system/jobs', asks: '**/v1/jobs*', ready: 'section.pane', empty: { says: '还没有后台任务' } },
  { route: '/system/figures', asks: '**/v1/system*', ready: 'dl.figures' },
  { route: '/system/about', asks: '**/v1/about*', ready: 'table tbody tr' },
  {
    ...{ route: '/rules', asks: '**/v1/rules?*', ready: 'table tbody tr' },
    empty: { at: '/rules?q=zzzz', says: '没有符合的规则', verb: '所有规则' },
  },
  { route: '/rules/findings', asks: '**/v1/rules/lint', ready: '.finds li' },
  { route: '/rules/changes', asks: '**/v1/rules/changes', ready: 'table tbody tr' },
  { route: '/rules/new', asks: '**/v1/rules/facts', ready: '.cm-content' },
  { route: '/rules/$id', at: `/rules/${RULE}`, asks: `**/v1/rules/${RULE}`, ready: '.cm-content' },
  {
    ...{
      route: '/rules/$id/versions',
      at: `/rules/${RULE}/versions`,
      asks: `**/v1/rules/${RULE}`,
      ready: '.rule-vs li',
    },
    empty: { at: `/rules/${RULE}/versions`, says: '没有差别' },
  },
  {
    ...{ route: '/rules/$id/shadow', at: `/rules/${SHADOWED}/shadow`, asks: '**/v1/rules/*/shadow*', ready: 'dl.bt' },
  },
  { route: '/rules/tables', asks: '**/v1/tables', ready: 'table tbody tr' },
  { route: '/rules/tables/$id', at: '/rules/tables/triage', asks: '**/v1/tables/triage', ready: 'table' },
  {
    ...{ route: '/rules/baselines', asks: '**/v1/baselines*', ready: 'table tbody tr' },
    empty: { says: '还没有学到基线', verb: '现在学习' },
  },
  { route: '/account', asks: '**/v1/me/sessions', ready: 'table, .pane' },
  {
    route: '/people',
    asks: '**/v1/people?*',
    ready: 'table tbody tr',
    empty: { at: '/people?q=zzzz', says: '没有符合的人' },
  },
  { route: '/roles', asks: '**/v1/roles', ready: 'table tbody tr' },
  { route: '/keys', asks: '**/v1/keys*', ready: 'table tbody tr', empty: { says: '还没有密钥' } },
  {
    route: '/audit',
    asks: '**/v1/audit?*',
    ready: 'table tbody tr',
    empty: { at: '/audit?verb=zzzz', says: '没有符合的记录' },
  },
  { route: '/personal-data', asks: '**/v1/erasures*', ready: '.said', empty: { says: '还没有删除过' } },
  { route: '/backups', asks: '**/v1/backups', ready: '.said', empty: { says: '文件夹里还没有备份' } },
  { route: '/sign-in', asks: '**/v1/auth/options', ready: 'p.d1', signedOut: true },
]

/** Routes that show nothing of the server's, or another view. */
export const WITHOUT: Readonly<Record<string, string>> = {
  '/forgot': 'a form that asks for nothing',
  '/setup': 'looks at its link once; see access.test.ts',
  '/join': 'looks at its link once; see access.test.ts',
  '/reset': 'looks at its link once; see access.test.ts',
  '/system': 'leads to the feeds',
  '/dev/gallery': 'the parts with made-up content; see gallery.test.ts',
}

/** The paths of all routes that the console's source declares. */
export function routesOfConsole(): readonly string[] {
  const files = globSync('web/src/**/*.{ts,tsx}', { cwd: ROOT })
  const texts = files.map(file => readFileSync(join(ROOT, file), 'utf8')).filter(text => /createRoute\(/.test(text))
  return texts.flatMap(text => [...text.matchAll(/createRoute\(\{[^}]*?\bpath: '([^']+)'/g)].map(match => match[1]!))
}
