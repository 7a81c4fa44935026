import * as z from 'zod'
import { jobItem } from './jobs.ts'
import { named, route } from './route.ts'
import { at, cursor, label, limit } from './shapes.ts'

const ms = () => z.int().meta({ description: 'ms' })

const baseline = named(
  'Baseline',
  z.strictObject({
    node: z.string(),
    label,
    lane: z.string().meta({ description: '`channel/region`, `channel`, or empty for all orders' }),
    samples: z.int().meta({ description: 'Stays that it was learned from' }),
    p50: ms(),
    p90: ms(),
    p95: ms(),
    p99: ms(),
    points: z
      .array(z.strictObject({ upTo: ms(), n: z.int() }))
      .meta({ description: 'How stays are spread: so many of them above the step before and not above `upTo`' }),
  }),
)
export type BaselineItem = z.output<typeof baseline>

export const baselineRoutes = {
  listBaselines: route({
    method: 'GET',
    path: '/v1/baselines',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'How long orders usually stay in each node, lane by lane',
    description: 'Rules read them as `node.p95` and so on; a stay is judged by the version in force when it began.',
    query: z.strictObject({
      version: z.coerce.number().int().min(1).optional().meta({ description: 'Default: the newest' }),
      node: z.string().max(60).optional(),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: {
      200: {
        description: 'A page, by node and lane',
        schema: named(
          'Baselines',
          z.strictObject({
            version: z.int().nullable().meta({ description: 'Null: nothing was learned yet' }),
            activeFrom: at().nullable(),
            fewest: z
              .int()
              .meta({ description: 'Lanes with fewer stays have none of their own: the wider lane counts' }),
            versions: z.array(z.strictObject({ version: z.int(), activeFrom: at(), lanes: z.int() })).meta({
              description: 'The newest 100, the newest first',
            }),
            items: z.array(baseline),
            next: z.string().nullable(),
          }),
        ),
      },
    },
    problems: ['invalid_cursor', 'reach_narrowed'],
  }),
  learnBaselines: route({
    method: 'POST',
    path: '/v1/baselines/learn',
    right: 'rule.publish',
    audit: 'baseline.learn',
    tag: 'Rules',
    summary: 'Learn the baselines now',
    description: 'It happens once a day by itself. What is learned counts for stays that begin later.',
    replies: { 202: { description: 'The job', schema: jobItem } },
    problems: ['job_running'],
  }),
}
