import * as z from 'zod'
import { named, route } from './route.ts'
import { ruleConstant, ruleId, ruleText } from './rules.ts'
import { at, label, orderId, when } from './shapes.ts'

const condition = z.string().min(1).max(20_000)
const constants = () => z.array(ruleConstant).max(50).default([])

const field = z.strictObject({
  name: z.string(),
  type: z.enum(['bool', 'string', 'num', 'money', 'time', 'dur']),
  optional: z.boolean().meta({ description: 'It may be missing: a rule must guard it with has()' }),
  unit: z.string().nullable(),
  label,
  from: z.array(z.string()).meta({ description: 'Types of events that write it; `parcel.*` for several' }),
  example: z.union([z.string(), z.number(), z.boolean()]),
  values: z
    .record(z.string(), label)
    .nullable()
    .meta({ description: 'What people call the codes that it may hold; null: it holds no codes' }),
})

const root = z.strictObject({
  name: z.string(),
  kind: z.enum(['record', 'list']),
  label,
  max: z.int().nullable().meta({ description: 'Elements of a list at most' }),
  fields: z.array(field),
})

const shifts = z
  .array(z.tuple([z.number(), z.number()]))
  .meta({ description: 'Hours of a day, from and until in ms of the local clock' })

const calendar = z.strictObject({
  id: z.string(),
  version: z.int(),
  zone: z.string(),
  week: z.array(shifts).meta({ description: 'Monday first' }),
  days: z.record(z.string(), shifts).meta({ description: 'Days that are different, by their date' }),
})

const node = z.strictObject({
  parent: z.int().nullable().meta({ description: 'Index of the node that it is a part of; null for the whole' }),
  kind: z.enum(['all', 'any', 'not', 'choice', 'list', 'element', 'test', 'value']),
  start: z.int(),
  end: z.int(),
  value: z.union([z.boolean(), z.number(), z.string()]).nullable(),
  shown: label,
  until: at().nullable().meta({ description: 'Certain until then if nothing happens; null for ever' }),
  flipsAt: at().nullable().meta({ description: 'When the condition changes by time alone; null for never' }),
  words: label,
})

const explanation = named(
  'RuleExplanation',
  z.strictObject({
    order: orderId(),
    rule: z.string(),
    version: z.int(),
    at: at(),
    holds: z.boolean(),
    flipsAt: at().nullable(),
    words: label,
    nodes: z.array(node).meta({ description: 'The parts of the condition, a part after what it is a part of' }),
  }),
)

const sampled = z.strictObject({ order: orderId(), orderNo: z.string() })

const preview = named(
  'RulePreview',
  z.strictObject({
    open: z.strictObject({
      looked: z.int().meta({ description: 'Open orders that were looked at' }),
      exact: z.boolean().meta({ description: 'They are all; otherwise a sample by chance' }),
      holds: z.int(),
    }),
    rows: z
      .array(z.strictObject({ start: z.int(), end: z.int(), holds: z.int() }))
      .meta({ description: 'The conditions that are joined by `&&`, and for how many of these orders each holds' }),
    matches: z.array(sampled).meta({ description: 'Some for which it holds now' }),
    flips: z.array(sampled.extend({ at: at() })).meta({ description: 'Some that it will hold for, the next first' }),
    history: z.strictObject({
      orders: z.int().meta({ description: 'Ended orders that were looked at, a sample by chance' }),
      hits: z.int().meta({ description: 'Of those, how many it would have been raised for' }),
    }),
  }),
)

const lintItem = z.strictObject({
  code: z.string(),
  level: z.enum(['error', 'warning', 'note']),
  rules: z.array(z.string()).meta({ description: 'The first is the one to change; a table as `table:approval`' }),
  message: label,
  example: z
    .strictObject({ facts: z.record(z.string(), z.unknown()), now: at() })
    .nullable()
    .meta({ description: 'Facts on which it shows' }),
})

export const ruleToolRoutes = {
  getRuleFacts: route({
    method: 'GET',
    path: '/v1/rules/facts',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'What rules can read: facts with their types, and calendars',
    replies: {
      200: {
        description: 'All of it',
        schema: named(
          'RuleFacts',
          z.strictObject({
            roots: z.array(root),
            calendars: z.array(calendar),
          }),
        ),
      },
    },
  }),
  explainRule: route({
    method: 'POST',
    path: '/v1/rules/explain',
    right: 'order.read',
    tag: 'Rules',
    summary: 'Why a rule holds for an order or does not, now or at an instant before',
    description: 'By what was known then. A saved rule, or a text that nobody saved.',
    body: z.strictObject({
      order: orderId(),
      rule: ruleId()
        .optional()
        .meta({ description: 'In the version that stands at the instant, unless `version` says' }),
      version: z.int().min(1).optional(),
      when: condition.optional().meta({ description: 'Instead of a rule' }),
      constants: constants(),
      at: when().optional().meta({ description: 'Default: now' }),
      zone: z.string().max(60).default('Asia/Shanghai').meta({ description: 'In which instants are told' }),
    }),
    replies: { 200: { description: 'Part by part', schema: explanation } },
    problems: ['order_not_found', 'rule_not_found', 'rule_version_not_found', 'rule_refused'],
  }),
  previewRule: route({
    method: 'POST',
    path: '/v1/rules/preview',
    right: 'order.read',
    tag: 'Rules',
    summary: 'What a condition would find, while it is typed',
    body: z.strictObject({
      when: condition,
      constants: constants(),
      for: z.int().min(0).optional().meta({ description: 'ms' }),
    }),
    replies: { 200: { description: 'Counts and samples', schema: preview } },
    problems: ['rule_refused', 'reach_narrowed'],
  }),
  lintRules: route({
    method: 'POST',
    path: '/v1/rules/lint',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'What is odd about the rules that stand, or would be with a draft among them',
    body: z.strictObject({
      rule: ruleId().optional().meta({ description: 'Only what concerns this one' }),
      text: ruleText.optional().meta({ description: 'The draft of it' }),
    }),
    replies: {
      200: {
        description: 'The worst first',
        schema: named('RuleLint', z.strictObject({ items: z.array(lintItem) })),
      },
    },
    problems: ['rule_refused'],
  }),
}
