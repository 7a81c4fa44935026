import type { TABLE_USES, TableText, TableVersionItem } from '../../../contract/api/index.ts'
import { BUDGETS, budgetOf, TYPES_IN_TIME } from '../../../contract/case-budgets.ts'
import { SEVERITIES } from '../../../contract/exceptions.ts'
import type { FactSchema, Label, ScalarType } from '../../../contract/facts.ts'
import { HOUR, isoOf } from '../../../kernel/instant.ts'
import { APPROVALS, type StoredTable, type TableBody, type TableTurn } from '../../../modules/rules/index.ts'
import { TABLE_FACTS } from '../../../pipeline/rule-sets.ts'
import { constantItems, constantsOf } from './rule-shape.ts'

/** A result that is used, if a table fills it in. */
interface UsedOutput {
  readonly id: string
  readonly type: ScalarType
  readonly oneOf: readonly string[] | null
  readonly label: Label
  readonly about: Label
}

/** What a table is used for: what it may test, what of it is used, and what to begin with. */
export interface TableUse {
  readonly label: Label
  readonly facts: FactSchema
  readonly outputs: readonly UsedOutput[]
  readonly starter: TableText
}

const TEAM: UsedOutput = {
  ...{ id: 'team', type: 'string', oneOf: null, label: { zh: '团队', en: 'Team' } },
  about: { zh: '工单归哪个团队，如 logistics', en: 'Whose case it is, such as logistics' },
}
const SEVERITY: UsedOutput = {
  ...{ id: 'severity', type: 'string', oneOf: SEVERITIES, label: { zh: '级别', en: 'Severity' } },
  about: { zh: '留空沿用规则的级别', en: 'Empty: as the rule says' },
}
const BUDGET: UsedOutput = {
  ...{ id: 'budget', type: 'dur', oneOf: null, label: { zh: '处理时限', en: 'Time to resolve' } },
  about: { zh: '从建立到解决，如 4h；留空按级别', en: 'From opening to resolution, such as 4h; empty: by severity' },
}

const columnsOf = (outputs: readonly UsedOutput[]) =>
  outputs.map(({ id, type, oneOf, label }) => ({
    ...{ id, type, label: { ...label } },
    ...(oneOf && { oneOf: [...oneOf] }),
  }))

const starterRow = (type: string, severity: string, budget: number) => ({
  when: [type, severity, ''],
  give: ['', '', `${budget / HOUR}h`],
})

const starter: TableText = {
  ...{ name: { zh: '分派表', en: 'Triage' }, policy: 'first', constants: [] },
  inputs: [
    { id: 'type', label: { zh: '异常类型', en: 'Type' }, expr: 'case.type' },
    { id: 'severity', label: { zh: '规则级别', en: 'Severity by rule' }, expr: 'case.severity' },
    { id: 'tier', label: { zh: '客户等级', en: 'Tier' }, expr: 'case.tier' },
  ],
  outputs: columnsOf([TEAM, SEVERITY, BUDGET]),
  // As is decided without a table: types with a time of their own, then the severities.
  rows: [
    ...TYPES_IN_TIME.flatMap(type =>
      SEVERITIES.filter(s => budgetOf(type, s) !== BUDGETS[s]).map(s => starterRow(type, s, budgetOf(type, s))),
    ),
    ...SEVERITIES.map(s => starterRow('', s, BUDGETS[s])),
  ],
  otherwise: ['', '', ''],
}

const REASON: UsedOutput = {
  ...{ id: 'reason', type: 'string', oneOf: null, label: { zh: '理由', en: 'Reason' } },
  about: { zh: '写进订单流水账，给看订单的人', en: 'For whoever looks at the order: it is written in its ledger' },
}
const DECISION: UsedOutput = {
  ...{ id: 'decision', type: 'string', oneOf: APPROVALS, label: { zh: '结论', en: 'Decision' } },
  about: {
    zh: 'approve 审核通过；review 待人工审核；hold 暂不放行。多行命中时取最严的',
    en: 'approve: it moves on; review: a person looks; hold: it stays. Of several rows the strictest counts',
  },
}
const WAREHOUSE: UsedOutput = {
  ...{ id: 'warehouse', type: 'string', oneOf: null, label: { zh: '仓库', en: 'Warehouse' } },
  about: {
    zh: '建议的发货仓；多行命中时第一行为建议，其余为备选。不核对库存',
    en: 'Where to send it from; of several rows the first, the others are alternatives. Stock is not looked at',
  },
}
const CARRIER: UsedOutput = {
  ...{ id: 'carrier', type: 'string', oneOf: null, label: { zh: '承运商', en: 'Carrier' } },
  about: { zh: '建议的承运商，可留空', en: 'The carrier to give it to; may be empty' },
}

