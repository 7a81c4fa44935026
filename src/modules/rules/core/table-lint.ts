import type { FactSchema, Label } from '../../../contract/facts.ts'
import type { Calendars } from '../dialect/scope.ts'
import type { TableDef } from '../types.ts'
import { type Example, search } from './search.ts'
import { type CheckedRow, checkTable } from './table-check.ts'
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
  gap: {
    level: 'warning',
    zh: '有的情况没有任何一行命中：请补一行，或填写“其他情况”',
    en: 'Some cases hit no row: add a row, or fill in what is decided otherwise',
  },
} as const satisfies { readonly [code: string]: Label & { readonly level: 'error' | 'warning' } }

/** Steps for one question; a table asks many. */
const STEPS = 20_000

/**
 * Gaps, overlaps (UNIQUE) and rows that can never decide (FIRST), each with an example where there is something to show.
 * Nothing for a table whose cells cannot be read: `checkTable` says why.
 */
export function lintTable(def: TableDef, schema: FactSchema, calendars: Calendars = {}): TableFinding[] {
  const { rows, otherwise, problems } = checkTable(def, schema, calendars)
  if (problems.length > 0) return []
  const impossible = rows.flatMap((row, i) => (isNever([yes(row)], schema) ? [i] : []))
  const findings = impossible.map(i => told('never_true', [i], null))
  const possible = (i: number): boolean => !impossible.includes(i)
  if (def.policy === 'first') findings.push(...unreachable(rows, schema, possible))
  if (def.policy === 'unique') findings.push(...overlaps(rows, schema, possible))
  if (def.policy !== 'collect' && otherwise === null) findings.push(...gaps(rows, schema))
  return findings
}

const yes = ({ term }: CheckedRow) => ({ term, wanted: true })
const no = ({ term }: CheckedRow) => ({ term, wanted: false })

function isNever(goals: Parameters<typeof search>[0], schema: FactSchema): boolean {
  const found = search(goals, schema, STEPS)
  return found.example === null && found.certain
}

type Possible = (row: number) => boolean

function unreachable(rows: readonly CheckedRow[], schema: FactSchema, possible: Possible): TableFinding[] {
  return rows.flatMap((row, i) => {
    if (i === 0 || !possible(i)) return []
    return isNever([yes(row), ...rows.slice(0, i).map(no)], schema) ? [told('unreachable', [i], null)] : []
  })
}

function overlaps(rows: readonly CheckedRow[], schema: FactSchema, possible: Possible): TableFinding[] {
  const findings: TableFinding[] = []
  for (let j = 1; j < rows.length; j++)
    for (let i = 0; i < j; i++) {
      if (!possible(i) || !possible(j)) continue
      const { example } = search([yes(rows[i]!), yes(rows[j]!)], schema, STEPS)
      if (example) findings.push(told('overlap', [i, j], example))
    }
  return findings
}

function gaps(rows: readonly CheckedRow[], schema: FactSchema): TableFinding[] {
  const { example } = search(rows.map(no), schema, STEPS)
  return example ? [told('gap', [], example)] : []
}

function told(code: TableFinding['code'], rows: readonly number[], example: Example | null): TableFinding {
  const { level, zh, en } = NOTES[code]
  const numbers = rows.map((row): Label => ({ zh: String(row + 1), en: String(row + 1) }))
  return { code, level, rows, message: phrase(zh, en, ...numbers), example }
}
