import * as z from 'zod'
import { SEVERITIES } from '../exceptions.ts'
import { named, route } from './route.ts'
import { anyObject, at, cursor, label, limit, orderId, when } from './shapes.ts'

export const STAGES = ['draft', 'shadow', 'live', 'retired'] as const

export const ruleId = () =>
  z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'lower case letters, digits and _, such as handover_late')
const version = () => z.coerce.number().int().min(1)
const reason = () =>
  z.string().trim().min(1).max(500).meta({ description: 'Why; everybody reads it in the history of the rule' })
const words = () => z.string().trim().min(1).max(500)
const bothWords = () => z.strictObject({ zh: words(), en: words() })
const code = () => z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'lower case letters, digits and _')
const SCALARS = ['bool', 'string', 'num', 'money', 'time', 'dur'] as const

const constantName = () => z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/, 'name constants like typicalRest')
const scalar = () => z.union([z.string().max(500), z.number(), z.boolean()])

/** A value, a list of values, or a table from texts to values. */
export const ruleConstant = z.discriminatedUnion('type', [
  z.strictObject({
    name: constantName(),
    type: z.enum(SCALARS).meta({ description: 'dur in ms, time in epoch ms, money in minor units' }),
    value: scalar(),
    label: bothWords(),
  }),
  z.strictObject({
    name: constantName(),
    type: z.literal('list'),
    of: z.enum(['string', 'num']),
    value: z.array(z.union([z.string().max(500), z.number()])).max(5000),
    label: bothWords(),
  }),
  z.strictObject({
    name: constantName(),
    type: z.literal('lookup'),
    of: z.enum(SCALARS),
    value: z.record(z.string().max(500), scalar()).meta({ description: 'At most 5000 entries' }),
    otherwise: scalar().meta({ description: 'For what is not in it' }),
    label: bothWords(),
  }),
])

const example = z.strictObject({
  facts: anyObject().meta({ description: 'By root, such as `order`; times in epoch ms' }),
  now: z.int().meta({ description: 'Epoch ms' }),
  holds: z.boolean(),
})

/** What a rule says. */
export const ruleText = named(
  'RuleText',
  z.strictObject({
    name: bothWords(),
    reason: bothWords(),
    when: z.string().min(1).max(20_000).meta({ description: 'The condition, in the dialect of CEL' }),
    for: z
      .int()
      .min(0)
      .max(366 * 86_400_000)
      .optional()
      .meta({ description: 'For how long, in ms, the condition must hold without a break before the rule does' }),
    type: code().meta({ description: 'Of the exception that a finding is' }),
    severity: z.enum(SEVERITIES),
    clears: z.enum(['auto', 'look']),
    constants: z.array(ruleConstant).max(50),
    examples: z.array(example).max(100),
    team: code().optional().meta({ description: 'Who is to act on its cases' }),
    hint: bothWords().optional().meta({ description: 'What to do about it, in short' }),
  }),
)
export type RuleText = z.output<typeof ruleText>

export const refusal = named(
  'RuleRefusal',
  z
    .strictObject({ code: z.string(), start: z.int(), end: z.int(), message: label })
    .meta({ description: 'What is wrong in the condition, where (UTF-16 offsets), and what to write instead' }),
)

const move = z.strictObject({ rule: z.string(), version: z.int(), to: z.enum(STAGES) })

const change = named(
  'RuleChange',
  z.strictObject({
    n: z.int().meta({ description: 'Counts the changes of all rules' }),
    activeFrom: at(),
    by: z.string(),
    reason: z.string(),
    at: at().meta({ description: 'When it was made' }),
    moves: z.array(move),
    undoes: z.int().nullable().meta({ description: 'The change that this one takes back' }),
  }),
)

const stats = z
  .strictObject({
    days: z.int(),
    hits: z.int().meta({ description: 'Findings raised' }),
    share: z.number().nullable().meta({ description: 'Of the orders placed in these days; null without any' }),
    spark: z.array(z.int()).meta({ description: 'Findings a day (UTC), the oldest first' }),
    cases: z.int().meta({ description: 'Cases opened' }),
    open: z.int().meta({ description: 'Not over now, whenever they were opened' }),
    alone: z.int().meta({ description: 'Of the opened ones, gone before anybody worked on them' }),
    precision: z.number().nullable().meta({ description: 'Of those that people closed, how many were no false alarm' }),
    casesADay: z.number(),
  })
  .nullable()
  .meta({ description: 'The last days, for the rule list; null for who does not see all orders and cases' })

