import type { FactSchema, Label } from '../../../contract/facts.ts'
import type { TableDef } from '../types.ts'
import { oddCodes } from './codes.ts'
import { type Budget, type Example, type Found, type Goal, search } from './search.ts'
import { type CheckedRow, type CheckedTable, checkTable } from './table-check.ts'
import { phrase } from './words.ts'

/** What is odd about a table that is otherwise fine. Rows are counted from 0. */
export interface TableFinding {
  readonly code: keyof typeof NOTES
  readonly level: 'error' | 'warning'
  readonly rows: readonly number[]
  readonly message: Label
  readonly example: Example | null
}

const NOTES = {
  unreachable: {
    level: 'warning',
    zh: '第 {0} 行不会生效：上面的行已覆盖它的所有情况，请删去或上移',
    en: 'Row {0} can never decide: the rows above cover all of it; remove it or move it up',
  },
  never_true: {
    level: 'error',
    zh: '第 {0} 行的条件不可能同时成立：请检查互相矛盾的格子',
    en: 'The conditions of row {0} can never hold together: look for cells that contradict each other',
  },
  overlap: {
    level: 'error',
    zh: '第 {0} 行和第 {1} 行可能同时命中：请让它们互斥，或改用“取第一行”',
    en: 'Rows {0} and {1} may hit together: make them exclude each other, or let the first row decide',
  },
  unknown_code: {
    level: 'warning',
    zh: '第 {0} 行拿“{1}”与 {2} 比较，而它没有这个取值{3}',
    en: 'Row {0} compares "{1}" with {2}, which is none of its values{3}',
  },
  gap: {
    level: 'warning',
    zh: '有的情况没有任何一行命中：请补一行，或填写“都不符合时”一行',
    en: 'Some cases hit no row: add a row, or fill in what is decided otherwise',
  },
  not_checked: {
    level: 'warning',
    zh: '表太大或条件太复杂，未能检查完：没有列出的问题不等于没有',
    en: 'Not fully checked, as the table is too large or its conditions too involved: there may be more than is told here',
  },
} as const satisfies { readonly [code: string]: Label & { readonly level: 'error' | 'warning' } }

/** Steps for one question; a table asks many. */
const STEPS = 20_000
/**
 * What all questions of one kind may cost for a whole table: people wait for the answer, and others for the process. Each
 * kind has its own, so that a thousand pairs of rows leave enough to look for gaps.
 */
const COST = { never: 500_000, pairs: 2_500_000, gaps: 500_000 }
/** More of one kind are not told. */
const MOST_FINDINGS = 100

/**
 * Gaps, overlaps (UNIQUE), codes that were mistyped and rows that can never decide (FIRST), each with an example where there is something to show.
 * Nothing for a table whose cells cannot be read: `checkTable` says why.
 */
export function lintTable(
  def: TableDef,
  schema: FactSchema,
  { rows, otherwise, problems }: CheckedTable = checkTable(def, schema),
): TableFinding[] {
  if (problems.length > 0) return []
  const never = new Questions(schema, COST.never)
  const impossible = new Set(rows.flatMap((row, i) => (never.isNever([yes(row)]) ? [i] : [])))
  const findings = [...[...impossible].map(i => told('never_true', [i], null)), ...codesIn(rows, schema)]
  const [pairs, gaps] = [new Questions(schema, COST.pairs), new Questions(schema, COST.gaps)]
  const possible = (i: number): boolean => !impossible.has(i)
  if (def.policy === 'first') findings.push(...unreachable(rows, pairs, possible))
  if (def.policy === 'unique') findings.push(...overlaps(rows, pairs, possible))
  if (def.policy !== 'collect' && otherwise === null) findings.push(...gapsIn(rows, gaps))
  const isWhole = [never, pairs, gaps].every(asked => !asked.isOver)
  return isWhole ? findings : [...findings, told('not_checked', [], null)]
}

const yes = ({ term }: CheckedRow): Goal => ({ term, wanted: true })
const no = ({ term }: CheckedRow): Goal => ({ term, wanted: false })

/** Questions of one kind about a table, as many as may be asked. */
class Questions {
  private readonly schema: FactSchema
  private readonly budget: Budget
  private told = 0

  constructor(schema: FactSchema, cost: number) {
    this.schema = schema
    this.budget = { left: cost }
  }

  /** Nothing more is found out. */
  get isOver(): boolean {
    return this.budget.left <= 0 || this.told >= MOST_FINDINGS
  }

  find(goals: readonly Goal[]): Found['example'] {
    return this.ask(goals).example
  }

  isNever(goals: readonly Goal[]): boolean {
    const { example, certain } = this.ask(goals)
    return example === null && certain
  }

  private ask(goals: readonly Goal[]): Found {
    if (this.isOver) return { example: null, certain: false }
    return search(goals, this.schema, { most: STEPS, budget: this.budget })
  }

  /** Something was found out that is told. */
  count(): void {
    this.told++
  }
}

type Possible = (row: number) => boolean

function unreachable(rows: readonly CheckedRow[], asked: Questions, possible: Possible): TableFinding[] {
  const findings: TableFinding[] = []
  for (let i = 1; i < rows.length && !asked.isOver; i++) {
    if (!possible(i) || !asked.isNever([yes(rows[i]!), ...rows.slice(0, i).map(no)])) continue
    findings.push(told('unreachable', [i], null))
    asked.count()
  }
  return findings
}

function overlaps(rows: readonly CheckedRow[], asked: Questions, possible: Possible): TableFinding[] {
  const findings: TableFinding[] = []
  for (let j = 1; j < rows.length; j++)
    for (let i = 0; i < j && !asked.isOver; i++) {
      if (!possible(i) || !possible(j)) continue
      const example = asked.find([yes(rows[i]!), yes(rows[j]!)])
      if (!example) continue
      findings.push(told('overlap', [i, j], example))
      asked.count()
    }
  return findings
}

function gapsIn(rows: readonly CheckedRow[], asked: Questions): TableFinding[] {
  const example = asked.find(rows.map(no))
  return example ? [told('gap', [], example)] : []
}

const codesIn = (rows: readonly CheckedRow[], schema: FactSchema): TableFinding[] =>
  rows
    .flatMap(({ term }, i) => oddCodes(term, schema).map(odd => ({ i, ...odd })))
    .slice(0, MOST_FINDINGS)
    .map(({ i, field, code, instead }) => told('unknown_code', [i], null, [field, { zh: code, en: code }, instead]))

function told(
  code: TableFinding['code'],
  rows: readonly number[],
  example: Example | null,
  words: readonly Label[] = [],
): TableFinding {
  const { level, zh, en } = NOTES[code]
  const numbers = rows.map((row): Label => ({ zh: String(row + 1), en: String(row + 1) }))
  return { code, level, rows, message: phrase(zh, en, ...numbers, ...words), example }
}
