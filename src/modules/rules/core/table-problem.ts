import type { Label } from '../../../contract/facts.ts'
import type { Refusal } from '../dialect/refusal.ts'
import { phrase } from './words.ts'

/** What is wrong with a table and where; `row` and `column` are null for the whole of it. Outputs follow the inputs. */
export interface TableProblem {
  readonly code: TableProblemCode
  readonly row: number | null
  readonly column: number | null
  readonly message: Label
  /** What the checker says of an expression, with its range. */
  readonly refusals: readonly Refusal[]
}

const SENTENCES = {
  bad_input: { zh: '列“{0}”的表达式不能使用：{1}', en: 'The expression of column "{0}" cannot be used: {1}' },
  bad_cell: {
    zh: '“{0}”不能作为{1}的条件：请写成 {2}，或留空表示任意值',
    en: '"{0}" is no condition on {1}: write {2}, or leave it empty for any value',
  },
  refused_cell: { zh: '“{0}”不能使用：{1}', en: '"{0}" cannot be used: {1}' },
  bad_output: { zh: '“{0}”不是{1}：请写成 {2}', en: '"{0}" is not {1}: write {2}' },
  not_allowed: { zh: '“{0}”不在允许的值里：{1}', en: '"{0}" is not among the values allowed: {1}' },
  wrong_width: {
    zh: '这一行有 {0} 格，应有 {1} 格：请补齐或删去',
    en: 'This row has {0} cells and needs {1}: add or remove some',
  },
  no_columns: {
    zh: '表至少要有一个条件列和一个结果列',
    en: 'A table needs at least one column to test and one to fill in',
  },
  too_large: {
    zh: '表有 {0} 行，上限 {1} 行：请拆成几张表',
    en: 'The table has {0} rows and {1} are allowed: split it',
  },
  too_long: {
    zh: '表的格子共有 {0} 个字符，上限 {1} 个：请拆成几张表，或写短一些',
    en: 'The cells of the table have {0} characters in all and {1} are allowed: split it, or write less into them',
  },
} as const satisfies { readonly [code: string]: Label }

export type TableProblemCode = keyof typeof SENTENCES

export interface Place {
  readonly row?: number
  readonly column?: number
  readonly refusals?: readonly Refusal[]
}

export const tableProblem = (
  code: TableProblemCode,
  place: Place,
  ...words: readonly (Label | string)[]
): TableProblem => ({
  code,
  row: place.row ?? null,
  column: place.column ?? null,
  message: phrase(
    SENTENCES[code].zh,
    SENTENCES[code].en,
    ...words.map(w => (typeof w === 'string' ? { zh: w, en: w } : w)),
  ),
  refusals: place.refusals ?? [],
})

/** A table that cannot be used; nothing was compiled. `code` is stable. */
export class TableRefused extends Error {
  readonly code = 'table_refused'
  readonly problems: readonly TableProblem[]

  constructor(id: string, problems: readonly TableProblem[]) {
    const at = (p: TableProblem) =>
      `row ${p.row === null ? '-' : p.row + 1}, column ${p.column === null ? '-' : p.column + 1}`
    super(`Table ${id} was refused:\n${problems.map(p => `${at(p)}: ${p.message.en}`).join('\n')}`)
    this.problems = problems
  }
}
