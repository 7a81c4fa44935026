import * as z from 'zod'
import { JOB_STATUSES } from './jobs.ts'
import { named, route } from './route.ts'
import { ruleId, ruleText } from './rules.ts'
import { at, cursor, limit, orderId, page, when } from './shapes.ts'

export const OUTCOMES = ['late', 'cancelled', 'refunded', 'returned', 'low_review', 'disputed'] as const

const ms = () => z.number().meta({ description: 'ms; positive is before the harm' })

const side = named(
  'BacktestSide',
  z.strictObject({
    hits: z.int().meta({ description: 'Findings that it would have raised' }),
    orders: z.int(),
    days: z.array(z.strictObject({ day: z.iso.date(), hits: z.int() })).meta({ description: 'Days (UTC) with hits' }),
    right: z.int().meta({ description: 'Orders that were hit and had the outcome' }),
    inTime: z.int().meta({ description: 'Of those, hit before the harm' }),
    precision: z.number().nullable(),
    recall: z.number().nullable(),
    recallInTime: z.number().nullable(),
    lead: z
      .strictObject({
        ...{ p10: ms(), p50: ms(), p90: ms() },
        points: z.array(z.strictObject({ from: ms(), upTo: ms(), n: z.int() })).meta({
          description:
            'How it is spread: so many orders above `from` and not above `upTo`, in bars of one width with an edge at 0; those at both ends reach to the least and the most. Empty for a back-test of an earlier release',
        }),
      })
      .nullable(),
    load: z
      .strictObject({ team: z.string().nullable(), mean: z.number(), worst: z.int() })
      .meta({ description: 'Cases a day for the team of the rule' }),
    influenced: z.int().meta({ description: 'Orders whose course a live rule may have changed' }),
  }),
)

const result = z.strictObject({
  orders: z.int(),
  harmed: z.int().meta({ description: 'Orders with the chosen outcome' }),
  groups: z.int().meta({ description: 'Of the 32 groups of orders, how many were looked at' }),
  listed: z.int().meta({ description: 'Hits that can be listed' }),
  draft: side,
  live: side.nullable().meta({ description: 'The live version over the same orders; null without one' }),
  difference: z.strictObject({ both: z.int(), added: z.int(), removed: z.int() }).nullable(),
})

const backtest = named(
  'Backtest',
  z.strictObject({
    id: z.string().meta({ description: 'Also of its job: stop it with POST /v1/jobs/{id}/cancel' }),
    status: z.enum(JOB_STATUSES),
    by: z.string(),
    createdAt: at(),
    endedAt: at().nullable(),
    progress: z.strictObject({ done: z.int(), total: z.int() }).meta({ description: 'Groups of orders' }),
    rule: z.string(),
    version: z.int().meta({ description: 'Of the draft; 0 for a text that was not saved' }),
    liveVersion: z.int().nullable(),
    from: at(),
    until: at(),
    outcome: z.enum(OUTCOMES),
    result: result.nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  }),
)
export type BacktestItem = z.output<typeof backtest>

const hit = named(
  'BacktestHit',
  z.strictObject({
    order: orderId(),
    orderNo: z.string(),
    at: at(),
    clearedAt: at().nullable(),
    harmAt: at().nullable(),
    lead: z.int().nullable().meta({ description: 'ms between the hit and the harm; positive is before' }),
    influenced: z.boolean(),
    change: z.enum(['both', 'added', 'removed']).meta({ description: 'Against the live version' }),
  }),
)

const id = () => z.string().min(1).max(100)

export const backtestRoutes = {
  startBacktest: route({
    method: 'POST',
    path: '/v1/backtests',
    right: 'rule.edit',
    audit: 'rule.backtest',
    tag: 'Rules',
    summary: 'Replay recorded history under a draft',
    description:
      'By what was known at each instant. A saved version, or a text that nobody saved. Consequences are not simulated: hits on orders that a live rule had told somebody of are marked.',
    body: z.strictObject({
      rule: ruleId().meta({ description: 'Its live version is what the draft is compared with' }),
      version: z.int().min(1).optional().meta({ description: 'Default: the newest' }),
      text: ruleText.optional().meta({ description: 'Instead of a version' }),
      from: when(),
      until: when().meta({ description: 'Exclusive' }),
      outcome: z.enum(OUTCOMES).default('late'),
      groups: z.int().min(1).max(32).default(32).meta({ description: 'Fewer: a sample of the orders by chance' }),
    }),
    replies: { 202: { description: 'It runs', schema: backtest } },
    problems: ['rule_refused', 'rule_not_found', 'rule_version_not_found', 'reach_narrowed'],
  }),
  listBacktests: route({
    method: 'GET',
    path: '/v1/backtests',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'Back-tests, the newest first',
    query: z.strictObject({ rule: ruleId().optional(), limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page', schema: page('BacktestPage', backtest) } },
    problems: ['invalid_cursor', 'reach_narrowed'],
  }),
  getBacktest: route({
    method: 'GET',
    path: '/v1/backtests/{id}',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'A back-test: how far it is, and its figures',
    params: z.strictObject({ id: id() }),
    replies: { 200: { description: 'The back-test', schema: backtest } },
    problems: ['backtest_not_found', 'reach_narrowed'],
  }),
  listBacktestHits: route({
    method: 'GET',
    path: '/v1/backtests/{id}/hits',
    right: 'order.read',
    tag: 'Rules',
    summary: 'The orders behind the figures',
    params: z.strictObject({ id: id() }),
    query: z.strictObject({ limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page', schema: page('BacktestHitPage', hit) } },
    problems: ['backtest_not_found', 'invalid_cursor', 'reach_narrowed'],
  }),
}
