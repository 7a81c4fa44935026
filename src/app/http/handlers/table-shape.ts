import type { TableText, TableVersionItem } from '../../../contract/api/index.ts'
import { BUDGETS, budgetOf, TYPES_IN_TIME } from '../../../contract/case-budgets.ts'
import { SEVERITIES } from '../../../contract/exceptions.ts'
import type { FactSchema, Label, ScalarType } from '../../../contract/facts.ts'
import { HOUR, isoOf } from '../../../kernel/instant.ts'
import { triageFactSchema } from '../../../modules/cases/index.ts'
import type { StoredTable, TableBody, TableTurn } from '../../../modules/rules/index.ts'
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
  outputs: [TEAM, SEVERITY, BUDGET].map(({ id, type, oneOf, label }) => ({
    ...{ id, type, label: { ...label } },
    ...(oneOf && { oneOf: [...oneOf] }),
  })),
  // As is decided without a table: types with a time of their own, then the severities.
  rows: [
    ...TYPES_IN_TIME.flatMap(type =>
      SEVERITIES.filter(s => budgetOf(type, s) !== BUDGETS[s]).map(s => starterRow(type, s, budgetOf(type, s))),
    ),
    ...SEVERITIES.map(s => starterRow('', s, BUDGETS[s])),
  ],
  otherwise: ['', '', ''],
}

export const USES: { readonly triage: TableUse } = {
  triage: {
    label: { zh: '工单分派', en: 'Triage of cases' },
    ...{ facts: triageFactSchema, outputs: [TEAM, SEVERITY, BUDGET], starter },
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

export const factRoots = (schema: FactSchema) =>
  Object.entries(schema).map(([name, root]) => ({
    ...{ name, label: { ...root.label } },
    fields: Object.entries(root.of).map(([field, { type, optional, unit, label, example }]) => ({
      ...{ name: field, type, optional: optional === true, unit: unit ?? null, label: { ...label }, example },
    })),
  }))
