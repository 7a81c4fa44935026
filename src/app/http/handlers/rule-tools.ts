import type { FactSchema, FactWords, Label } from '../../../contract/facts.ts'
import { type Principal, reachesAll } from '../../../contract/principal.ts'
import type { CalendarDef, Shifts } from '../../../kernel/business-time.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import { orderFactSchema } from '../../../modules/orders/index.ts'
import {
  type Constants,
  calendarsOf,
  type DecisionTable,
  defOf,
  type Explained,
  explainerOf,
  lintRules,
  type RuleDef,
} from '../../../modules/rules/index.ts'
import { foldAsOf } from '../../../pipeline/queries/ledger.ts'
import { ruleStats } from '../../../pipeline/queries/rules.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { factsIn, ordersIn } from '../../../pipeline/reactors.ts'
import { factsSeen, Samples } from '../../../pipeline/samples.ts'
import { systemClock } from '../../../platform/clock.ts'
import { demandAll } from '../caller.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { actingTables } from './acting-tables.ts'
import { loadsOf, NOTHING_YET, orderHead } from './order.ts'
import { isoOrNull } from './orders.ts'
import { calendarsNow, demandAccepted } from './rule-life.ts'
import { previewOf } from './rule-preview.ts'
import { readRule, versionOrRefuse } from './rule-read.ts'
import { bodyOfText, constantsOf } from './rule-shape.ts'

type Operation = 'getRuleFacts' | 'explainRule' | 'previewRule' | 'lintRules'

/** Days whose findings tell which rules never fire, or always do; where they had too few orders, such as after an import, all of them. */
const LINT_DAYS = 90
const ALL_DAYS = 4000
const FEW_ORDERS = 200

export function ruleToolHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, pipeline } = deps
  const samples = new Samples({ db, loads: loadsOf(deps), now: () => systemClock.now() })
  return {
    async getRuleFacts() {
      const calendars = calendarsNow(deps).map(calendarItem)
      return { status: 200, body: { roots: rootsOf(orderFactSchema), calendars } }
    },
    explainRule: (asked, { principal }) => explained(deps, asked, principal),
    async previewRule({ body }, { principal }) {
      demandAll(principal)
      demandAccepted(deps, body)
      const rule = { ...SCRATCH, when: body.when.trim(), constants: constantsOf(body.constants), for: body.for }
      const options = {
        now: deps.now(),
        calendars: calendarsNow(deps),
        baselines: pipeline.references.baselines,
      }
      return { status: 200, body: previewOf({ rule, sample: await samples.take(), ...options }) }
    },
    async lintRules({ body: { rule, text } }, { principal }) {
      if (text !== undefined) demandAccepted(deps, text)
      const now = deps.now()
      const set = pipeline.references.setAt(now)
      const standing = [...(set?.live ?? []), ...(set?.shadow ?? [])]
      const draft = text && rule !== undefined ? { ...SCRATCH, ...bodyOfText(text, undefined), id: rule } : null
      const rules = draft ? [...standing.filter(r => r.id !== draft.id), draft] : standing
      // What a draft would have found nobody knows yet, and what all orders told is for who sees them all.
      const history = draft || !reachesAll(principal) ? {} : { history: await historyOf(deps, now) }
      const seen = reachesAll(principal) ? { seen: factsSeen(await samples.take()) } : {}
      const only = rule === undefined ? {} : { only: new Set([rule]) }
      const calendars = calendarsOf(calendarsNow(deps))
      const owned = ownedTypes(rules, set?.tableOf('triage') ?? null, now)
      const acts = (one: RuleDef): boolean => one === draft || (set?.live.includes(one) ?? false)
      const given = { rules, schema: orderFactSchema, calendars, owned, acts, tables: actingTables(set) }
      const found = lintRules({ ...given, ...history, ...seen, ...only })
      const items = found.map(({ code, level, rules: ids, message, example }) => ({
        ...{ code, level, rules: [...ids], message: { ...message } },
        example: example && { facts: { ...example.facts }, now: isoOf(example.now) },
      }))
      return { status: 200, body: { items } }
    },
  }
}

/** Types that somebody is to act on: their rule names a team, or the triage table does. */
function ownedTypes(rules: readonly RuleDef[], triage: DecisionTable | null, now: Instant): ReadonlySet<string> {
  const teamOf = ({ id, type, severity }: RuleDef): unknown =>
    triage?.decide({ case: { type, severity, scope: '', rule: id, openedAt: now, reopened: 0 } }, now).values.team
  return new Set(rules.filter(rule => rule.team !== undefined || teamOf(rule)).map(({ type }) => type))
}

async function historyOf({ db }: HttpDeps, now: Instant) {
  const latest = await ruleStats(db, now, LINT_DAYS)
  const { orders, rules } = latest.orders < FEW_ORDERS ? await ruleStats(db, now, ALL_DAYS) : latest
  return { orders, hits: new Map([...rules].map(([id, counts]) => [id, counts.hits])) }
}

