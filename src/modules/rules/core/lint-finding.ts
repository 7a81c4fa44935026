import type { Label } from '../../../contract/facts.ts'
import type { Term } from '../dialect/term.ts'
import type { RuleDef } from '../types.ts'
import type { Example } from './search.ts'
import { phrase } from './words.ts'

/** A rule that passed the checker. */
export interface Checked {
  readonly rule: RuleDef
  readonly term: Term
}

/** What is odd about one rule or several. Codes are stable. */
export interface LintFinding {
  readonly code: LintCode
  /** `error`: will not work as meant. `warning`: should be looked at. `note`: worth knowing. */
  readonly level: 'error' | 'warning' | 'note'
  /** Ids; the first is the one to change. */
  readonly rules: readonly string[]
  readonly message: Label
  /** Facts on which it shows; null where there is nothing to show. */
  readonly example: Example | null
}

const NOTES = {
  never_true: {
    level: 'error',
    zh: '“{0}”的条件不可能成立：请检查互相矛盾的条件',
    en: '"{0}" can never hold: look for conditions that contradict each other',
  },
  always_true: {
    level: 'error',
    zh: '“{0}”的条件总是成立：请加上限制',
    en: '"{0}" holds for every order: add a condition that limits it',
  },
  same_condition: {
    level: 'warning',
    zh: '“{0}”与“{1}”的条件总是同时成立：请合并，或写出区别',
    en: '"{0}" and "{1}" always hold together: merge them, or write down the difference',
  },
  covered: {
    level: 'warning',
    zh: '“{0}”成立时“{1}”总是成立，且类型相同，它不会带来新工单：请停用它，或让两者互斥',
    en: '"{1}" holds whenever "{0}" does and is of the same type, so that "{0}" adds no case: retire it, or make them exclude each other',
  },
  implies: {
    level: 'note',
    zh: '“{0}”成立时“{1}”总是成立：同一订单会有两张工单',
    en: '"{1}" holds whenever "{0}" does: such an order has two cases',
  },
  overlap: {
    level: 'note',
    zh: '“{0}”与“{1}”类型相同且可能同时成立：会并入同一张工单',
    en: '"{0}" and "{1}" are of the same type and may hold together: they share one case',
  },
  severity_conflict: {
    level: 'warning',
    zh: '“{0}”与“{1}”类型相同、可能同时成立，级别却不同：请让两者互斥，或统一级别',
    en: '"{0}" and "{1}" are of the same type, may hold together and differ in severity: make them exclude each other, or give them one severity',
  },
  ping_pong: {
    level: 'error',
    zh: '“{0}”的{1}会放行这样的订单，而“{2}”在放行的那一刻就因此报异常。请把规则所查的条件也写进表里',
    en: '"{2}" opens a case on orders that "{0}" lets go on ({1}), at that very instant and because of it: write what the rule asks into the table too',
  },
  circular_hold: {
    level: 'error',
    zh: '这些决策表互相等待对方先放行：{0}。订单会一直停着，除非别的系统报来其中一步',
    en: 'These tables wait for each other to let an order go on: {0}. It stays where it is unless another system tells one of the steps',
  },
  not_checked: {
    level: 'warning',
    zh: '决策表的行太多，没有全部与规则对照：请拆成更小的表',
    en: 'The tables have too many rows for all of them to be compared with the rules: split them',
  },
  unknown_code: {
    level: 'warning',
    zh: '“{0}”拿“{1}”与 {2} 比较，而它没有这个取值{3}',
    en: '"{0}" compares "{1}" with {2}, which is none of its values{3}',
  },
  unseen_fact: {
    level: 'warning',
    zh: '“{0}”读取“{1}”，但抽查的 {2} 个订单都没有它：请确认有数据源会写入',
    en: '"{0}" reads {1}, which none of {2} orders had, taken by chance: make sure that a source tells it',
  },
  never_fired: {
    level: 'warning',
    zh: '“{0}”在 {1} 个历史订单中从未成立：请核对条件和数据',
    en: '"{0}" held for none of {1} past orders: check the condition and the data',
  },
  always_fires: {
    level: 'warning',
    zh: '“{0}”在 {2} 个历史订单中的 {1} 个成立：这不是异常，请收紧条件',
    en: '"{0}" held for {1} of {2} past orders: that is no exception, so tighten it',
  },
  no_owner: {
    level: 'warning',
    zh: '“{0}”的类型 {1} 没有负责团队：请在分诊矩阵里加一行',
    en: 'The type {1} of "{0}" has no owner: add a row to the triage matrix',
  },
} as const satisfies { readonly [code: string]: Label & { readonly level: LintFinding['level'] } }

export type LintCode = keyof typeof NOTES
export const LINT_CODES = Object.keys(NOTES) as readonly LintCode[]

export const messageOf = (
  code: LintCode,
  words: readonly Label[],
): Pick<LintFinding, 'code' | 'level' | 'message'> => ({
  code,
  level: NOTES[code].level,
  message: phrase(NOTES[code].zh, NOTES[code].en, ...words),
})
