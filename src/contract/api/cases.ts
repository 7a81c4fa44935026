import * as z from 'zod'
import { COMMAND_BODIES, commandTypes } from '../commands.ts'
import { SEVERITIES } from '../exceptions.ts'
import type { Right } from '../rights.ts'
import { named, route } from './route.ts'
import {
  anyObject,
  at,
  caseId,
  cursor,
  label,
  limit,
  listOf,
  money,
  orderId,
  page,
  streamId,
  when,
  yesNo,
} from './shapes.ts'

const severity = z.enum(SEVERITIES)
const CASE_STATUSES = ['open', 'acknowledged', 'working', 'resolved', 'cleared', 'closed'] as const

const rule = z.strictObject({ id: z.string(), version: z.int() })

const caseShape = {
  id: caseId(),
  stream: streamId().meta({ description: 'The order, or the feed, that it is about' }),
  version: z.int(),
  orderNo: z.string().nullable(),
  channel: z.string().nullable(),
  type: z.string(),
  name: label,
  scope: z.string().meta({ description: 'Line, parcel or node it is about; empty for the whole' }),
  severity,
  status: z.enum(CASE_STATUSES),
  holds: z.boolean().meta({ description: 'Whether the anomaly stands right now' }),
  owner: z.string().nullable(),
  rule,
  cause: z.string().nullable(),
  reopened: z.int().meta({ description: 'How often it came back' }),
  amount: money.nullable(),
  openedAt: at(),
  acknowledgedAt: at().nullable(),
  resolvedAt: at().nullable(),
  closedAt: at().nullable(),
  dueAt: at().nullable(),
  updatedAt: at(),
}
const caseItem = named('CaseItem', z.strictObject(caseShape))
export type CaseItem = z.output<typeof caseItem>

const step = named(
  'CaseStep',
  z.strictObject({
    seq: z.int(),
    type: z.string(),
    name: label,
    actor: z.string(),
    at: at(),
    knownAt: at(),
    data: anyObject().meta({ description: 'What the step says, notes in plain text; instants in it are epoch ms' }),
  }),
)

const findingItem = named(
  'Finding',
  z.strictObject({
    id: z.string(),
    stream: streamId(),
    rule,
    type: z.string(),
    name: label,
    severity,
    holds: z.boolean(),
    raisedAt: at(),
    clearedAt: at().nullable(),
    evidence: anyObject().meta({ description: 'What the rule read; instants are epoch ms, amounts minor units' }),
  }),
)
export type FindingItem = z.output<typeof findingItem>

const caseDetail = named(
  'Case',
  z.strictObject({
    ...caseShape,
    findings: z.array(findingItem).meta({ description: 'The findings behind it' }),
    history: z.array(step).meta({ description: 'Everything that was written about it, the first first' }),
  }),
)
export type CaseDetail = z.output<typeof caseDetail>

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

const KEY = z.strictObject({
  'idempotency-key': z.string().min(1).max(200).optional().meta({
    description:
      'The same key with the same command is carried out once; its outcome is repeated for 48 hours. Without one, each request is a command of its own.',
  }),
  'x-andon-actor': z.string().max(101).optional().meta({
    description:
      'On whose behalf, such as user:anna; only from who has the right actor.behalf. The ledger then names both.',
  }),
})

const caseParams = z.strictObject({ id: caseId() })

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
const closeBody = COMMAND_BODIES['case.close'].omit(CASELESS).extend({
  cause: COMMAND_BODIES['case.close'].shape.cause.optional(),
  result: COMMAND_BODIES['case.close'].shape.result.optional(),
})

const CASE = '/v1/cases/{id}'

