import * as z from 'zod'
import { COMMAND_BODIES, commandTypes } from '../commands.ts'
import type { Right } from '../rights.ts'
import { named, route } from './route.ts'
import { anyObject, caseId, orderId, streamId, when } from './shapes.ts'

const done = named(
  'CommandDone',
  z.strictObject({ id: z.string(), stream: streamId(), version: z.int(), result: anyObject() }).meta({
    description: 'It was carried out; `version` is the new one of the stream',
  }),
)
const pending = named(
  'CommandPending',
  z.strictObject({ id: z.string(), stream: streamId(), href: z.string() }).meta({
    description: 'It is stored and will be carried out; ask `href` for the outcome',
  }),
)

export const KEY = z.strictObject({
  'idempotency-key': z.string().min(1).max(200).optional().meta({
    description:
      'The same key with the same command is carried out once; its outcome is repeated for 48 hours. Without one, each request is a command of its own.',
  }),
  'x-andon-actor': z.string().max(101).optional().meta({
    description:
      'On whose behalf, such as user:anna; only from who has the right actor.behalf. The ledger then names both.',
  }),
})

export const caseParams = z.strictObject({ id: caseId() })

// Bodies come without the case, which stands in the path.
const CASELESS = { case: true } as const

const command = <const B extends z.ZodType>(given: {
  path: `/${string}`
  right: Right
  summary: string
  body: B
  example: object
}) =>
  route({
    method: 'POST',
    path: given.path,
    right: given.right,
    tag: 'Commands',
    summary: given.summary,
    params: caseParams,
    headers: KEY,
    body: given.body,
    example: given.example,
    replies: {
      200: { description: 'Carried out', schema: done },
      202: { description: 'Stored; it takes longer than two seconds', schema: pending },
    },
    problems: COMMAND_PROBLEMS,
  })

const COMMAND_PROBLEMS = [
  'invalid_json',
  'invalid_encoding',
  'unsupported_media_type',
  'payload_too_large',
  'case_not_found',
  'wrong_status',
  'until_past',
  'owner_required',
  'cause_required',
  'cause_unknown',
  'result_required',
  'anomaly_still_holds',
  'idempotency_mismatch',
  'quarantined',
  'body_invalid',
] as const

// What closing asks for is asked by the domain, so that an attempt without it is refused in its words and recorded.
const closeBody = () =>
  COMMAND_BODIES['case.close'].omit(CASELESS).extend({
    cause: COMMAND_BODIES['case.close'].shape.cause.optional(),
    result: COMMAND_BODIES['case.close'].shape.result.optional(),
  })

/**
 * What the commands of a case take, without the case; instants as ISO 8601. Made anew for each place that shows them: a
 * schema is one place of the OpenAPI document.
 */
export const caselessBodies = () => ({
  acknowledge: COMMAND_BODIES['case.acknowledge'].omit(CASELESS),
  assign: COMMAND_BODIES['case.assign'].omit(CASELESS),
  start: COMMAND_BODIES['case.start'].omit(CASELESS),
  wait: COMMAND_BODIES['case.wait'].omit(CASELESS).extend({ until: when() }),
  resume: COMMAND_BODIES['case.resume'].omit(CASELESS),
  snooze: COMMAND_BODIES['case.snooze'].omit(CASELESS).extend({ until: when().nullable() }),
  release: COMMAND_BODIES['case.release'].omit(CASELESS),
  note: COMMAND_BODIES['case.note'].omit(CASELESS),
  severity: COMMAND_BODIES['case.set_severity'].omit(CASELESS),
  resolve: COMMAND_BODIES['case.resolve'].omit(CASELESS),
  close: closeBody(),
  reopen: COMMAND_BODIES['case.reopen'].omit(CASELESS),
})

const BODIES = caselessBodies()

export const CASE = '/v1/cases/{id}'

