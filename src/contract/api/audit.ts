import * as z from 'zod'
import { anchorShape } from '../anchor.ts'
import { AUDIT_OUTCOMES } from '../audit.ts'
import { named, route } from './route.ts'
import { anyObject, at, cursor, limit, listOf, page, when } from './shapes.ts'

const change = z.strictObject({
  path: z.string().meta({ description: 'Dotted; empty for the whole' }),
  before: z.unknown(),
  after: z.unknown(),
})

const name = () => z.string().nullable()

const entry = named(
  'AuditEntry',
  z.strictObject({
    id: z.string(),
    source: z.enum(['trail', 'ledger']).meta({
      description:
        '`trail`: an entry of the audit trail. `ledger`: a row of an order’s ledger, which is its own record',
    }),
    at: at(),
    actor: z.string(),
    actorName: name().meta({
      description: 'What the actor is called: a person, for who may see who works here, or a key; null for others',
    }),
    behalf: z.string().nullable().meta({ description: 'For whom, when it is somebody else than the actor' }),
    behalfName: name(),
    address: z
      .string()
      .nullable()
      .meta({ description: 'From where; of a row of the ledger, where its command came from' }),
    agent: z.string().nullable(),
    verb: z.string(),
    subject: z
      .strictObject({
        kind: z.string(),
        id: z.string(),
        name: name().meta({ description: 'The number of an order, the name of a person or of a key' }),
      })
      .nullable(),
    outcome: z.enum(AUDIT_OUTCOMES),
    code: z.string().nullable().meta({ description: 'Of the problem, when it was refused or failed' }),
    request: z.string().nullable().meta({
      description: 'Id of the request; of a ledger row whose request is not in the trail, the id of the command',
    }),
    times: z.int().meta({ description: 'How often: refusals that repeat are counted in one entry' }),
    position: z
      .int()
      .nullable()
      .meta({ description: 'Its place in the chain of the trail; null while it waits to be sealed' }),
    before: anyObject().nullable(),
    after: anyObject().nullable(),
    changes: z.array(change).meta({ description: 'What differs between `before` and `after`' }),
  }),
)
export type AuditItem = z.output<typeof entry>

const filter = {
  source: z.enum(['trail', 'ledger']).optional(),
  actor: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .optional()
    .meta({ description: 'Who did it, or on whose behalf: `user:anna`, or with a star at the end: `key:*`' }),
  verb: listOf(z.string().min(1).max(80))
    .optional()
    .meta({ description: 'Whole, or with a star at the end: `user.*`' }),
  subjectKind: z.string().trim().min(1).max(40).optional(),
  subject: z.string().trim().min(1).max(200).optional().meta({ description: 'Id of the subject' }),
  about: z.string().trim().min(1).max(200).optional().meta({
    description: 'What it is about, as people call it: the number of an order, part of a name, or the id',
  }),
  outcome: listOf(z.enum(AUDIT_OUTCOMES)).optional(),
  code: listOf(z.string().min(1).max(80)).optional(),
  address: z.string().trim().min(1).max(64).optional(),
  from: when().optional(),
  to: when().optional().meta({ format: 'date-time', description: 'exclusive' }),
  q: z.string().trim().min(1).max(100).optional().meta({
    description:
      'A text anywhere in the entry, the number of an order, part of the name of a person or a key (of the mail address, for who may manage people). A page then looks at so many entries at most: it may have few or none and still a `next`',
  }),
  words: listOf(z.string().min(1).max(80), 200)
    .optional()
    .meta({ description: 'Verbs that `q` means in the language of who asks: entries of these fit as well' }),
}

/** Entries that one export has at most. */
export const MOST_EXPORTED = 100_000

export const auditRoutes = {
  listAudit: route({
    method: 'GET',
    path: '/v1/audit',
    right: 'audit.read',
    tag: 'Audit',
    summary: 'Who did what, the newest first',
    description: 'The audit trail, and what people and keys did on orders and cases, in one list.',
    query: z.strictObject({ ...filter, limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page', schema: page('AuditPage', entry) } },
    problems: ['invalid_cursor'],
  }),
  getAuditEntry: route({
    method: 'GET',
    path: '/v1/audit/{id}',
    right: 'audit.read',
    tag: 'Audit',
    summary: 'One entry of the trail',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    replies: { 200: { description: 'The entry', schema: entry } },
    problems: ['audit_not_found'],
  }),
  exportAudit: route({
    method: 'GET',
    path: '/v1/audit-export',
    right: 'audit.export',
    audit: 'audit.export',
    tag: 'Audit',
    summary: 'The same list as a file',
    description: `Streamed; at most ${MOST_EXPORTED} entries, the newest first: narrow the time for more. In CSV a cell that a spreadsheet would run as a formula begins with an apostrophe.`,
    query: z.strictObject({ ...filter, format: z.enum(['csv', 'ndjson']).default('csv') }),
    replies: { 200: { description: 'The file', stream: ['text/csv', 'application/x-ndjson'] } },
  }),
  getAnchor: route({
    method: 'GET',
    path: '/v1/anchor',
    right: 'audit.read',
    tag: 'Audit',
    summary: 'The newest link of every chain, signed',
    description:
      'Kept outside, it proves later that what was written by now still stands: `andon verify-ledger --anchor`. Take one a day.',
    replies: { 200: { description: 'The anchor', schema: named('Anchor', anchorShape) } },
  }),
}
