import type { ScalarField } from '../../../../../src/contract/facts.ts'
import {
  type Choice,
  choiceOf,
  choicesFor,
  type Group,
  isGuardable,
  type Path,
  type PlainRow,
  type Row,
} from '../../../../../src/modules/rules/browser.ts'
import { elementName, type Named, type Names } from './ground.ts'
import { firstMoney } from './values.ts'

/** Changes of rows: pure, so that the editor only draws. */

export const EMPTY: Group = { kind: 'group', match: 'all', not: false, rows: [] }

export const withRow = (group: Group, at: number, row: Row): Group => ({
  ...group,
  rows: group.rows.map((r, i) => (i === at ? row : r)),
})
export const withoutRow = (group: Group, at: number): Group => ({
  ...group,
  rows: group.rows.filter((_, i) => i !== at),
})
export const withMore = (group: Group, row: Row): Group => ({ ...group, rows: [...group.rows, row] })

export function moved(group: Group, at: number, by: -1 | 1): Group {
  const to = at + by
  if (to < 0 || to >= group.rows.length) return group
  const rows = [...group.rows]
  const [row] = rows.splice(at, 1)
  if (row) rows.splice(to, 0, row)
  return { ...group, rows }
}

/** The row that a field starts with. */
export function firstRow({ of, field }: Named, currency: string): PlainRow {
  const [first] = choicesFor(field)
  return first ? humane(first.make(of), field, currency) : { kind: 'text', text: `${of.name}.${of.field}` }
}

/** Amounts start in units of a currency. */
function humane(row: PlainRow, field: ScalarField, currency: string): PlainRow {
  return row.kind === 'compare' && field.type === 'money' ? { ...row, value: firstMoney(currency) } : row
}

export const listRow = (names: Names, list: string): Row => {
  const as = elementName(names, list)
  return { kind: 'list', list, how: 'some', as, group: EMPTY }
}
export const countRow = (list: string): Row => ({
  ...{ kind: 'count', list, where: null, op: '>', method: false },
  value: { kind: 'literal', value: 1, start: 0, end: 0 },
})

/** The same row about another field; what cannot be said of that one starts anew. */
export function aboutField(row: PlainRow, { of, field }: Named, currency: string): PlainRow {
  const same = choicesFor(field).find(choice => choice.id === choiceOf(row))
  if (!same) return firstRow({ of, field, root: field.label }, currency)
  return carried(row, same, { of, field, currency })
}

interface To {
  readonly of: Path
  readonly field: ScalarField
  readonly currency: string
}

/** Another choice for the same field; a value that still fits stays. */
export function carried(row: PlainRow, choice: Choice, { of, field, currency }: To): PlainRow {
  const made = humane(choice.make(of), field, currency)
  if (!('value' in made) || !('value' in row) || !isSameValue(made, row)) return made
  const kept = { ...made, value: row.value }
  return 'calendar' in kept && 'calendar' in row ? { ...kept, calendar: row.calendar } : kept
}

/** Values of one field are of one type, but spans and times of a time field are not. */
const isSameValue = (a: Row, b: Row): boolean => a.kind === b.kind || (isSpan(a) && isSpan(b))
const isSpan = (row: Row): boolean => row.kind === 'age' || row.kind === 'ahead'

export const pathIn = (row: Row): Path | null =>
  row.kind === 'present' || row.kind === 'flag' || isGuardable(row) ? row.of : null
