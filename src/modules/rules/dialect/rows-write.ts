import type { CompareOp, Expr } from './ast.ts'
import { parse } from './parse.ts'
import { BINDS, bindingOf, print, printed } from './print.ts'
import { type Group, isGuardable, type Path, type PlainRow, type Row, type RowOf } from './rows.ts'

/** A part of the text and how tightly it holds together. */
interface Part {
  readonly text: string
  readonly binds: number
}

/** The text of rows: what is saved. A row of text that does not parse is written as it stands, for the checker to refuse. */
export function textOfRows(group: Group): string {
  return groupPart(group).text
}

function groupPart(group: Group): Part {
  const inner = joined(group)
  return group.not ? { text: `!${inBrackets(inner, BINDS.prefix)}`, binds: BINDS.prefix } : inner
}

function joined({ match, rows }: Group): Part {
  const op = match === 'all' ? BINDS.and : BINDS.or
  // A group that is still empty says nothing yet.
  const parts = rows.filter(row => row.kind !== 'group' || row.rows.length > 0).map(rowPart)
  if (parts.length === 0) return { text: 'true', binds: BINDS.member }
  if (parts.length === 1) return parts[0]!
  const sign = match === 'all' ? ' && ' : ' || '
  // Groups of the same kind inside of each other are one.
  return { text: parts.map(p => inBrackets(p, op)).join(sign), binds: op }
}

const inBrackets = ({ text, binds }: Part, least: number): string => (binds < least ? `(${text})` : text)

function rowPart(row: Row): Part {
  if (row.kind === 'group') return groupPart(row)
  const part = plainPart(row)
  if (!isGuardable(row) || !row.guarded) return part
  return { text: `has(${pathText(row.of)}) && ${inBrackets(part, BINDS.and)}`, binds: BINDS.and }
}

const pathText = ({ name, field }: Path): string => `${name}.${field}`
const value = (e: Expr, least: number): string => printed(e, least, '')
const quoted = (text: string): string => print({ kind: 'literal', value: text, start: 0, end: 0 })
const relation = (left: string, op: CompareOp, right: string): Part => ({
  text: `${left} ${op} ${right}`,
  binds: BINDS.relation,
})
const not = (text: string, isNegative: boolean): Part =>
  isNegative ? { text: `!${text}`, binds: BINDS.prefix } : { text, binds: BINDS.member }

function plainPart(row: PlainRow): Part {
  switch (row.kind) {
    case 'present':
      return not(`has(${pathText(row.of)})`, !row.present)
    case 'flag':
      return not(pathText(row.of), !row.is)
    case 'compare':
      return relation(pathText(row.of), row.op, value(row.value, BINDS.sum))
    case 'oneOf': {
      const text = `${pathText(row.of)} in ${value(row.values, BINDS.sum)}`
      return row.not ? not(`(${text})`, true) : { text, binds: BINDS.relation }
    }
    case 'words':
      return not(`${pathText(row.of)}.${row.test}(${value(row.value, 0)})`, row.not)
    case 'age':
    case 'ahead':
    case 'reached':
      return timePart(row)
    case 'list':
      return listPart(row)
    case 'count':
      return relation(countText(row), row.op, value(row.value, BINDS.sum))
    case 'open':
      return not(`${row.test}(now, ${quoted(row.calendar)})`, !row.is)
    case 'text':
      return textPart(row.text)
  }
}

function timePart(row: RowOf<'age' | 'ahead' | 'reached'>): Part {
  const at = pathText(row.of)
  if (row.kind === 'reached') {
    const offset = row.offset ? ` ${row.offset.sign} ${value(row.offset.value, BINDS.product)}` : ''
    return relation('now', row.op, `${at}${offset}`)
  }
  const [from, to] = row.kind === 'age' ? [at, 'now'] : ['now', at]
  const span = row.calendar === null ? `${to} - ${from}` : `businessElapsed(${from}, ${to}, ${quoted(row.calendar)})`
  return relation(span, row.op, value(row.value, BINDS.sum))
}

const MACROS = { some: 'exists', every: 'all', one: 'exists_one', none: 'exists' } as const

const listPart = ({ list, how, as, group }: RowOf<'list'>): Part =>
  not(`${list}.${MACROS[how]}(${as}, ${textOfRows(group)})`, how === 'none')

function countText({ list, where, method }: RowOf<'count'>): string {
  const of = where ? `${list}.filter(${where.as}, ${textOfRows(where.group)})` : list
  return method ? `${of}.size()` : `size(${of})`
}

function textPart(text: string): Part {
  const parsed = parse(text)
  if (!parsed.ok) return { text, binds: BINDS.member }
  return { text: print(parsed.expr, text), binds: bindingOf(parsed.expr) }
}