const listed = named(
  'Rule',
  z.strictObject({
    id: z.string(),
    version: z.int().meta({ description: 'The live one, else the one in shadow, else the newest' }),
    stage: z.enum(STAGES),
    shadow: z.int().nullable().meta({ description: 'The version that runs beside it and opens nothing' }),
    newest: z.int(),
    name: label,
    reason: label,
    when: z.string(),
    type: z.string(),
    severity: z.enum(SEVERITIES),
    clears: z.enum(['auto', 'look']),
    constants: z.array(ruleConstant),
    team: z.string().nullable(),
    pack: z.string().nullable(),
    changed: z.strictObject({ at: at(), by: z.string(), reason: z.string() }),
    stats,
  }),
)
export type RuleItem = z.output<typeof listed>

const versionItem = named(
  'RuleVersion',
  z.strictObject({
    version: z.int(),
    stage: z.enum(STAGES),
    author: z.string(),
    reason: z.string(),
    at: at(),
    pack: z.string().nullable(),
    hash: z.string().meta({ description: 'Of its text; `seen` of the next draft' }),
    frozen: z.boolean().meta({ description: 'It was part of a change, so its text stays' }),
    text: ruleText,
  }),
)
export type RuleVersionItem = z.output<typeof versionItem>

const difference = z.strictObject({
  path: z.string().meta({ description: 'Such as `when`, `constants.limit.value`, `examples[2]`' }),
  before: z.unknown(),
  after: z.unknown(),
})

const sweep = named(
  'RuleSweep',
  z.strictObject({
    node: z.string(),
    activeFrom: at(),
    status: z.enum(['running', 'done']),
    groups: z.int(),
    groupsDone: z.int(),
    orders: z
      .int()
      .nullable()
      .meta({ description: 'Reconsidered so far; null for who does not see all orders and cases' }),
    startedAt: at(),
    endedAt: at().nullable(),
  }),
)

const shadowReport = named(
  'RuleShadow',
  z.strictObject({
    rule: z.string(),
    version: z.int(),
    since: at().meta({ description: 'When it began to run in shadow' }),
    until: at().nullable().meta({ description: 'When it ceased to; null while it runs' }),
    hits: z.int().meta({ description: 'Findings that it would have raised; of many the newest 20,000' }),
    orders: z.int(),
    holding: z.int(),
    touched: z.int().meta({ description: 'Orders with which people did something after the hit' }),
    withCase: z.int().meta({ description: 'Orders on which live rules have a case' }),
    cancelled: z.int(),
    late: z.int().meta({ description: 'Orders whose promise was broken' }),
    delivered: z.int(),
    liveOrders: z.int().meta({ description: 'Orders with a finding of the live version in the same time' }),
    both: z.int().meta({ description: 'Of its orders, those with a finding of the live version' }),
    days: z.array(z.strictObject({ day: z.iso.date(), hits: z.int() })),
    items: z.array(
      z.strictObject({
        order: orderId(),
        orderNo: z.string().nullable(),
        status: z.string().nullable(),
        raisedAt: at(),
        clearedAt: at().nullable(),
        case: z.strictObject({ id: z.string(), status: z.string() }).nullable(),
        acts: z.int().meta({ description: 'What people did with the order since' }),
      }),
    ),
    next: z.string().nullable(),
  }),
)