export const caseCommandRoutes = {
  acknowledgeCase: command({
    path: `${CASE}/acknowledge`,
    right: commandTypes['case.acknowledge'].right,
    summary: 'Acknowledge a case: somebody looks after it',
    body: BODIES.acknowledge,
    example: {},
  }),
  assignCase: command({
    path: `${CASE}/assign`,
    right: commandTypes['case.assign'].right,
    summary: 'Give a case to somebody, or to nobody',
    body: BODIES.assign,
    example: { owner: 'user:anna' },
  }),
  startCase: command({
    path: `${CASE}/start`,
    right: commandTypes['case.start'].right,
    summary: 'Start to work on a case',
    body: BODIES.start,
    example: {},
  }),
  waitForCase: command({
    path: `${CASE}/wait`,
    right: commandTypes['case.wait'].right,
    summary: 'Let a case wait for somebody until an instant',
    body: BODIES.wait,
    example: { for: 'party:carrier', until: '2026-11-21T11:30:00+08:00', note: 'They look for the parcel' },
  }),
  resumeCase: command({
    path: `${CASE}/resume`,
    right: commandTypes['case.resume'].right,
    summary: 'End the wait of a case before its time',
    body: BODIES.resume,
    example: {},
  }),
  snoozeCase: command({
    path: `${CASE}/snooze`,
    right: commandTypes['case.snooze'].right,
    summary: 'Put a case aside until an instant; null takes that back',
    body: BODIES.snooze,
    example: { until: '2026-11-21T14:00:00+08:00' },
  }),
  releaseCase: command({
    path: `${CASE}/release`,
    right: commandTypes['case.release'].right,
    summary: 'Give a case back: it is open again, for `owner` or for nobody',
    body: BODIES.release,
    example: {},
  }),
  noteCase: command({
    path: `${CASE}/note`,
    right: commandTypes['case.note'].right,
    summary: 'Write a note on a case',
    body: BODIES.note,
    example: { text: 'Called the carrier; the parcel is at the hub.' },
  }),
  setCaseSeverity: command({
    path: `${CASE}/severity`,
    right: commandTypes['case.set_severity'].right,
    summary: 'Change how severe a case is',
    body: BODIES.severity,
    example: { severity: 'P1', reason: 'The customer flies on Friday' },
  }),
  resolveCase: command({
    path: `${CASE}/resolve`,
    right: commandTypes['case.resolve'].right,
    summary: 'Say that the work is done',
    body: BODIES.resolve,
    example: { result: 'Sent again with another carrier' },
  }),
  closeCase: command({
    path: `${CASE}/close`,
    right: commandTypes['case.close'].right,
    summary: 'Close a case; asks for the cause and the result',
    body: BODIES.close,
    example: { cause: 'carrier', result: 'Delivered on the second attempt' },
  }),
  reopenCase: command({
    path: `${CASE}/reopen`,
    right: commandTypes['case.reopen'].right,
    summary: 'Take up a case again that was over',
    body: BODIES.reopen,
    example: { reason: 'The parcel came back' },
  }),
  noteOrder: route({
    method: 'POST',
    path: '/v1/orders/{id}/notes',
    right: commandTypes['order.note'].right,
    tag: 'Commands',
    summary: 'Write a note on an order',
    params: z.strictObject({ id: orderId() }),
    headers: KEY,
    body: COMMAND_BODIES['order.note'],
    example: { text: 'The customer wants it in one parcel.' },
    replies: {
      200: { description: 'Carried out', schema: done },
      202: { description: 'Stored; it takes longer than two seconds', schema: pending },
    },
    problems: [
      'invalid_json',
      'invalid_encoding',
      'unsupported_media_type',
      'payload_too_large',
      'order_not_found',
      'note_empty',
      'note_too_long',
      'note_not_text',
    ],
  }),
  getCommand: route({
    method: 'GET',
    path: '/v1/commands/{stream}/{id}',
    right: 'signed_in',
    tag: 'Commands',
    summary: 'The outcome of a command, for 48 hours',
    params: z.strictObject({ stream: streamId(), id: z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/) }),
    replies: {
      200: { description: 'Carried out', schema: done },
      202: { description: 'It still waits', schema: pending },
    },
    problems: ['command_not_found', ...COMMAND_PROBLEMS.slice(5), 'note_empty', 'note_too_long', 'note_not_text'],
  }),
}
