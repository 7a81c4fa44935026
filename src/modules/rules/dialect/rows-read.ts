import type { Expr, ExprOf } from './ast.ts'
import { type Group, type HowMany, isGuardable, type Path, type Row, type WordTest } from './rows.ts'

/** The sentence rows of a tree; `source` is the text that it was parsed from. */
export function rowsOf(e: Expr, source: string): Group {
  if (e.kind === 'literal' && e.value === true) return { kind: 'group', match: 'all', not: false, rows: [] }
  if (e.kind === 'junction') return junctionGroup(e, source)
  const row = rowOf(e, source)
  return row.kind === 'group' && !row.not ? row : { kind: 'group', match: 'all', not: false, rows: [row] }
}

function junctionGroup(e: ExprOf<'junction'>, source: string): Group {
  const rows = e.operands.map(o => rowOf(o, source))
  if (e.op === '||') return { kind: 'group', match: 'any', not: false, rows }
  return { kind: 'group', match: 'all', not: false, rows: withGuards(rows) }
}

/** `has(x)` and right after it a row about x are one row. */
function withGuards(rows: readonly Row[]): Row[] {
  const out: Row[] = []
  for (const row of rows) {
    const before = out.at(-1)
    const asks = before?.kind === 'present' && before.present && isGuardable(row) && !row.guarded
    if (asks && samePath(before.of, row.of)) out[out.length - 1] = { ...row, guarded: true }
    else out.push(row)
  }
  return out
}

const samePath = (a: Path, b: Path): boolean => a.name === b.name && a.field === b.field

function rowOf(e: Expr, source: string): Row {
  switch (e.kind) {
    case 'junction': {
      const group = junctionGroup(e, source)
      // In a group of its own a guarded row is just that row.
      return group.match === 'all' && group.rows.length === 1 ? group.rows[0]! : group
    }
    case 'not':
      return notRow(e, source)
    case 'has':
      return withPath(e.target, of => ({ kind: 'present', of, present: true })) ?? textRow(e, source)
    case 'field':
      return withPath(e, of => ({ kind: 'flag', of, is: true, guarded: false })) ?? textRow(e, source)
    case 'compare':
      return compareRow(e, source) ?? textRow(e, source)
    case 'in':
      return oneOfRow(e, false) ?? textRow(e, source)
    case 'macro':
      return listRow(e, source) ?? textRow(e, source)
    case 'call':
      return callRow(e, false) ?? textRow(e, source)
    default:
      return textRow(e, source)
  }
}

const textRow = (e: Expr, source: string): Row => ({ kind: 'text', text: source.slice(e.start, e.end) })

function pathOf(e: Expr): Path | null {
  return e.kind === 'field' && e.object.kind === 'name' ? { name: e.object.name, field: e.field } : null
}

function withPath(e: Expr, make: (of: Path) => Row): Row | null {
  const of = pathOf(e)
  return of && make(of)
}

function notRow(e: ExprOf<'not'>, source: string): Row {
  const { operand } = e
  const row = negatedRow(operand, source)
  if (row) return row
  const group = operand.kind === 'junction' ? junctionGroup(operand, source) : null
  return group ? { ...group, not: true } : textRow(e, source)
}

function negatedRow(operand: Expr, source: string): Row | null {
  switch (operand.kind) {
    case 'has':
      return withPath(operand.target, of => ({ kind: 'present', of, present: false }))
    case 'field':
      return withPath(operand, of => ({ kind: 'flag', of, is: false, guarded: false }))
    case 'in':
      return oneOfRow(operand, true)
    case 'call':
      return callRow(operand, true)
    case 'macro': {
      const row = operand.macro === 'exists' ? listRow(operand, source) : null
      return row?.kind === 'list' ? { ...row, how: 'none' } : null
    }
    default:
      return null
  }
}

/** A value that an editor has a box for: written down, a constant, or another field. */
function isValue(e: Expr): boolean {
  if (e.kind === 'literal') return e.value !== null
  if (e.kind === 'name') return e.name !== 'now'
  if (e.kind === 'call') return VALUE_CALLS.has(e.name) && !e.method && e.args.every(a => a.kind === 'literal')
  return pathOf(e) !== null
}
const VALUE_CALLS: ReadonlySet<string> = new Set([
  'duration',
  'days',
  'hours',
  'minutes',
  'minor',
  'money',
  'timestamp',
])

