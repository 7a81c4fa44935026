import type { Label, ScalarField, ScalarType } from '../../../contract/facts.ts'
import type { CompareOp, Expr } from './ast.ts'
import { type GuardedRow, isGuardable, type Path, type PlainRow, type Row } from './rows.ts'

/** One thing that a row can say of a field: what a picker offers beside the field, and the row that it makes. */
export interface Choice {
  /** Stable; see `choiceOf`. */
  readonly id: string
  readonly label: Label
  /** What has to be filled in after it. */
  readonly needs: 'nothing' | 'value' | 'span' | 'list' | 'text'
  /** A calendar may be chosen: business time instead of the clock. */
  readonly calendar: boolean
  make(of: Path): PlainRow
}

const said = (zh: string, en: string): Label => ({ zh, en })
const number = (value: number): Expr => ({ kind: 'literal', value, start: 0, end: 0 })
const text = (value: string): Expr => ({ kind: 'literal', value, start: 0, end: 0 })
const call = (name: string, arg: Expr): Expr => ({ kind: 'call', name, method: false, args: [arg], start: 0, end: 0 })

/** A length of time as the editor's box gives it. */
export const spanValue = (amount: number, unit: 'days' | 'hours' | 'minutes'): Expr => call(unit, number(amount))

/** A first value for a box, so that a new row is a condition at once. */
export function firstValue(type: ScalarType, example?: string | number | boolean): Expr {
  switch (type) {
    case 'dur':
      return spanValue(24, 'hours')
    case 'money':
      return call('minor', number(typeof example === 'number' ? example : 10_000))
    case 'num':
      return number(typeof example === 'number' ? example : 1)
    case 'bool':
      return { kind: 'literal', value: true, start: 0, end: 0 }
    case 'time':
      return call('timestamp', text(new Date(typeof example === 'number' ? example : 0).toISOString()))
    case 'string':
      return text(typeof example === 'string' ? example : '')
  }
}

/** What can be said of a field of this type. A field that may be missing is asked for by the row itself. */
export function choicesFor(field: ScalarField): readonly Choice[] {
  const guarded = field.optional === true
  const own = CHOICES[field.type].map(({ row, ...choice }): Choice => {
    return { ...choice, calendar: choice.calendar ?? false, make: of => withGuard(row(of, field), guarded) }
  })
  return guarded ? [...own, ...PRESENCE] : own
}

const withGuard = (row: PlainRow, guarded: boolean): PlainRow => (isGuardable(row) ? { ...row, guarded } : row)

/** The id of the choice that a row is, so that a picker can show it; null for groups, lists and text. */
export function choiceOf(row: Row): string | null {
  switch (row.kind) {
    case 'present':
      return row.present ? 'present' : 'missing'
    case 'flag':
      return row.is ? 'yes' : 'no'
    case 'compare':
    case 'age':
    case 'ahead':
    case 'reached':
      return `${row.kind} ${row.op}`
    case 'oneOf':
      return row.not ? 'none of' : 'one of'
    case 'words':
      return row.not ? `not ${row.test}` : row.test
    default:
      return null
  }
}

interface Draft extends Omit<Choice, 'make' | 'calendar'> {
  readonly calendar?: true
  row(of: Path, field: ScalarField): PlainRow
}

const compare = (op: CompareOp, label: Label): Draft => ({
  ...{ id: `compare ${op}`, label, needs: 'value' },
  row: (of, { type, example }) => ({ kind: 'compare', of, op, value: firstValue(type, example), guarded: false }),
})
const span = (kind: 'age' | 'ahead', op: CompareOp, label: Label): Draft => ({
  ...{ id: `${kind} ${op}`, label, needs: 'span', calendar: true },
  row: of => ({ kind, of, op, calendar: null, value: spanValue(24, 'hours'), guarded: false }),
})
const reached = (op: CompareOp, label: Label): Draft => ({
  ...{ id: `reached ${op}`, label, needs: 'nothing' },
  row: of => ({ kind: 'reached', of, op, offset: null, guarded: false }),
})
const words = (test: 'contains' | 'startsWith' | 'endsWith' | 'matches', label: Label): Draft => ({
  ...{ id: test, label, needs: 'text' },
  row: of => ({ kind: 'words', of, test, not: false, value: text(''), guarded: false }),
})
const listed = (not: boolean, label: Label): Draft => ({
  ...{ id: not ? 'none of' : 'one of', label, needs: 'list' },
  row(of, { type, example }): GuardedRow {
    const values: Expr = { kind: 'list', items: [firstValue(type, example)], start: 0, end: 0 }
    return { kind: 'oneOf', of, not, values, guarded: false }
  },
})

const QUANTITY = [
  compare('>', said('大于', 'is more than')),
  compare('>=', said('不小于', 'is at least')),
  compare('<', said('小于', 'is less than')),
  compare('<=', said('不大于', 'is at most')),
  compare('==', said('等于', 'is')),
  compare('!=', said('不等于', 'is not')),
]

const CHOICES: { readonly [type in ScalarType]: readonly Draft[] } = {
  bool: [
    {
      id: 'yes',
      label: said('为是', 'is yes'),
      needs: 'nothing',
      row: of => ({ kind: 'flag', of, is: true, guarded: false }),
    },
    {
      id: 'no',
      label: said('为否', 'is no'),
      needs: 'nothing',
      row: of => ({ kind: 'flag', of, is: false, guarded: false }),
    },
  ],
  string: [
    compare('==', said('等于', 'is')),
    compare('!=', said('不等于', 'is not')),
    listed(false, said('是其中之一', 'is one of')),
    listed(true, said('都不是', 'is none of')),
    words('contains', said('包含', 'contains')),
    words('startsWith', said('开头是', 'starts with')),
    words('endsWith', said('结尾是', 'ends with')),
    words('matches', said('符合格式', 'has the form')),
  ],
  num: QUANTITY,
  money: QUANTITY,
  dur: QUANTITY,
  time: [
    span('age', '>', said('距今超过', 'is longer ago than')),
    span('age', '<=', said('距今不超过', 'is not longer ago than')),
    span('ahead', '<', said('距离到来不足', 'is less far away than')),
    span('ahead', '>=', said('距离到来至少', 'is at least as far away as')),
    reached('>', said('已过', 'has passed')),
    reached('<=', said('未到', 'has not passed')),
    compare('>=', said('不早于', 'is at or after')),
    compare('<', said('早于', 'is before')),
  ],
}

const PRESENCE: readonly Choice[] = [
  {
    ...{ id: 'present', label: said('有值', 'is known'), needs: 'nothing', calendar: false },
    make: of => ({ kind: 'present', of, present: true }),
  },
  {
    ...{ id: 'missing', label: said('无值', 'is not known'), needs: 'nothing', calendar: false },
    make: of => ({ kind: 'present', of, present: false }),
  },
]
