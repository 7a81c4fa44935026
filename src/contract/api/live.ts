import * as z from 'zod'
import { caseItem } from './cases.ts'
import { jobItem } from './jobs.ts'
import { feedItem } from './operations.ts'
import { orderItem } from './orders.ts'
import { named, route } from './route.ts'
import { at, caseId, label, listOf, streamId } from './shapes.ts'

/** What one may ask to hear of. */
export const LIVE_TOPICS = ['orders', 'cases', 'facts', 'counts', 'feeds', 'jobs'] as const
export type LiveTopic = (typeof LIVE_TOPICS)[number]

export const liveFact = named(
  'LiveFact',
  z.strictObject({
    stream: streamId(),
    seq: z.int(),
    orderNo: z.string().nullable(),
    channel: z.string().nullable(),
    type: z.string(),
    name: label,
    actor: z.string(),
    at: at(),
    recordedAt: at(),
    case: caseId().nullable(),
    exception: z.strictObject({ type: z.string(), name: label }).nullable(),
  }),
)

const counts = z.strictObject({
  open: z.int().meta({ description: 'Cases that are not over, within reach' }),
  bySeverity: z.strictObject({ P0: z.int(), P1: z.int(), P2: z.int(), P3: z.int() }),
  overdue: z.int(),
  mine: z.int(),
  unowned: z.int(),
  quarantined: z.int().nullable().meta({ description: 'null: not for the caller to see' }),
  unmatched: z.int().nullable(),
})

/** The data of each event, by its name. */
export const liveEvents = {
  /** The first one. `resumed`: what was missed follows; else everything shown is read again. */
  hello: z.strictObject({ now: at(), version: z.string(), resumed: z.boolean() }),
  /** Too much was missed: read everything that is shown again. */
  reset: z.strictObject({ reason: z.enum(['gap', 'unknown_mark']) }),
  order: orderItem,
  case: caseItem,
  fact: liveFact,
  /** So many facts were left out of the feed, as nobody reads so fast. */
  skipped: z.strictObject({ facts: z.int() }),
  counts,
  feed: feedItem,
  job: jobItem,
  /** The last one: come back with Last-Event-ID at once, after `slow` when what came is dealt with. */
  bye: z.strictObject({ reason: z.enum(['renew', 'slow', 'stopping']) }),
} as const

export type LiveEventName = keyof typeof liveEvents
export type LiveEventData<N extends LiveEventName> = z.output<(typeof liveEvents)[N]>
/** An event as the console reads it. */
export type LiveEvent = { [N in LiveEventName]: { readonly name: N; readonly data: LiveEventData<N> } }[LiveEventName]
export type LiveFactItem = z.output<typeof liveFact>
export type LiveCounts = z.output<typeof counts>

export const liveRoutes = {
  live: route({
    method: 'GET',
    path: '/v1/live',
    right: 'signed_in',
    tag: 'Live',
    summary: 'What changes, as it changes (server-sent events)',
    description: [
      'Events named `hello`, `order`, `case`, `fact`, `counts`, `feed`, `job`, `skipped`, `reset` and `bye`. `order` and',
      '`case` carry the whole row as the lists show it, with its `version`: an older version than one has is nothing new.',
      'Only what is within the reach of the caller is told. A comment comes at least every 15 seconds. Come back with',
      '`Last-Event-ID`, at any process: what was missed follows, or `reset` when it is too much. After some minutes `bye`',
      'asks to come back, since rights may have changed; who reads too slowly is sent away with `bye` and `slow`.',
    ].join(' '),
    query: z.strictObject({
      topics: listOf(z.enum(LIVE_TOPICS)).optional().meta({ description: 'all of them when left out' }),
    }),
    headers: z.strictObject({
      'last-event-id': z.string().max(400).optional().meta({ description: 'the last `id` that was received' }),
    }),
    replies: { 200: { description: 'Events, without end', stream: ['text/event-stream'] } },
    problems: ['overloaded'],
  }),
}
