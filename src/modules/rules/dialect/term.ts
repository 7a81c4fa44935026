import type { ScalarField, ScalarType } from '../../../contract/facts.ts'
import type { ArithmeticOp, CompareOp, JunctionOp, MacroName } from './ast.ts'

/**
 * How a value depends on `now`. K: not at all. A: affine, `c + slope * now` (a moving time or duration).
 * S: piecewise constant; every comparison with an A is one.
 */
export type TimeClass = 'K' | 'A' | 'S'

export interface ListType {
  readonly kind: 'list'
  /** Fields of a declared list; a scalar type for `['a', 'b']`. */
  readonly of: ScalarType | { readonly [field: string]: ScalarField }
  /** Most elements it can have: the schema's bound, or the number of items. */
  readonly max: number
  /** Root of the declared list; empty for a list that is written in the rule. */
  readonly root: string
}
export type TermType = ScalarType | ListType
export type ScalarValue = boolean | number | string

/** Functions that are left at run time; the others are folded by the checker. */
export type FunctionName =
  | 'size'
  | 'abs'
  | 'min'
  | 'max'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'lowerAscii'
  | 'days'
  | 'hours'
  | 'minutes'
  | 'minor'

interface Typed {
  readonly type: TermType
  readonly cls: TimeClass
}

/** A checked expression: names resolved, types known, constants folded. Closures and generated code both come from it. */
export type Term = Typed &
  (
    | { readonly kind: 'literal'; readonly value: ScalarValue; readonly constant?: string }
    | { readonly kind: 'now' }
    | { readonly kind: 'fact'; readonly root: string; readonly field: string }
    /** The element of the list that is `depth` levels of macros deep; `field` null when the element is a scalar. */
    | { readonly kind: 'element'; readonly depth: number; readonly field: string | null; readonly root: string }
    | { readonly kind: 'list'; readonly root: string }
    | { readonly kind: 'items'; readonly items: readonly Term[] }
    | { readonly kind: 'has'; readonly target: HasTarget }
    | { readonly kind: 'not'; readonly operand: Term }
    | { readonly kind: 'negate'; readonly operand: Term }
    | { readonly kind: 'junction'; readonly op: JunctionOp; readonly operands: readonly Term[] }
    | { readonly kind: 'choice'; readonly test: Term; readonly yes: Term; readonly no: Term }
    | { readonly kind: 'arithmetic'; readonly op: ArithmeticOp; readonly left: Term; readonly right: Term }
    | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Term; readonly right: Term }
    | { readonly kind: 'in'; readonly item: Term; readonly list: Term }
    | {
        readonly kind: 'macro'
        readonly macro: MacroName
        readonly list: Term
        readonly depth: number
        readonly body: Term
      }
    | { readonly kind: 'apply'; readonly fn: FunctionName; readonly args: readonly Term[] }
  )

export type HasTarget =
  | { readonly kind: 'fact'; readonly root: string; readonly field: string }
  | { readonly kind: 'element'; readonly depth: number; readonly field: string; readonly root: string }

export type TermOf<K extends Term['kind']> = Extract<Term, { readonly kind: K }>

export const isListType = (type: TermType): type is ListType => typeof type === 'object'

/** Direct sub-terms, left to right. */
export function termsIn(t: Term): readonly Term[] {
  switch (t.kind) {
    case 'items':
      return t.items
    case 'not':
    case 'negate':
      return [t.operand]
    case 'junction':
      return t.operands
    case 'choice':
      return [t.test, t.yes, t.no]
    case 'arithmetic':
    case 'compare':
      return [t.left, t.right]
    case 'in':
      return [t.item, t.list]
    case 'macro':
      return [t.list, t.body]
    case 'apply':
      return t.args
    default:
      return []
  }
}