async function explained(
  deps: HttpDeps,
  { body }: Parameters<Handlers['explainRule']>[0],
  principal: Principal,
): ReturnType<Handlers['explainRule']> {
  const { db, pipeline } = deps
  const { order, zone } = body
  const at = body.at ?? deps.now()
  const head = await orderHead(deps, order, reachOf(principal, 'order.read'))
  const asked = { stream: order, bornMonth: head.bornMonth, asOf: { at, by: 'known' as const } }
  const past = await foldAsOf(db, loadsOf(deps), asked)
  if (past === null)
    throw new ApiProblem(
      'order_not_found',
      `Nothing of this order was known at ${isoOf(at)}: ask for a later instant.`,
      NOTHING_YET,
    )
  const rule = await ruleAsked(deps, body, at)
  const { calendars = [] } = pipeline.references.setAt(at) ?? {}
  const explain = explainerOf(rule, orderFactSchema, calendarsOf(calendars))
  if (explain === null) throw new ApiProblem('rule_refused', 'This release does not accept the rule any more.')
  const { currency } = ordersIn(past.slices)
  const { holds, flipsAt, words, tree } = explain(factsIn(past.slices, pipeline.references.baselines), at, {
    zone,
    currency: currency ?? null,
  })
  const told = { order, rule: rule.id, version: rule.version, at: isoOf(at), holds, flipsAt: isoOrNull(flipsAt) }
  return { status: 200, body: { ...told, words: { ...words }, nodes: nodesOf(tree) } }
}

const NAMELESS = { zh: '草稿', en: 'Draft' }
/** Around a condition that is no rule yet. */
const SCRATCH: RuleDef = {
  ...{ id: 'draft', version: 0, stage: 'live', name: NAMELESS, reason: NAMELESS, when: '', type: 'draft' },
  ...{ severity: 'P3', clears: 'auto', scope: 'order', constants: {}, examples: [] },
}

type ExplainAsked = Parameters<Handlers['explainRule']>[0]['body']

/** The rule that is asked about: a text, a version, or what stood at the instant. */
async function ruleAsked(
  deps: HttpDeps,
  { rule, version, when, constants }: ExplainAsked,
  at: Instant,
): Promise<Pick<RuleDef, 'id' | 'version' | 'when'> & { readonly constants: Constants }> {
  if (when !== undefined) {
    demandAccepted(deps, { when, constants })
    return { id: rule ?? 'draft', version: 0, when: when.trim(), constants: constantsOf(constants) }
  }
  if (rule === undefined) throw new ApiProblem('invalid_request', 'Name a rule, or send a condition as `when`.')
  const { versions } = await readRule(deps, rule)
  if (version !== undefined) return defOf(versionOrRefuse(versions, rule, version), 'live')
  const set = deps.pipeline.references.setAt(at)
  const stood = set?.live.find(r => r.id === rule) ?? set?.shadow.find(r => r.id === rule)
  return stood ?? defOf(versions.at(-1)!, 'live')
}

/** The tree as a list, each node after the one that it is a part of. */
function nodesOf(tree: Explained, parent: number | null = null, before = 0): ReturnType<typeof nodeOf>[] {
  const out = [nodeOf(tree, parent)]
  for (const child of tree.children) out.push(...nodesOf(child, before, before + out.length))
  return out
}

const nodeOf = ({ kind, start, end, value, shown, until, flipsAt, words }: Explained, parent: number | null) => ({
  ...{ parent, kind, start, end, value, shown: { ...shown }, words: { ...words } },
  ...{ until: isoOrNull(until), flipsAt: isoOrNull(flipsAt) },
})

const calendarItem = ({ id, version, zone, week, days }: CalendarDef) => ({
  ...{ id, version, zone },
  week: week.map(hoursOf),
  days: Object.fromEntries(Object.entries(days).map(([day, shifts]) => [day, hoursOf(shifts)])),
})
const hoursOf = (shifts: Shifts): [number, number][] => shifts.map(([from, to]) => [from, to])

const rootsOf = (schema: FactSchema) =>
  Object.entries(schema).map(([name, root]) => ({
    ...{ name, kind: root.type, label: { ...root.label }, max: root.type === 'list' ? root.max : null },
    fields: Object.entries(root.of).map(([field, { type, optional, unit, label, from, example, values, several }]) => ({
      ...{ name: field, type, optional: optional === true, unit: unit ?? null, label: { ...label } },
      ...{ from: [...from], example, values: values && !several ? wordsIn(values) : null },
    })),
  }))

const wordsIn = (values: FactWords): Record<string, Label> =>
  Object.fromEntries(Object.entries(values).map(([code, { zh, en }]) => [code, { zh, en }]))