export const caseRoutes = {
  listCases: route({
    method: 'GET',
    path: '/v1/cases',
    right: 'case.read',
    tag: 'Cases',
    summary: 'List cases',
    query: z.strictObject({
      status: listOf(z.enum(CASE_STATUSES)).optional(),
      severity: listOf(severity).optional(),
      type: listOf(z.string().min(1).max(100)).optional(),
      owner: listOf(z.string().min(1).max(120)).optional().meta({ description: '`none` for cases without an owner' }),
      channel: listOf(z.string().min(1).max(64)).optional(),
      order: z.string().min(1).max(100).optional().meta({ description: 'an order id or an order number' }),
      openedFrom: when().optional(),
      openedTo: when().optional().meta({ format: 'date-time', description: 'exclusive' }),
      sort: z.enum(['opened', 'severity']).default('opened').meta({
        description: 'the newest first, or the worst first and the newest among those',
      }),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page', schema: page('CasePage', caseItem) } },
    problems: ['invalid_cursor'],
  }),
  getCase: route({
    method: 'GET',
    path: CASE,
    right: 'case.read',
    tag: 'Cases',
    summary: 'One case with its findings and its history',
    params: caseParams,
    replies: {
      200: { description: 'ETag is its version', schema: caseDetail },
      304: { description: 'It is what If-None-Match says' },
    },
    problems: ['case_not_found'],
  }),
  listFindings: route({
    method: 'GET',
    path: '/v1/findings',
    right: 'order.read',
    tag: 'Cases',
    summary: 'List findings: that a rule holds, or held, for a stream',
    query: z.strictObject({
      rule: listOf(z.string().min(1).max(100)).optional(),
      type: listOf(z.string().min(1).max(100)).optional(),
      severity: listOf(severity).optional(),
      holds: yesNo().optional(),
      order: orderId().optional(),
      raisedFrom: when().optional(),
      raisedTo: when().optional().meta({ format: 'date-time', description: 'exclusive' }),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page, the newest first', schema: page('FindingPage', findingItem) } },
    problems: ['invalid_cursor'],
  }),
  acknowledgeCase: command({
    path: `${CASE}/acknowledge`,
    right: commandTypes['case.acknowledge'].right,
    summary: 'Acknowledge a case: somebody looks after it',
    body: COMMAND_BODIES['case.acknowledge'].omit(CASELESS),
    example: {},
  }),
  assignCase: command({
    path: `${CASE}/assign`,
    right: commandTypes['case.assign'].right,
    summary: 'Give a case to somebody, or to nobody',
    body: COMMAND_BODIES['case.assign'].omit(CASELESS),
    example: { owner: 'user:anna' },
  }),
  startCase: command({
    path: `${CASE}/start`,
    right: commandTypes['case.start'].right,
    summary: 'Start to work on a case',
    body: COMMAND_BODIES['case.start'].omit(CASELESS),
    example: {},
  }),
  noteCase: command({
    path: `${CASE}/note`,
    right: commandTypes['case.note'].right,
    summary: 'Write a note on a case',
    body: COMMAND_BODIES['case.note'].omit(CASELESS),
    example: { text: 'Called the carrier; the parcel is at the hub.' },
  }),
  setCaseSeverity: command({
    path: `${CASE}/severity`,
    right: commandTypes['case.set_severity'].right,
    summary: 'Change how severe a case is',
    body: COMMAND_BODIES['case.set_severity'].omit(CASELESS),
    example: { severity: 'P1', reason: 'The customer flies on Friday' },
  }),
  resolveCase: command({
    path: `${CASE}/resolve`,
    right: commandTypes['case.resolve'].right,
    summary: 'Say that the work is done',
    body: COMMAND_BODIES['case.resolve'].omit(CASELESS),
    example: { result: 'Sent again with another carrier' },
  }),
  closeCase: command({
    path: `${CASE}/close`,
    right: commandTypes['case.close'].right,
    summary: 'Close a case; asks for the cause and the result',
    body: closeBody,
    example: { cause: 'carrier', result: 'Delivered on the second attempt' },
  }),
  reopenCase: command({
    path: `${CASE}/reopen`,
    right: commandTypes['case.reopen'].right,
    summary: 'Take up a case again that was over',
    body: COMMAND_BODIES['case.reopen'].omit(CASELESS),
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
