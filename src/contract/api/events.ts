import * as z from 'zod'
import { eventFamilies } from '../events/index.ts'
import { named, route } from './route.ts'
import { label, orderId } from './shapes.ts'

/** Room for a field of 10 MB to be refused by its name and not by the size of the whole. */
export const EVENTS_BODY_LIMIT = 12 * 1024 * 1024
export const MAX_EVENTS = 1000
export const MAX_WAIT = 10_000

/** What the sender gives; each type's `data` is in docs/reference/events.md and checked by its own schema. */
const cloudEvent = named(
  'CloudEvent',
  z
    .looseObject({
      specversion: z.literal('1.0'),
      id: z.string().max(200),
      source: z.string().max(300),
      type: z.string().max(100),
      time: z.iso.datetime({ offset: true }).optional(),
      datacontenttype: z.string().optional(),
      data: z.looseObject({
        ref: z.looseObject({
          channel: z.string().optional(),
          orderNo: z.string().optional(),
          trackingNo: z.string().optional(),
          paymentId: z.string().optional(),
          barcode: z.string().optional(),
        }),
      }),
    })
    .meta({ description: 'A CloudEvents 1.0 message; GET /v1/event-types lists the types and their fields' }),
)

const outcome = z.strictObject({ status: z.int(), version: z.int(), code: z.string().optional() })

const receipt = named(
  'EventReceipt',
  z.strictObject({
    id: z.string(),
    source: z.string(),
    status: z.enum(['accepted', 'duplicate', 'unmatched', 'conflict']),
    order: orderId().optional(),
    outcome: outcome.optional().meta({ description: 'With `wait`: that the event took effect, and in which version' }),
  }),
)

const accepted = named(
  'EventsAccepted',
  z.strictObject({
    accepted: z.int(),
    duplicates: z.int(),
    unmatched: z.int(),
    conflicts: z.int(),
    results: z.array(receipt),
  }),
)

const EXAMPLE = {
  specversion: '1.0',
  id: 'A-1001-placed',
  source: '/channels/web',
  type: 'order.placed',
  time: '2026-11-21T08:00:00Z',
  data: {
    ref: { orderNo: 'A-1001' },
    currency: 'CNY',
    lines: [{ sku: 'TEA-01', qty: 2, price: 4900 }],
  },
}

const eventType = named(
  'EventType',
  z.strictObject({
    type: z.string(),
    version: z.int(),
    family: z.enum(Object.keys(eventFamilies)),
    name: label,
    description: label,
    fields: z.array(
      z.strictObject({ path: z.string(), optional: z.boolean(), personal: z.boolean(), says: z.string() }),
    ),
  }),
)

export const eventRoutes = {
  sendEvents: route({
    method: 'POST',
    path: '/v1/events',
    right: 'event.write',
    tag: 'Events',
    summary: 'Send events',
    description: [
      'One CloudEvents 1.0 message, or a list of at most 1,000. The answer is given after the commit: what it calls',
      'accepted is not lost. A list is taken as a whole or, when one of its events is not well formed, not at all; the',
      'pointers of the problem begin with the index of the event. The same id with the same content counts once. The same',
      'id with another content is a conflict: alone it is answered with 409, in a list the others are taken and it is',
      'marked. Conflicts and events that are not well formed are kept in quarantine. An event whose order is not known',
      `yet waits for it. The body may have ${EVENTS_BODY_LIMIT / 1024 / 1024} MiB, so that a field that is far too long`,
      'is refused by its name; beyond that it is refused as a whole.',
    ].join(' '),
    query: z.strictObject({
      wait: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_WAIT)
        .optional()
        .meta({ description: 'ms to wait until the accepted events have taken effect' }),
    }),
    body: z.union([cloudEvent, z.array(cloudEvent).min(1).max(MAX_EVENTS)]),
    bodyTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json'],
    bodyLimit: EVENTS_BODY_LIMIT,
    example: EXAMPLE,
    replies: {
      202: { description: 'Committed', schema: accepted },
      200: { description: 'Committed, and all of it took effect within `wait`', schema: accepted },
    },
    problems: [
      'invalid_json',
      'invalid_encoding',
      'event_conflict',
      'payload_too_large',
      'too_many_events',
      'unsupported_media_type',
      'invalid_event',
      'overloaded',
    ],
  }),
  listEventTypes: route({
    method: 'GET',
    path: '/v1/event-types',
    right: 'signed_in',
    tag: 'Events',
    summary: 'The types of events that may be sent',
    replies: {
      200: {
        description: 'All of them',
        schema: named('EventTypes', z.strictObject({ items: z.array(eventType) })),
      },
    },
  }),
}
