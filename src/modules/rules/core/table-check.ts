import type { FactSchema, Label, ScalarType } from '../../../contract/facts.ts'
import { checkRule, checkValue } from '../dialect/check.ts'
import { TYPE_WORDS } from '../dialect/refusal.ts'
import { stepped, type Vocabulary } from '../dialect/scope.ts'
import { isListType, type Term } from '../dialect/term.ts'
import type { ScalarValue, TableDef, TableInput, TableOutput } from '../types.ts'
import { type Column, cellCondition, typedValue } from './table-cells.ts'
import { type TableProblem, tableProblem } from './table-problem.ts'

export const MAX_ROWS = 1000
/** Of all cells together: reading them takes others' time, whatever stands in them. */
export const MAX_TEXT = 250_000

/** A row that was checked: one condition, and a value or nothing for each output. */
export interface CheckedRow {
  readonly term: Term
  /** What each of its cells asks; true for one that takes anything. */
  readonly cells: readonly Term[]
  readonly values: readonly (ScalarValue | null)[]
}

export interface CheckedTable {
  readonly rows: readonly CheckedRow[]
  readonly otherwise: readonly (ScalarValue | null)[] | null
  readonly problems: readonly TableProblem[]
}

/** Reads every cell of a table; with problems, the rows are those that could be read. Never throws for bad text. */
export function checkTable(def: TableDef, schema: FactSchema, calendars: Vocabulary['calendars'] = {}): CheckedTable {
  const problems: TableProblem[] = []
  const length = lengthOf(def)
  if (length > MAX_TEXT) {
    problems.push(tableProblem('too_long', {}, String(length), String(MAX_TEXT)))
    return { rows: [], otherwise: null, problems }
  }
  const vocabulary = { constants: def.constants, calendars }
  if (def.inputs.length === 0 || def.outputs.length === 0) problems.push(tableProblem('no_columns', {}))
  if (def.rows.length > MAX_ROWS)
    problems.push(tableProblem('too_large', {}, String(def.rows.length), String(MAX_ROWS)))
  const columns = def.inputs.map((input, i) => columnOf(input, i, { schema, vocabulary, problems }))
  const scene = { def, schema, vocabulary, columns, problems }
  const rows = def.rows.slice(0, MAX_ROWS).flatMap((_, i) => rowOf(i, scene))
  const otherwise = def.otherwise ? valuesOf(def.otherwise, def.rows.length, scene) : null
  return { rows, otherwise, problems }
}

function lengthOf({ inputs, rows, otherwise = [] }: TableDef): number {
  const texts = [...inputs.map(i => i.expr), ...otherwise, ...rows.flatMap(row => [...row.when, ...row.give])]
  return texts.reduce((sum, text) => sum + text.length, 0)
}

interface Scene {
  readonly def: TableDef
  readonly schema: FactSchema
  readonly vocabulary: Vocabulary
  readonly columns: readonly (Column | null)[]
  readonly problems: TableProblem[]
}

const MEMBER = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/

function columnOf(
  input: TableInput,
  column: number,
  { schema, vocabulary, problems }: Pick<Scene, 'schema' | 'vocabulary' | 'problems'>,
): Column | null {
  const checked = checkValue(input.expr, schema, vocabulary)
  if (!checked.ok) {
    const { refusals } = checked
    problems.push(tableProblem('bad_input', { column, refusals }, input.label, refusals[0]?.message ?? ''))
    return null
  }
  const { type } = checked.term
  if (isListType(type)) {
    problems.push(tableProblem('bad_input', { column }, input.label, TYPE_WORDS.list))
    return null
  }
  const expr = MEMBER.test(input.expr) ? input.expr : `(${input.expr})`
  const { currency } = input
  const constants = vocabulary.constants ?? {}
  return { expr, type, constants, guards: checked.guards, ...(currency !== undefined && { currency }) }
}

