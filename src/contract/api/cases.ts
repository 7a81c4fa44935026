import * as z from 'zod'
import { SEVERITIES } from '../exceptions.ts'
import { CASE, caseParams } from './case-commands.ts'
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
export const CASE_STATUSES = ['open', 'acknowledged', 'working', 'waiting', 'resolved', 'cleared', 'closed'] as const

const rule = z.strictObject({ id: z.string(), version: z.int() })

const evidence = named(
  'Evidence',
  z.strictObject({
    path: z.string().meta({ description: 'As the rule names it, such as order.paidAt' }),
    label,
    type: z.enum(['time', 'dur', 'money', 'num', 'bool', 'string', 'list']),
    role: z.enum(['fact', 'limit']).meta({ description: 'What was seen, or a constant of the rule' }),
    unit: z.string().nullable(),
    value: z.union([z.string(), z.number(), z.boolean()]).nullable().meta({
      description:
        'Instants are ISO 8601, durations ms, amounts minor units, of a list how many it has; null: not known',
    }),
    words: label.nullable().meta({ description: 'What people call the value, where it is a code such as a status' }),
    fact: z
      .strictObject({ seq: z.int(), type: z.string(), at: at() })
      .nullable()
      .meta({ description: 'The ledger row that says so; null in lists, and for what is not one row' }),
  }),
)
export type EvidenceItem = z.output<typeof evidence>

const caseShape = {
  id: caseId(),
  number: z.string().meta({ description: 'Short, for people: C- and six characters of the id; not quite unique' }),
  stream: streamId().meta({ description: 'The order, or the feed, that it is about' }),
  version: z.int(),
  orderNo: z.string().nullable(),
  channel: z.string().nullable(),
  region: z.string().nullable(),
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
  amount: money.nullable().meta({
    description: 'Money at risk: today the total of the order, as margins and penalties are not known yet',
  }),
  openedAt: at(),
  acknowledgedAt: at().nullable(),
  resolvedAt: at().nullable(),
  closedAt: at().nullable(),
  endedAt: at().nullable().meta({ description: 'Closed, or gone by itself' }),
  dueAt: at().nullable(),
  dueBy: z.enum(['budget', 'promise']).nullable().meta({ description: 'Which of the two makes it due' }),
  budgetMs: z.int().nullable().meta({ description: 'How long it may take, by its severity; hours day and night' }),
  pausedMs: z.int().meta({ description: 'What of its time does not count: waits that are over' }),
  promiseEndsAt: at().nullable(),
  waiting: z.strictObject({ for: z.string(), since: at(), until: at() }).nullable(),
  snoozedUntil: at().nullable(),
  updatedAt: at(),
  evidence: z.array(evidence).meta({ description: 'What speaks for it, in short' }),
}
export const caseItem = named('CaseItem', z.strictObject(caseShape))
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

const segment = z.strictObject({
  from: at(),
  to: at().nullable().meta({ description: 'null: it goes on' }),
  kind: z.enum(['run', 'wait', 'stop']),
  for: z.string().nullable(),
  seq: z.int().meta({ description: 'The ledger row that began it' }),
})

const caseDetail = named(
  'Case',
  z.strictObject({
    ...caseShape,
    reason: label.nullable().meta({ description: 'Why the rule exists' }),
    hint: label.nullable().meta({ description: 'What to do about it, in short, as the rule says' }),
    segments: z.array(segment).meta({ description: 'How its time was spent: running, waiting, stopped' }),
    findings: z.array(findingItem).meta({ description: 'The findings behind it' }),
    history: z.array(step).meta({ description: 'Everything that was written about it, the first first' }),
  }),
)
export type CaseDetail = z.output<typeof caseDetail>

const exclusive = () => when().optional().meta({ format: 'date-time', description: 'exclusive' })
const amount = () => z.coerce.number().int().min(0).optional()

/** What a list of cases, its summary and a saved view are filtered by. */
export const caseFilter = {
  state: z.enum(['active', 'over', 'all']).default('all').meta({ description: 'active: not closed and not gone' }),
  status: listOf(z.enum(CASE_STATUSES)).optional(),
  severity: listOf(severity).optional(),
  type: listOf(z.string().min(1).max(100)).optional(),
  owner: listOf(z.string().min(1).max(120)).optional().meta({
    description: '`none` for cases without an owner, `me` for those of the caller, `team:...` for those of a team',
  }),
  channel: listOf(z.string().min(1).max(64)).optional(),
  region: listOf(z.string().min(1).max(100)).optional(),
  cause: listOf(z.string().min(1).max(64)).optional(),
  holds: yesNo().optional(),
  snoozed: z.enum(['hide', 'only', 'all']).default('all'),
  q: z.string().trim().min(1).max(100).optional().meta({
    description:
      'number of a case or of its order, tracking number, payment, place, product, customer by name or phone',
  }),
  order: z.string().min(1).max(100).optional().meta({ description: 'an order id or an order number' }),
  openedFrom: when().optional(),
  openedTo: exclusive(),
  acknowledgedFrom: when().optional(),
  acknowledgedTo: exclusive(),
  resolvedFrom: when().optional(),
  resolvedTo: exclusive(),
  endedFrom: when().optional(),
  endedTo: exclusive(),
  dueFrom: when().optional(),
  dueTo: exclusive(),
  amountFrom: amount().meta({ description: 'minor units' }),
  amountTo: amount().meta({ description: 'minor units, exclusive' }),
}

export const CASE_SORTS = ['opened', 'severity', 'due', 'urgency', 'money', 'oldest', 'type', 'owner'] as const

/** Rows that a grid can reach; nobody scrolls further, they filter. */
export const MAX_OFFSET = 200_000

export const caseRoutes = {
  listCases: route({
    method: 'GET',
    path: '/v1/cases',
    right: 'case.read',
    tag: 'Cases',
    summary: 'List cases',
    query: z.strictObject({
      ...caseFilter,
      sort: z.enum(CASE_SORTS).default('opened').meta({
        description:
          'opened: the newest first; severity: the worst first, the newest among those; due: the earliest deadline first; urgency: the worst first, the earliest deadline among those; money: the most at risk first; oldest: the first opened first; type and owner: by these, the earliest deadline first in each',
      }),
      offset: z.coerce.number().int().min(0).max(MAX_OFFSET).optional().meta({
        description: 'Skips so many rows, for a grid that shows any part of the list; instead of a cursor',
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
}
