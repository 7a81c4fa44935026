import * as z from 'zod'
import { named, route } from './route.ts'
import { anyObject, at, cursor, limit, listOf, orderId, page, streamId } from './shapes.ts'

const quarantined = named(
  'QuarantinedRow',
  z.strictObject({
    id: z.string(),
    stage: z.enum(['door', 'step']).meta({ description: 'Refused when it came, or when it was to take effect' }),
    source: z.string(),
    type: z.string(),
    order: streamId().nullable(),
    code: z.string(),
    error: anyObject(),
    at: at(),
    status: z.enum(['open', 'replayed']),
    replayable: z.boolean(),
  }),
)
export type QuarantineItem = z.output<typeof quarantined>

const unmatched = named(
  'UnmatchedMessage',
  z.strictObject({
    id: z.string(),
    feed: z.string(),
    type: z.string(),
    keys: z.array(z.strictObject({ kind: z.string(), value: z.string() })),
    occurredAt: at(),
    recordedAt: at(),
    until: at().meta({ description: 'From then on it is a finding of its feed' }),
  }),
)
export type UnmatchedItem = z.output<typeof unmatched>

export const feedItem = named(
  'Feed',
  z.strictObject({
    name: z.string(),
    stream: streamId(),
    lastHeardAt: at()
      .nullable()
      .meta({ description: 'When a message of it last came to this process; null: not since it was started' }),
    lag: z.strictObject({ typical: z.int(), slow: z.int(), messages: z.int() }).nullable().meta({
      description:
        'ms from the own time of its newest messages (at most 200) until they came: half are below `typical`, 19 of 20 below `slow`; null: none since this process was started',
    }),
    lastOrderAt: at().nullable().meta({ description: 'When the newest order of the channel of this name was placed' }),
    waiting: z.int().meta({ description: 'Messages that no order claims yet' }),
    overdue: z.boolean().meta({ description: 'Some of them waited too long' }),
    rhythm: z
      .strictObject({
        heardAt: at().meta({ description: 'Its last heartbeat; they are told once a minute' }),
        beats: z.int(),
        usual: z.int().meta({ description: 'ms between two beats, half of the gaps are shorter' }),
        slow: z.int().meta({ description: 'ms, 99 of 100 gaps are shorter' }),
        learned: z.boolean().meta({ description: 'Known well enough: it takes a week' }),
        silentAt: at().nullable().meta({ description: 'From then on it counts as silent if nothing comes' }),
        silentSince: at().nullable(),
        keepsUntil: at()
          .nullable()
          .meta({ description: 'Until when its present silence, or the next one, keeps findings back' }),
        keptBack: z.int().meta({ description: 'Orders of which findings are kept back while it is silent' }),
        types: z.array(z.string()),
      })
      .nullable()
      .optional()
      .meta({ description: 'Null: nothing was heard of it since feeds are listened for' }),
  }),
)

export type FeedItem = z.output<typeof feedItem>

export const operationRoutes = {
  listQuarantine: route({
    method: 'GET',
    path: '/v1/quarantine',
    right: 'quarantine.read',
    tag: 'Operations',
    summary: 'What could not take effect, the newest first',
    query: z.strictObject({
      status: listOf(z.enum(['open', 'replayed'])).optional(),
      stage: listOf(z.enum(['door', 'step'])).optional(),
      code: listOf(z.string().min(1).max(100)).optional(),
      order: orderId().optional(),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page', schema: page('QuarantinePage', quarantined) } },
    problems: ['invalid_cursor'],
  }),
  replayQuarantined: route({
    method: 'POST',
    path: '/v1/quarantine/{id}/replay',
    right: 'quarantine.replay',
    audit: 'quarantine.replay',
    tag: 'Operations',
    summary: 'Try a quarantined row again',
    description:
      'For after a fix: an event is checked and accepted as if it came now, any other row goes back to where it waited.',
    params: z.strictObject({ id: z.string().min(1).max(200) }),
    replies: { 200: { description: 'It is on its way', schema: quarantined } },
    problems: ['quarantine_not_found', 'not_replayable', 'still_refused', 'overloaded'],
  }),
  listUnmatched: route({
    method: 'GET',
    path: '/v1/unmatched',
    right: 'quarantine.read',
    tag: 'Operations',
    summary: 'Messages that wait for their order, the oldest first',
    query: z.strictObject({ limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page', schema: page('UnmatchedPage', unmatched) } },
    problems: ['invalid_cursor'],
  }),
  listFeeds: route({
    method: 'GET',
    path: '/v1/feeds',
    right: 'operations.read',
    tag: 'Operations',
    summary: 'The streams of messages from outside',
    replies: {
      200: { description: 'All of them', schema: named('Feeds', z.strictObject({ items: z.array(feedItem) })) },
    },
  }),
}
