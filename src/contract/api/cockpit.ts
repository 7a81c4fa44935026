import * as z from 'zod'
import { SEVERITIES } from '../exceptions.ts'
import { STAGES } from '../stages.ts'
import { caseItem } from './cases.ts'
import { liveFact } from './live.ts'
import { feedItem } from './operations.ts'
import { named, route } from './route.ts'
import { at, label, listOf, money } from './shapes.ts'

export const COCKPIT_RANGES = ['today', '7d', '30d'] as const
export type CockpitRange = (typeof COCKPIT_RANGES)[number]

const rows = named(
  'Rows',
  z
    .strictObject({
      list: z.enum(['cases', 'orders', 'feeds', 'quarantine']),
      query: z.record(z.string(), z.string()).meta({ description: 'Parameters of that list' }),
    })
    .meta({ description: 'The rows behind a number' }),
)
export type RowsLink = z.output<typeof rows>

const time = z.strictObject({ from: at(), to: at() })
const share = z.strictObject({
  value: z.number().nullable().meta({ description: '0..1; null: there was nothing to divide by' }),
  before: z.number().nullable().meta({ description: 'in the time before' }),
  n: z.int(),
  of: z.int(),
  series: z.array(z.number().nullable()).meta({ description: 'one value a slot' }),
  rows,
  others: rows.meta({ description: 'those that are not counted in `n`' }),
})
const mean = z.strictObject({
  ms: z.int().nullable(),
  before: z.int().nullable(),
  n: z.int(),
  series: z.array(z.int().nullable()),
  rows,
})

const kpis = z.strictObject({
  touchless: share.meta({ description: 'Orders of the time that no person did anything with, of those placed in it' }),
  onTime: share.meta({ description: 'Promises kept, of those that ended in the time; cancelled orders left out' }),
  onTimeTarget: z.number().meta({ description: '0..1; what the share of kept promises should be' }),
  open: z.strictObject({
    count: z.int(),
    atStart: z.int().meta({ description: 'when the time began' }),
    series: z.array(z.int()).meta({ description: 'at the end of each slot' }),
    rows,
  }),
  overdue: z.strictObject({
    count: z.int(),
    atStart: z.int().meta({ description: 'when the time began, by the deadlines that stand now' }),
    series: z.array(z.int()).meta({ description: 'at the end of each slot, by the deadlines that stand now' }),
    soon: z.int().meta({ description: 'due within the next 30 minutes' }),
    rows,
    soonRows: rows,
  }),
  money: z.strictObject({
    now: z.array(money).meta({
      description: 'At risk in open cases: of each of their orders the total or what was paid, whichever is more',
    }),
    atStart: z.array(money),
    series: z.array(z.array(money)).meta({ description: 'at the end of each slot' }),
    rows,
  }),
  acknowledge: mean.meta({ description: 'Mean time from opening to acknowledging, of those acknowledged in the time' }),
  resolve: mean.meta({ description: 'Mean time from opening to resolution, waits included' }),
})

const point = z.strictObject({
  ...{ from: at(), to: at(), opened: z.int(), ended: z.int() },
  limits: z.strictObject({ mean: z.number(), upper: z.number(), lower: z.number() }).nullable(),
  out: z.boolean().meta({ description: 'more or fewer were opened than the limits allow' }),
  partial: z.boolean().meta({ description: 'the slot goes on; it is not judged' }),
  openedRows: rows,
  endedRows: rows,
})

const pareto = z.strictObject({
  ...{ type: z.string(), name: label, count: z.int(), money: z.array(money) },
  minutes: z.int().meta({ description: 'from opening to end, of those that ended in the time' }),
  rows,
  endedRows: rows,
})

const openType = z.strictObject({
  ...{ type: z.string(), name: label, total: z.int() },
  bySeverity: z.array(z.strictObject({ severity: z.enum(SEVERITIES), count: z.int(), rows })),
  rows,
})

const heat = z.strictObject({
  slots: z.array(time),
  stages: z.array(
    z.strictObject({
      stage: z.enum(STAGES),
      name: label,
      p95Ms: z.int().nullable().meta({ description: 'of the stays that ended in the last 30 days' }),
      cells: z.array(
        z.strictObject({
          left: z.int().meta({ description: 'orders that left the stage in the slot' }),
          over: z.int().meta({ description: 'those of them that had stayed longer than the p95' }),
          ratio: z.number().nullable().meta({ description: 'p95 of the slot, as multiple of the p95' }),
          rows: rows.nullable().meta({ description: 'the ones that stayed too long' }),
        }),
      ),
      now: z.strictObject({ count: z.int(), over: z.int(), rows, overRows: rows }),
    }),
  ),
})

const cockpit = named(
  'Cockpit',
  z.strictObject({
    now: at(),
    range: z.enum(COCKPIT_RANGES),
    zone: z.string(),
    slot: z.enum(['hour', 'day']),
    time,
    before: time.meta({ description: 'The time that it is compared with: as long, one period earlier' }),
    lag: z.int().meta({ description: 'Ledger rows that the figures have not seen yet' }),
    settled: z.boolean().meta({
      description:
        'False: roll-ups were behind, or these figures were made up to two seconds before they were asked for; ask again soon',
    }),
    limited: z
      .boolean()
      .meta({ description: 'The caller is narrowed to warehouses, teams or people: roll-ups are not kept by those' }),
    kpis: kpis.nullable(),
    flow: z.array(point).nullable(),
    pareto: z.array(pareto).nullable(),
    open: z.array(openType),
    stages: heat.nullable(),
    urgent: z.array(caseItem).meta({ description: 'The worst first, the earliest deadline among those' }),
    oldest: z.array(caseItem),
    atRisk: z.array(caseItem).meta({ description: 'The most money first' }),
    facts: z.array(liveFact).meta({ description: 'What was written last, the newest first' }),
    feeds: z.array(feedItem).nullable(),
  }),
)
export type Cockpit = z.output<typeof cockpit>

export const cockpitRoutes = {
  getCockpit: route({
    method: 'GET',
    path: '/v1/cockpit',
    right: 'case.read',
    tag: 'Cases',
    summary: 'How it goes: figures of today, a week or a month beside the time before, each with its rows',
    description:
      'From roll-ups that follow the ledger within a moment (`lag`). Hours are UTC hours, days those of `zone`. Limits of the flow are those of an individuals chart over the same hour of the 28 days before, or over those 28 days.',
    query: z.strictObject({
      range: z.enum(COCKPIT_RANGES).default('today'),
      zone: z.string().max(64).default('UTC').meta({ description: 'IANA time zone whose days are meant' }),
      channel: listOf(z.string().min(1).max(64)).optional(),
    }),
    replies: { 200: { description: 'As of now', schema: cockpit } },
    problems: [],
  }),
}
