import * as z from 'zod'
import { named, route } from './route.ts'
import { refusal, ruleConstant } from './rules.ts'
import { anyObject, at, caseId, label, orderId, when } from './shapes.ts'

/** What decision tables are used for; each use has one table. */
export const TABLE_USES = ['triage', 'approval', 'routing'] as const

const tableId = () => z.enum(TABLE_USES).meta({ description: 'What the table is used for' })
const words = () => z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) })
const columnId = () => z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/, 'letters and digits, such as team')
const currency = () => z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as CNY')
const scalarType = () => z.enum(['bool', 'string', 'num', 'money', 'time', 'dur'])
const cells = () => z.array(z.string().max(2000)).max(40)

/** What a decision table says. */
export const tableText = named(
  'TableText',
  z.strictObject({
    name: words(),
    policy: z.enum(['first', 'unique', 'collect']).meta({
      description: 'The first row that hits, the only one that may, or all of them together',
    }),
    inputs: z
      .array(
        z.strictObject({
          id: columnId(),
          label: words(),
          expr: z.string().min(1).max(2000).meta({ description: 'What the column tests, in the dialect of rules' }),
          currency: currency().optional().meta({ description: 'Cells are amounts of it, such as `> 500.00`' }),
        }),
      )
      .max(20),
    outputs: z
      .array(
        z.strictObject({
          id: columnId(),
          label: words(),
          type: scalarType(),
          oneOf: z
            .array(z.union([z.string().max(200), z.number(), z.boolean()]))
            .max(100)
            .optional(),
          currency: currency().optional(),
          collect: z.enum(['list', 'sum', 'min', 'max', 'count']).optional(),
        }),
      )
      .max(20),
    rows: z
      .array(
        z.strictObject({
          when: cells().meta({
            description:
              'Short tests, such as `DE, FR`, `> 24h`, `40..60`, `!CN`, `?` and an expression; empty: any value',
          }),
          give: cells(),
          note: z.string().max(500).optional(),
        }),
      )
      .max(1000),
    otherwise: cells().optional().meta({ description: 'What is decided when no row hits' }),
    constants: z.array(ruleConstant).max(50),
  }),
)
export type TableText = z.output<typeof tableText>

const problem = z.strictObject({
  code: z.string(),
  row: z.int().nullable().meta({ description: 'From 0; null: not about a row' }),
  column: z.int().nullable().meta({ description: 'From 0, the columns of results after the tested ones' }),
  message: label,
  refusals: z.array(refusal),
})

const finding = z.strictObject({
  code: z.string(),
  level: z.enum(['error', 'warning', 'note']),
  rows: z.array(z.int()),
  message: label,
  example: z.strictObject({ facts: anyObject(), now: at() }).nullable(),
})

const turn = named(
  'TableTurn',
  z.strictObject({
    n: z.int(),
    activeFrom: at(),
    version: z.int().nullable().meta({ description: 'Null: no table decides from then on' }),
    by: z.string(),
    reason: z.string(),
    at: at(),
  }),
)

const versionItem = named(
  'TableVersion',
  z.strictObject({
    version: z.int(),
    author: z.string(),
    reason: z.string(),
    at: at(),
    hash: z.string().meta({ description: '`seen` of the next draft' }),
    frozen: z.boolean().meta({ description: 'It was in force once, so its cells stay' }),
    text: tableText,
  }),
)
export type TableVersionItem = z.output<typeof versionItem>

const output = z.strictObject({
  id: z.string(),
  type: scalarType(),
  oneOf: z.array(z.string()).nullable(),
  label,
  about: label,
})

const root = z.strictObject({
  name: z.string(),
  label,
  fields: z.array(
    z.strictObject({
      name: z.string(),
      type: scalarType(),
      optional: z.boolean(),
      unit: z.string().nullable(),
      label,
      example: z.union([z.string(), z.number(), z.boolean()]),
    }),
  ),
})

const params = () => z.strictObject({ id: tableId() })
const value = z.union([
  z.boolean(),
  z.number(),
  z.string(),
  z.null(),
  z.array(z.union([z.boolean(), z.number(), z.string()])),
])
const reason = () =>
  z.string().trim().min(1).max(500).meta({ description: 'Why; everybody reads it in the history of the table' })