function rowOf(row: number, scene: Scene): CheckedRow[] {
  const { def, problems } = scene
  const { when, give } = def.rows[row]!
  const [width, wanted] = [when.length + give.length, def.inputs.length + def.outputs.length]
  if (when.length !== def.inputs.length || give.length !== def.outputs.length) {
    problems.push(tableProblem('wrong_width', { row }, String(width), String(wanted)))
    return []
  }
  const terms = when.map((cell, column) => cellTerm(cell, { row, column }, scene))
  const values = valuesOf(give, row, scene)
  const known = terms.filter(t => t !== null)
  return known.length < terms.length || !values ? [] : [{ term: allOf(known), cells: known, values }]
}

const TRUE: Term = { kind: 'literal', type: 'bool', cls: 'K', value: true }

/** Cells that take anything are left out; what is left is one conjunction. */
function allOf(terms: readonly Term[]): Term {
  const operands = terms.flatMap(t => (t === TRUE ? [] : t.kind === 'junction' && t.op === '&&' ? t.operands : [t]))
  if (operands.length === 0) return TRUE
  if (operands.length === 1) return operands[0]!
  return { kind: 'junction', type: 'bool', cls: stepped(...operands.map(o => o.cls)), op: '&&', operands }
}

function cellTerm(
  cell: string,
  place: { readonly row: number; readonly column: number },
  { columns, schema, vocabulary, problems }: Scene,
): Term | null {
  const column = columns[place.column]
  if (!column) return null
  const text = cellCondition(cell, column)
  if (text === '') return TRUE
  if (text === null) {
    problems.push(tableProblem('bad_cell', place, cell, TYPE_WORDS[column.type], CELL_EXAMPLES[column.type]))
    return null
  }
  const checked = checkRule(text, schema, vocabulary)
  if (checked.ok) return checked.term
  const { refusals } = checked
  problems.push(tableProblem('refused_cell', { ...place, refusals }, cell, refusals[0]!.message))
  return null
}

/** Values of one row or of `otherwise`, which is told as the row after the last. */
function valuesOf(cells: readonly string[], row: number, { def, problems }: Scene): (ScalarValue | null)[] | null {
  const before = problems.length
  if (cells.length !== def.outputs.length) {
    problems.push(tableProblem('wrong_width', { row }, String(cells.length), String(def.outputs.length)))
    return null
  }
  const values = cells.map((cell, i) => {
    const { value, problem } = outputOf(cell.trim(), def.outputs[i]!, { row, column: def.inputs.length + i })
    if (problem) problems.push(problem)
    return value
  })
  return problems.length === before ? values : null
}

function outputOf(
  cell: string,
  { type, currency, oneOf }: TableOutput,
  place: { readonly row: number; readonly column: number },
): { value: ScalarValue | null; problem?: TableProblem } {
  if (cell === '' || cell === '-') return { value: null }
  const value = typedValue(cell, type, currency)
  if (value === null) {
    const problem = tableProblem('bad_output', place, cell, TYPE_WORDS[type], VALUE_EXAMPLES[type])
    return { value, problem }
  }
  if (oneOf && !oneOf.includes(value))
    return { value: null, problem: tableProblem('not_allowed', place, cell, oneOf.join(', ')) }
  return { value }
}

const VALUE_EXAMPLES: { readonly [type in ScalarType]: string } = {
  bool: 'true',
  string: 'warehouse',
  num: '5',
  money: '500',
  time: '2026-11-11T00:00:00+08:00',
  dur: '4h',
}

const said = (zh: string, en: string): Label => ({ zh, en })
const CELL_EXAMPLES: { readonly [type in ScalarType]: Label } = {
  bool: said('true、false、是、否', 'true, false, yes or no'),
  string: said(
    'card、"a","b"、!card、*（有值）、!（无值）',
    'card, "a","b", !card, * (there is one) or ! (there is none)',
  ),
  num: said('> 5、3、[1..5)、!3', '> 5, 3, [1..5) or !3'),
  money: said('> 500、[100..500)', '> 500 or [100..500)'),
  time: said('>= 2026-11-11T00:00:00+08:00', '>= 2026-11-11T00:00:00+08:00'),
  dur: said('> 24h、[2h..4h)、<= 2d', '> 24h, [2h..4h) or <= 2d'),
}
