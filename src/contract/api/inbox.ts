import * as z from 'zod'
import { CASE, caselessBodies, caseParams, KEY } from './case-commands.ts'
import { caseFilter, caseItem } from './cases.ts'
import { named, route } from './route.ts'
import { anyObject, at, caseId, cursor, label, limit, money } from './shapes.ts'

// ---- a filter in figures ----

/** When cases are due, from the first to the last: how a list sorted by `due` is cut. */
export const DUE_GROUPS = ['overdue', 'soon', 'today', 'tomorrow', 'later', 'none'] as const
export type DueGroup = (typeof DUE_GROUPS)[number]

const facet = z.array(z.strictObject({ value: z.string().nullable(), label: label.nullable(), count: z.int() }))

/** What a list can be cut by besides its deadlines; it is then sorted by the same name. */
export const CASE_GROUPS = ['type', 'owner'] as const

const summary = named(
  'CaseSummary',
  z.strictObject({
    now: at(),
    count: z.int(),
    exact: z.boolean().meta({ description: 'Counting stops at 200,001' }),
    money: z.array(money).meta({ description: 'At risk, by currency' }),
    due: z
      .array(z.strictObject({ group: z.enum(DUE_GROUPS), count: z.int(), from: at().nullable(), to: at().nullable() }))
      .meta({ description: 'In the order of `sort=due`; `soon` is within two hours, the days are those of `zone`' }),
    groups: facet.nullable().meta({
      description: 'By the value that was asked for, in the order of the list sorted by it; the first 500',
    }),
    facets: z
      .strictObject({ severity: facet, type: facet, status: facet, owner: facet, channel: facet, region: facet })
      .nullable()
      .meta({
        description: 'The most frequent values of the rows that the filter has, 20 at most; only when asked for',
      }),
  }),
)
export type CaseSummary = z.output<typeof summary>

// ---- bulk ----

export const BULK_MOST = 500

const BODIES = caselessBodies()
const ids = z.array(caseId()).min(1).max(BULK_MOST)
const option = <const C extends string, B extends z.ZodType>(command: C, body: B) =>
  z.strictObject({ command: z.literal(command), ids, with: body })

const bulk = z.discriminatedUnion('command', [
  option('acknowledge', BODIES.acknowledge.default({})),
  option('assign', BODIES.assign),
  option('start', BODIES.start.default({})),
  option('wait', BODIES.wait),
  option('resume', BODIES.resume.default({})),
  option('snooze', BODIES.snooze),
  option('release', BODIES.release.default({})),
  option('note', BODIES.note),
  option('severity', BODIES.severity),
  option('resolve', BODIES.resolve.default({})),
  option('close', BODIES.close),
  option('reopen', BODIES.reopen),
])
export type BulkCommand = z.output<typeof bulk>['command']

const bulkResult = named(
  'BulkResult',
  z.strictObject({
    done: z.array(z.strictObject({ id: caseId(), status: z.string(), version: z.int() })),
    skipped: z
      .array(z.strictObject({ id: caseId(), code: z.string(), sentence: label }))
      .meta({ description: 'Refused, each with its reason; the others went on' }),
    waiting: z
      .array(z.strictObject({ id: caseId(), href: z.string() }))
      .meta({ description: 'Stored and not carried out within two seconds; ask there' }),
  }),
)
export type BulkResult = z.output<typeof bulkResult>

// ---- what happened around a case ----

export const TIMELINE_WHO = ['person', 'rule', 'system', 'outside'] as const
export type TimelineWho = (typeof TIMELINE_WHO)[number]

export const timelineItem = named(
  'TimelineItem',
  z.strictObject({
    seq: z.int(),
    type: z.string(),
    name: label,
    who: z.enum(TIMELINE_WHO),
    actor: z.string(),
    at: at(),
    recordedAt: at(),
    own: z.boolean().meta({ description: 'About the case itself, not its order' }),
    data: anyObject().meta({ description: 'Notes in plain text; other personal fields are masked' }),
  }),
)
export type TimelineItem = z.output<typeof timelineItem>

export const timelinePage = named(
  'TimelinePage',
  z.strictObject({ items: z.array(timelineItem), next: z.string().nullable() }),
)

// ---- precedent ----

const similar = named(
  'SimilarCases',
  z.strictObject({
    days: z.int(),
    count: z.int().meta({ description: 'Cases of this type that ended in that time, the newest 500' }),
    endings: z
      .array(
        z.strictObject({
          cause: z.string().nullable().meta({ description: 'null: it went away by itself' }),
          name: label,
          count: z.int(),
          share: z.number().meta({ description: '0..1 of all of them' }),
          medianMs: z.int().meta({ description: 'From opening to end' }),
        }),
      )
      .meta({ description: 'How they ended, the most frequent first' }),
    nearest: z.array(
      z.strictObject({
        case: caseItem,
        score: z.number().meta({ description: '0..1: how many of the facts below are the same' }),
        same: z.array(z.enum(['channel', 'region', 'carrier', 'paymentMethod', 'amount', 'severity'])),
        result: z.string().nullable().meta({ description: 'What was written when it was closed' }),
      }),
    ),
  }),
)
export type SimilarCases = z.output<typeof similar>

export const inboxRoutes = {
  summariseCases: route({
    method: 'GET',
    path: '/v1/cases/summary',
    right: 'case.read',
    tag: 'Cases',
    summary: 'How many cases a filter has, how much money, and when they are due',
    query: z.strictObject({
      ...caseFilter,
      zone: z.string().max(64).default('UTC').meta({ description: 'IANA time zone whose days are meant' }),
      facets: z.stringbool().default(false),
      group: z.enum(CASE_GROUPS).optional().meta({ description: 'counts the groups of a list sorted by it' }),
    }),
    replies: { 200: { description: 'In figures', schema: summary } },
    problems: [],
  }),
  bulkCases: route({
    method: 'POST',
    path: '/v1/cases/bulk',
    right: 'case.read',
    tag: 'Commands',
    summary: 'The same command on many cases, with a result for each',
    description:
      'Each case is a command of its own, with the right, the refusals and the history that it would have by itself. With an Idempotency-Key the whole can be sent again: what was carried out is repeated and not done twice.',
    headers: KEY,
    body: bulk,
    example: { command: 'assign', ids: ['c-0123456789abcdefghjkmnpqrs'], with: { owner: 'user:anna' } },
    replies: { 200: { description: 'What became of each', schema: bulkResult } },
    problems: ['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'],
  }),
  caseTimeline: route({
    method: 'GET',
    path: `${CASE}/timeline`,
    right: 'case.read',
    tag: 'Cases',
    summary: 'What people, rules, the system and the outside did around a case, the newest first',
    params: caseParams,
    query: z.strictObject({
      who: z.enum(TIMELINE_WHO).optional(),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page', schema: timelinePage } },
    problems: ['case_not_found', 'invalid_cursor'],
  }),
  similarCases: route({
    method: 'GET',
    path: `${CASE}/similar`,
    right: 'case.read',
    tag: 'Cases',
    summary: 'Cases of the same type that are over: how they ended, and those that were most alike',
    params: caseParams,
    replies: { 200: { description: 'Of the last 90 days', schema: similar } },
    problems: ['case_not_found'],
  }),
}
