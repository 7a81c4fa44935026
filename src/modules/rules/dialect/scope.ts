import type { FactSchema } from '../../../contract/facts.ts'
import type { BusinessTime } from '../../../kernel/business-time.ts'
import type { Constants } from '../types.ts'
import type { Expr, ExprOf, Span } from './ast.ts'
import type { RefusalCode, Word } from './refusal.ts'
import type { HasTarget, ListType, Term, TimeClass } from './term.ts'

/** A list element inside a macro: `p` in `parcels.exists(p, ...)`. */
export interface Variable {
  readonly depth: number
  readonly of: ListType['of']
  readonly root: string
}

export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>
  /** Optional fields that a has() of the same condition has shown to be there; see `keyOf`. */
  readonly present: ReadonlySet<string>
}

/** Business calendars by the id that rules name them by. */
export interface Calendars {
  readonly [id: string]: BusinessTime
}

/** What a rule may name besides the facts. */
export interface Vocabulary {
  readonly constants?: Constants
  readonly calendars?: Calendars
}

/** What the parts of the checker share; `term` is the way back to the whole of it. */
export interface Checker {
  readonly schema: FactSchema
  readonly constants: Constants
  readonly calendars: Calendars
  /** Records a refusal; returns null, the value of everything that has no type. */
  report(code: RefusalCode, span: Span, ...words: Word[]): null
  term(e: Expr, scope: Scope): Term | null
}

export const keyOf = (t: HasTarget): string => (t.kind === 'fact' ? `${t.root}.${t.field}` : `#${t.depth}.${t.field}`)

/** The field that `e` names, if it names one at all; whether it exists is not its business. */
export function targetOf(e: Expr, scope: Scope): HasTarget | null {
  if (e.kind !== 'field' || e.object.kind !== 'name') return null
  const variable = scope.variables.get(e.object.name)
  if (variable) return { kind: 'element', depth: variable.depth, field: e.field, root: variable.root }
  return { kind: 'fact', root: e.object.name, field: e.field }
}

/** Fields that must be there when `e` has the given truth: `has(x) && ...` when true, `!has(x) || ...` when false. */
export function shownBy(e: Expr, truth: boolean, scope: Scope): string[] {
  switch (e.kind) {
    case 'has': {
      const target = truth ? targetOf(e.target, scope) : null
      return target ? [keyOf(target)] : []
    }
    case 'not':
      return shownBy(e.operand, !truth, scope)
    case 'junction':
      return (e.op === '&&') === truth ? e.operands.flatMap(o => shownBy(o, truth, scope)) : []
    default:
      return []
  }
}

export const withPresent = (scope: Scope, keys: readonly string[]): Scope =>
  keys.length === 0 ? scope : { ...scope, present: new Set([...scope.present, ...keys]) }

/** Scope of one operand of && or ||: all its siblings may guard it, on either side, as both are commutative in CEL. */
export function scopeBeside(e: ExprOf<'junction'>, operand: Expr, scope: Scope): Scope {
  const siblings = e.operands.filter(o => o !== operand)
  return withPresent(
    scope,
    siblings.flatMap(o => shownBy(o, e.op === '&&', scope)),
  )
}

/** Class of a value that is computed from others without comparing them. */
export function joined(...classes: readonly TimeClass[]): TimeClass {
  if (classes.includes('A')) return 'A'
  return classes.includes('S') ? 'S' : 'K'
}
/** Class of a value that can only change when one of the others does. */
export const stepped = (...classes: readonly TimeClass[]): TimeClass => (classes.every(c => c === 'K') ? 'K' : 'S')
