import * as z from 'zod'
import { RETAINED } from '../retention.ts'
import { named, route } from './route.ts'
import { anyObject, at, cursor, label, limit, orderId, page } from './shapes.ts'

const given = (max: number) => z.string().trim().min(3).max(max).optional()

/** Who is asked for, by any of what they are known by. A name is shared by many and does not tell who is meant. */
const person = named(
  'PersonAsked',
  z
    .strictObject({
      phone: given(40).meta({ description: 'In any way of writing; the last ten digits count' }),
      mail: given(254),
      customer: given(128).meta({ description: 'The id of the customer in the shop' }),
    })
    .refine(p => p.phone !== undefined || p.mail !== undefined || p.customer !== undefined, {
      error: 'give a phone, a mail or a customer id',
    }),
)
export type PersonAsked = z.output<typeof person>

/** Why, in the words of who asks; it stands in the audit trail. */
const reason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .meta({ description: 'Stands in the audit trail; write no name and no number into it' })

const ERASURE_STATUSES = ['running', 'waiting', 'done'] as const

const erasure = named(
  'Erasure',
  z.strictObject({
    id: z.string(),
    at: at().meta({ description: 'What was placed later is not concerned' }),
    actor: z.string(),
    reason: z.string(),
    status: z.enum(ERASURE_STATUSES).meta({
      description: '`waiting`: some orders are still being worked on; they are erased within an hour of their end',
    }),
    known: z.int().meta({ description: 'By how many things the person was named' }),
    erased: z.int().meta({ description: 'Orders and messages that were erased' }),
    waiting: z.int().meta({ description: 'Orders that are not over' }),
    checkedAt: at(),
  }),
)
export type ErasureItem = z.output<typeof erasure>

const retained = named(
  'Retention',
  z.strictObject({
    kind: z.enum(RETAINED),
    name: label,
    about: label,
    days: z.int().nullable().meta({ description: 'null: for ever' }),
    usual: z.int().nullable(),
    least: z.int(),
    most: z.int().nullable(),
    changedAt: at().nullable(),
    changedBy: z.string().nullable(),
  }),
)
export type RetentionItem = z.output<typeof retained>

/** What may be revealed of an order; `ledger` shows the personal fields of ledger rows. */
export const REVEALED = ['name', 'phone', 'email', 'address', 'note'] as const

export const personalRoutes = {
  revealOrder: route({
    method: 'POST',
    path: '/v1/orders/{id}/reveal',
    right: 'personal.reveal',
    audit: 'order.reveal',
    tag: 'Personal data',
    summary: 'Show personal data of an order in plain',
    description: 'Who saw what of which order, and why, stands in the audit trail before the answer is given.',
    params: z.strictObject({ id: orderId() }),
    body: z.strictObject({
      fields: z.array(z.enum(REVEALED)).min(1).max(REVEALED.length),
      rows: z
        .array(z.int().min(1))
        .max(50)
        .optional()
        .meta({ description: 'Numbers of ledger rows of which all personal fields are wanted' }),
      reason,
    }),
    example: { fields: ['phone'], reason: 'The carrier asks for the number' },
    replies: {
      200: {
        description: 'In plain; not to be stored',
        schema: named(
          'Revealed',
          z.strictObject({
            id: orderId(),
            erasedAt: at().nullable(),
            customer: z.record(z.string(), z.string()),
            shipTo: z.record(z.string(), z.string()),
            notes: z.array(z.strictObject({ seq: z.int(), text: z.string() })),
            rows: z.array(z.strictObject({ seq: z.int(), type: z.string(), fields: anyObject() })),
          }),
        ),
      },
    },
    problems: ['order_not_found', 'sealed_text_unreadable'],
  }),
  exportPerson: route({
    method: 'POST',
    path: '/v1/personal/export',
    right: 'personal.export',
    audit: 'personal.export',
    tag: 'Personal data',
    summary: 'Everything that is kept of one person, in plain',
    description: 'One JSON document: every order with its ledger, and the messages that were sent about it. Streamed.',
    body: z.strictObject({ person, reason }),
    example: { person: { phone: '13812345678' }, reason: 'Request of the customer of 2026-11-21' },
    replies: { 200: { description: 'The document', stream: ['application/json'] } },
  }),
  listErasures: route({
    method: 'GET',
    path: '/v1/erasures',
    right: 'personal.erase',
    tag: 'Personal data',
    summary: 'The register of erasures, the newest first',
    query: z.strictObject({ limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page', schema: page('ErasurePage', erasure) } },
    problems: ['invalid_cursor'],
  }),
  getErasure: route({
    method: 'GET',
    path: '/v1/erasures/{id}',
    right: 'personal.erase',
    tag: 'Personal data',
    summary: 'One erasure',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    replies: { 200: { description: 'As it stands', schema: erasure } },
    problems: ['erasure_not_found'],
  }),
  previewErasure: route({
    method: 'POST',
    path: '/v1/erasures/preview',
    right: 'personal.erase',
    audit: 'personal.preview',
    tag: 'Personal data',
    summary: 'What would be erased',
    body: z.strictObject({ person }),
    replies: {
      200: {
        description: 'Counts, and the first orders',
        schema: named(
          'ErasurePreview',
          z.strictObject({
            orders: z.int(),
            open: z.int().meta({ description: 'Of these: not over, so they would wait' }),
            first: z
              .array(z.strictObject({ id: orderId(), orderNo: z.string().nullable() }))
              .meta({ description: 'At most 100' }),
          }),
        ),
      },
    },
    problems: ['too_many_orders'],
  }),
  erasePerson: route({
    method: 'POST',
    path: '/v1/erasures',
    right: 'personal.erase',
    audit: 'person.erase',
    tag: 'Personal data',
    summary: 'Erase what is kept of one person',
    description:
      'Cannot be undone. Every order that says the given phone, mail or customer id loses all its personal data; the facts, amounts and times stay, and the chain stays provable. Orders that are not over wait until they are. The register keeps keyed digests of what was given, so that a restored backup is erased again.',
    body: z.strictObject({ person, reason }),
    replies: { 200: { description: 'What was erased', schema: erasure } },
    problems: ['too_many_orders'],
  }),
  listRetention: route({
    method: 'GET',
    path: '/v1/retention',
    right: 'config.manage',
    tag: 'Personal data',
    summary: 'For how long which kind of data is kept',
    replies: {
      200: { description: 'All kinds', schema: named('RetentionList', z.strictObject({ items: z.array(retained) })) },
    },
  }),
  changeRetention: route({
    method: 'POST',
    path: '/v1/retention/{kind}',
    right: 'config.manage',
    audit: 'retention.change',
    tag: 'Personal data',
    summary: 'Change for how long a kind of data is kept',
    params: z.strictObject({ kind: z.enum(RETAINED) }),
    body: z.strictObject({ days: z.int().min(1).max(36_500).nullable(), reason: reason.optional() }),
    replies: { 200: { description: 'As it is from now on', schema: retained } },
    problems: ['retention_out_of_range'],
  }),
}
