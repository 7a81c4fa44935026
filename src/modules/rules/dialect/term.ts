import type { ScalarField, ScalarType } from '../../../contract/facts.ts'
import type { BusinessTime } from '../../../kernel/business-time.ts'
import type { ScalarValue } from '../types.ts'
import type { ArithmeticOp, CompareOp, JunctionOp, MacroName, Span } from './ast.ts'

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
export type { ScalarValue }

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

/** The value of a step function around x, and the range [from, to) of arguments for which that is certain. */
export interface Step {
  readonly value: boolean | number
  readonly from: number
  readonly to: number
}
/** A function of a time or a length of time that is constant between known instants: the hour of a clock, open or not. */
export interface StepFunction {
  readonly name: string
  /** The zone or calendar; empty for lengths of time. */
  readonly where: string
  at(x: number): Step
}

interface Typed {
  readonly type: TermType
  readonly cls: TimeClass
  /** Where the rule's text says it. */
  readonly span?: Span
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
    | { readonly kind: 'items'; readonly items: readonly Term[]; readonly constant?: string }
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
    /** businessElapsed(from, to, calendar). */
    | { readonly kind: 'business'; readonly calendar: BusinessTime; readonly from: Term; readonly to: Term }
    /** businessAdd(from, by, calendar). */
    | { readonly kind: 'due'; readonly calendar: BusinessTime; readonly from: Term; readonly by: Term }
    | { readonly kind: 'step'; readonly step: StepFunction; readonly of: Term }
    /** A test of a text by something that was made once from what the rule says: matches(), containsAny(). */
    | {
        readonly kind: 'tested'
        readonly name: string
        readonly of: Term
        readonly weight: number
        test(text: string): boolean
      }
    | { readonly kind: 'looked'; readonly name: string; readonly key: Term; find(key: string): ScalarValue }
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
    case 'business':
      return [t.from, t.to]
    case 'due':
      return [t.from, t.by]
    case 'step':
    case 'tested':
      return [t.of]
    case 'looked':
      return [t.key]
    default:
      return []
  }
}