const isNow = (e: Expr): boolean => e.kind === 'name' && e.name === 'now'

function compareRow(e: ExprOf<'compare'>, source: string): Row | null {
  const { op, left, right } = e
  if (isNow(left)) return reachedRow(e)
  if (!isValue(right)) return null
  const value = right
  const plain = withPath(left, of => ({ kind: 'compare', of, op, value, guarded: false }))
  return plain ?? agedRow(e) ?? countRow(e, source)
}

/** now - t, t - now, and the same in business time. */
function agedRow({ op, left, right: value }: ExprOf<'compare'>): Row | null {
  const sides = sidesOf(left)
  if (!sides) return null
  const { from, to, calendar } = sides
  if (isNow(to)) return withPath(from, of => ({ kind: 'age', of, calendar, op, value, guarded: false }))
  return isNow(from) ? withPath(to, of => ({ kind: 'ahead', of, calendar, op, value, guarded: false })) : null
}

function sidesOf(e: Expr): { from: Expr; to: Expr; calendar: string | null } | null {
  if (e.kind === 'arithmetic' && e.op === '-') return { from: e.right, to: e.left, calendar: null }
  if (e.kind !== 'call' || e.name !== 'businessElapsed' || e.method || e.args.length !== 3) return null
  const [from, to, calendar] = e.args
  const named = calendar?.kind === 'literal' && typeof calendar.value === 'string' ? calendar.value : null
  return from && to && named !== null ? { from, to, calendar: named } : null
}

function reachedRow({ op, right }: ExprOf<'compare'>): Row | null {
  const row =
    (offset: { sign: '+' | '-'; value: Expr } | null) =>
    (of: Path): Row => ({
      ...{ kind: 'reached', of, op, offset, guarded: false },
    })
  if (right.kind !== 'arithmetic' || (right.op !== '+' && right.op !== '-')) return withPath(right, row(null))
  return isValue(right.right) ? withPath(right.left, row({ sign: right.op, value: right.right })) : null
}

function countRow({ op, left, right: value }: ExprOf<'compare'>, source: string): Row | null {
  if (left.kind !== 'call' || left.name !== 'size' || left.args.length !== 1) return null
  const { method } = left
  const of = left.args[0]!
  if (of.kind === 'name') return { kind: 'count', list: of.name, where: null, op, value, method }
  if (of.kind !== 'macro' || of.macro !== 'filter' || of.list.kind !== 'name') return null
  const where = { as: of.variable, group: rowsOf(of.body, source) }
  return { kind: 'count', list: of.list.name, where, op, value, method }
}

function oneOfRow({ item, list }: ExprOf<'in'>, not: boolean): Row | null {
  const written = list.kind === 'list' && list.items.every(i => i.kind === 'literal')
  if (!written && list.kind !== 'name') return null
  return withPath(item, of => ({ kind: 'oneOf', of, not, values: list, guarded: false }))
}

const WORD_TESTS: readonly WordTest[] = ['contains', 'startsWith', 'endsWith', 'matches', 'containsAny']

function callRow(e: ExprOf<'call'>, negated: boolean): Row | null {
  const [first, second, ...more] = e.args
  if (!first || !second || more.length > 0) return null
  if (!e.method) {
    const test = e.name === 'isBusinessTime' || e.name === 'isWorkday' ? e.name : null
    const calendar = second.kind === 'literal' && typeof second.value === 'string' ? second.value : null
    return test && calendar !== null && isNow(first) ? { kind: 'open', test, calendar, is: !negated } : null
  }
  const test = WORD_TESTS.find(t => t === e.name)
  const isList = second.kind === 'list' && second.items.every(i => i.kind === 'literal')
  if (!test || !(isValue(second) || isList)) return null
  return withPath(first, of => ({ kind: 'words', of, test, not: negated, value: second, guarded: false }))
}

const HOW: { readonly [macro: string]: HowMany } = { exists: 'some', all: 'every', exists_one: 'one' }

function listRow(e: ExprOf<'macro'>, source: string): Row | null {
  const how = HOW[e.macro]
  if (!how || e.list.kind !== 'name') return null
  return { kind: 'list', list: e.list.name, how, as: e.variable, group: rowsOf(e.body, source) }
}