export const ruleRoutes = {
  listRules: route({
    method: 'GET',
    path: '/v1/rules',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'All rules with how they do',
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(30) }),
    replies: {
      200: {
        description: 'All of them',
        schema: named(
          'Rules',
          z.strictObject({
            version: z.int().meta({ description: 'The newest change in force' }),
            activeFrom: at(),
            items: z.array(listed),
            broken: z.array(z.string()).meta({ description: 'Live rules that this release does not accept any more' }),
          }),
        ),
      },
    },
    problems: ['not_ready'],
  }),
  listRuleNames: route({
    method: 'GET',
    path: '/v1/rules/names',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'What every rule is called, and the type of its cases',
    description: 'Without how they do: for pages and clients that only name rules.',
    replies: {
      200: {
        description: 'All of them',
        schema: named(
          'RuleNames',
          z.strictObject({ items: z.array(z.strictObject({ id: z.string(), name: label, type: z.string() })) }),
        ),
      },
    },
  }),
  getRule: route({
    method: 'GET',
    path: '/v1/rules/{id}',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'A rule with its versions, the newest first, and its changes',
    params: z.strictObject({ id: ruleId() }),
    replies: {
      200: {
        description: 'The rule',
        schema: named(
          'RuleDetail',
          z.strictObject({
            id: z.string(),
            live: z.int().nullable(),
            shadow: z.int().nullable(),
            waiting: z.array(change).meta({ description: 'Changes that are not in force yet' }),
            versions: z.array(versionItem),
            changes: z.array(change),
          }),
        ),
      },
    },
    problems: ['rule_not_found'],
  }),
  diffRule: route({
    method: 'GET',
    path: '/v1/rules/{id}/diff',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'What differs between two versions of a rule',
    params: z.strictObject({ id: ruleId() }),
    query: z.strictObject({ from: version(), to: version() }),
    replies: {
      200: {
        description: 'Field by field',
        schema: named('RuleDiff', z.strictObject({ items: z.array(difference) })),
      },
    },
    problems: ['rule_not_found', 'rule_version_not_found'],
  }),
  checkRule: route({
    method: 'POST',
    path: '/v1/rules/check',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'Check a condition without saving it',
    body: z.strictObject({ when: z.string().max(20_000), constants: z.array(ruleConstant).max(50).default([]) }),
    replies: {
      200: {
        description: 'What is wrong with it, if anything',
        schema: named(
          'RuleCheck',
          z.strictObject({
            ok: z.boolean(),
            refusals: z.array(refusal),
            reads: z.array(z.string()).meta({ description: 'Facts that it reads, such as `order.paidAt`' }),
            usesTime: z.boolean().meta({ description: 'Its value may change by time alone' }),
          }),
        ),
      },
    },
  }),
  saveRuleDraft: route({
    method: 'POST',
    path: '/v1/rules/{id}/draft',
    right: 'rule.edit',
    audit: 'rule.draft',
    tag: 'Rules',
    summary: 'Save a text as a draft',
    description:
      'Over the newest version while that is a draft of people, else as the next version. A text that the checker refuses is not saved.',
    params: z.strictObject({ id: ruleId() }),
    body: z.strictObject({
      text: ruleText,
      reason: reason(),
      seen: z
        .string()
        .nullable()
        .meta({ description: '`hash` of the newest version that its writer saw; null for a rule that is new' }),
    }),
    replies: { 200: { description: 'The draft', schema: versionItem } },
    problems: ['rule_refused', 'rule_draft_conflict'],
  }),
  moveRule: route({
    method: 'POST',
    path: '/v1/rules/{id}/move',
    right: 'rule.publish',
    audit: 'rule.move',
    tag: 'Rules',
    summary: 'Move a version to another stage',
    description:
      'One fact, in force from `activeFrom`: open orders are reconsidered at that instant. Live and shadow need examples that pass.',
    params: z.strictObject({ id: ruleId() }),
    body: z.strictObject({
      version: z.int().min(1),
      to: z.enum(STAGES),
      reason: reason(),
      activeFrom: when().optional().meta({ description: 'As soon as every node can know it when left out' }),
    }),
    replies: { 200: { description: 'The change', schema: change } },
    problems: [
      ...(['rule_refused', 'rule_examples_failed', 'rule_not_found', 'rule_version_not_found'] as const),
      ...(['rule_change_waits', 'rule_stands_already', 'rule_too_soon'] as const),
    ],
  }),
  cancelRuleChange: route({
    method: 'POST',
    path: '/v1/rules/changes/{n}/cancel',
    right: 'rule.publish',
    audit: 'rule.cancel_change',
    tag: 'Rules',
    summary: 'Take back a change that is not in force yet',
    params: z.strictObject({ n: version() }),
    body: z.strictObject({ reason: reason() }),
    replies: { 200: { description: 'The change that undoes it', schema: change } },
    problems: ['rule_not_found', 'rule_too_soon'],
  }),
  getRuleShadow: route({
    method: 'GET',
    path: '/v1/rules/{id}/shadow',
    right: 'order.read',
    tag: 'Rules',
    summary: 'What a version in shadow would have done, and what became of those orders without it',
    description:
      'Figures are of all orders, for who sees all orders and cases; the orders are listed the newest first.',
    params: z.strictObject({ id: ruleId() }),
    query: z.strictObject({
      version: version().optional().meta({ description: 'Default: the one in shadow, else the last that was' }),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'The report', schema: shadowReport } },
    problems: ['rule_not_found', 'rule_version_not_found', 'invalid_cursor', 'reach_narrowed'],
  }),
  listRuleChanges: route({
    method: 'GET',
    path: '/v1/rules/changes',
    right: 'rule.read',
    tag: 'Rules',
    summary: 'The newest changes of any rule, and how far open orders are with them',
    replies: {
      200: {
        description: 'At most 200',
        schema: named('RuleChanges', z.strictObject({ items: z.array(change), sweeps: z.array(sweep) })),
      },
    },
  }),
}