const approvalStarter: TableText = {
  ...{ name: { zh: '订单审核表', en: 'Approval' }, policy: 'first', constants: [] },
  inputs: [
    { id: 'failures', label: { zh: '支付失败次数', en: 'Failed payments' }, expr: 'order.paymentFailures' },
    { id: 'method', label: { zh: '付款方式', en: 'Payment method' }, expr: 'order.paymentMethod' },
    { id: 'units', label: { zh: '商品件数', en: 'Pieces' }, expr: 'order.units' },
  ],
  outputs: columnsOf([DECISION, REASON]),
  rows: [
    { when: ['>= 3', '', ''], give: ['hold', '付款至少失败 3 次 / 3 or more failed payments'] },
    { when: ['', '', '>= 50'], give: ['review', '件数异常多 / unusually many pieces'] },
    { when: ['0', 'card, wallet', ''], give: ['approve', ''] },
  ],
  otherwise: ['review', '没有符合的行 / no row fits'],
}

const routingStarter: TableText = {
  ...{ name: { zh: '路由表', en: 'Routing' }, policy: 'collect', constants: [] },
  inputs: [
    { id: 'country', label: { zh: '收货国家', en: 'Country' }, expr: 'order.country' },
    { id: 'region', label: { zh: '收货省份', en: 'Region' }, expr: 'order.region' },
    { id: 'units', label: { zh: '商品件数', en: 'Pieces' }, expr: 'order.units' },
  ],
  outputs: columnsOf([WAREHOUSE, REASON]),
  rows: [
    { when: ['', 'SP, RJ', '<= 20'], give: ['east', '就近 / near'] },
    { when: ['', '', ''], give: ['central', '兜底 / serves everybody'] },
  ],
}

export const USES: { readonly [use in (typeof TABLE_USES)[number]]: TableUse } = {
  triage: {
    label: { zh: '工单分派', en: 'Triage of cases' },
    ...{ facts: TABLE_FACTS.triage, outputs: [TEAM, SEVERITY, BUDGET], starter },
  },
  approval: {
    label: { zh: '订单审核', en: 'Approval of orders' },
    ...{ facts: TABLE_FACTS.approval, outputs: [DECISION, REASON], starter: approvalStarter },
  },
  routing: {
    label: { zh: '发货仓建议', en: 'Choice of warehouse' },
    ...{ facts: TABLE_FACTS.routing, outputs: [WAREHOUSE, CARRIER, REASON], starter: routingStarter },
  },
}

export const tableBody = ({ constants, ...text }: TableText): TableBody => {
  const { inputs, outputs, otherwise, rows, ...rest } = text
  return {
    ...rest,
    inputs: inputs.map(({ currency, ...input }) => ({ ...input, ...(currency !== undefined && { currency }) })),
    outputs: outputs.map(({ currency, oneOf, collect, ...output }) => ({
      ...output,
      ...(currency !== undefined && { currency }),
      ...(oneOf !== undefined && { oneOf }),
      ...(collect !== undefined && { collect }),
    })),
    rows: rows.map(({ note, ...row }) => ({ ...row, ...(note !== undefined && { note }) })),
    ...(otherwise !== undefined && { otherwise }),
    constants: constantsOf(constants),
  }
}

export const tableTextOf = ({ name, policy, inputs, outputs, rows, otherwise, constants }: TableBody): TableText => ({
  ...{ name: { ...name }, policy },
  inputs: inputs.map(input => ({ ...input, label: { ...input.label } })),
  outputs: outputs.map(({ oneOf, label, ...output }) => ({
    ...output,
    label: { ...label },
    ...(oneOf && { oneOf: [...oneOf] }),
  })),
  rows: rows.map(row => ({ ...row, when: [...row.when], give: [...row.give] })),
  ...(otherwise && { otherwise: [...otherwise] }),
  constants: constantItems(constants),
})

export const turnItem = ({ n, activeFrom, version, by, reason, at }: TableTurn) => ({
  ...{ n, version, by, reason, activeFrom: isoOf(activeFrom), at: isoOf(at) },
})

export const tableItem = (table: StoredTable, turns: readonly TableTurn[]): TableVersionItem => ({
  ...{ version: table.version, author: table.author, reason: table.reason, at: isoOf(table.at), hash: table.hash },
  frozen: turns.some(t => t.version === table.version),
  text: tableTextOf(table.body),
})

/** Lists have no value of their own that a column could test; `?` and a condition may still ask about them. */
export const factRoots = (schema: FactSchema) =>
  Object.entries(schema)
    .filter(([, root]) => root.type === 'record')
    .map(([name, root]) => ({
      ...{ name, label: { ...root.label } },
      fields: Object.entries(root.of).map(([field, { type, optional, unit, label, example }]) => ({
        ...{ name: field, type, optional: optional === true, unit: unit ?? null, label: { ...label }, example },
      })),
    }))