export const tableRoutes = {
  listTables: route({
    method: 'GET',
    path: '/v1/tables',
    right: 'rule.read',
    tag: 'Tables',
    summary: 'Decision tables and what they are used for',
    replies: {
      200: {
        description: 'All of them',
        schema: named(
          'Tables',
          z.strictObject({
            items: z.array(
              z.strictObject({
                id: tableId(),
                label,
                live: turn.nullable(),
                newest: z.int().nullable(),
                rows: z.int().meta({ description: 'Of the version in force' }),
                broken: z.boolean().meta({ description: 'This release does not accept the version in force any more' }),
              }),
            ),
          }),
        ),
      },
    },
  }),
  getTable: route({
    method: 'GET',
    path: '/v1/tables/{id}',
    right: 'rule.read',
    tag: 'Tables',
    summary: 'A decision table with its versions, the newest first',
    params: params(),
    replies: {
      200: {
        description: 'The table',
        schema: named(
          'Table',
          z.strictObject({
            id: tableId(),
            label,
            live: turn.nullable(),
            turns: z.array(turn).meta({ description: 'Every time a version was put into force, the newest first' }),
            versions: z.array(versionItem),
            facts: z.array(root).meta({ description: 'What its columns may test' }),
            outputs: z.array(output).meta({ description: 'The results that are used; a table fills in some of them' }),
            starter: tableText.meta({ description: 'A table to begin with' }),
          }),
        ),
      },
    },
  }),
  checkTable: route({
    method: 'POST',
    path: '/v1/tables/{id}/check',
    right: 'rule.read',
    tag: 'Tables',
    summary: 'Check a table without saving it: cells, gaps, overlaps, rows that never decide',
    params: params(),
    body: z.strictObject({ text: tableText }),
    bodyLimit: 2_000_000,
    replies: {
      200: {
        description: 'What is wrong with it, if anything',
        schema: named(
          'TableCheck',
          z.strictObject({
            ok: z.boolean().meta({ description: 'It may be saved' }),
            problems: z.array(problem),
            findings: z.array(finding).meta({ description: 'Empty while there are problems' }),
            sheet: label.meta({ description: 'For the clipboard: cells with tabs between them' }),
          }),
        ),
      },
    },
  }),
  pasteTable: route({
    method: 'POST',
    path: '/v1/tables/{id}/paste',
    right: 'rule.read',
    tag: 'Tables',
    summary: 'Read rows that were copied from a spreadsheet',
    params: params(),
    body: z.strictObject({ text: tableText, sheet: z.string().max(1_000_000) }),
    bodyLimit: 4_000_000,
    replies: {
      200: {
        description: 'The table with these rows',
        schema: named('PastedTable', z.strictObject({ text: tableText })),
      },
    },
    problems: ['table_sheet_refused'],
  }),
  tryTable: route({
    method: 'POST',
    path: '/v1/tables/{id}/try',
    right: 'rule.read',
    tag: 'Tables',
    summary: 'What a table would decide of the newest open cases, or orders, within your reach',
    params: params(),
    body: z.strictObject({ text: tableText }),
    bodyLimit: 2_000_000,
    replies: {
      200: {
        description: 'At most 50',
        schema: named(
          'TableTrial',
          z.strictObject({
            items: z.array(
              z.strictObject({
                case: caseId().nullable().meta({ description: 'Null: the table is asked about orders' }),
                order: orderId().nullable(),
                orderNo: z.string().nullable(),
                type: z.string().nullable().meta({ description: 'Of the case' }),
                rows: z.array(z.int()).meta({ description: 'That decided; none: no row hits' }),
                values: z.record(z.string(), value),
                changesAt: at().nullable().meta({ description: 'When other rows decide if nothing happens' }),
                now: z.strictObject({ severity: z.string(), owner: z.string().nullable() }).nullable(),
              }),
            ),
          }),
        ),
      },
    },
    problems: ['table_refused'],
  }),
  saveTableDraft: route({
    method: 'POST',
    path: '/v1/tables/{id}/draft',
    right: 'rule.edit',
    audit: 'table.draft',
    tag: 'Tables',
    summary: 'Save a table as a draft',
    description: 'Over the newest version while that was never in force, else as the next version.',
    params: params(),
    body: z.strictObject({
      text: tableText,
      reason: reason(),
      seen: z
        .string()
        .nullable()
        .meta({ description: '`hash` of the newest version that its writer saw; null for none' }),
    }),
    bodyLimit: 2_000_000,
    replies: { 200: { description: 'The draft', schema: versionItem } },
    problems: ['table_refused', 'table_draft_conflict'],
  }),
  activateTable: route({
    method: 'POST',
    path: '/v1/tables/{id}/activate',
    right: 'rule.publish',
    audit: 'table.activate',
    tag: 'Tables',
    summary: 'Have a version decide, or none',
    description:
      'In force from `activeFrom`. Cases that nobody took up yet are decided anew at that instant; what people took up stays with them.',
    params: params(),
    body: z.strictObject({
      version: z.int().min(1).nullable().meta({ description: 'Null: no table decides' }),
      reason: reason(),
      activeFrom: when().optional().meta({ description: 'As soon as every node can know it when left out' }),
    }),
    replies: { 200: { description: 'From when', schema: turn } },
    problems: [
      ...(['table_refused', 'table_version_not_found', 'table_change_waits'] as const),
      ...(['table_stands_already', 'rule_too_soon'] as const),
    ],
  }),
}
