import type { FactSchema } from '../../../contract/facts.ts'
import { childrenOf, type Expr, type ExprOf, type Span } from './ast.ts'
import { checkCall } from './check-functions.ts'
import { checkIn, checkItems, checkMacro } from './check-lists.ts'
import { checkField, checkHas, checkName } from './check-names.ts'
import { checkArithmetic, checkChoice, checkCompare, checkJunction, checkNegate, checkNot } from './check-operators.ts'
import { parse } from './parse.ts'
import { type Refusal, type RefusalCode, refusal, TYPE_WORDS, type Word } from './refusal.ts'
import type { Checker, Scope, Vocabulary } from './scope.ts'
import { isListType, type Term, termsIn } from './term.ts'

export const MAX_NODES = 500
export const MAX_NESTING = 2
/** Worst-case evaluation steps, from the longest lists that the schema allows. */
export const MAX_STEPS = 100_000

export type CheckedRule =
  | { readonly ok: true; readonly expr: Expr; readonly term: Term; readonly refusals: readonly [] }
  /** `expr` is there when only the meaning is wrong, so that an editor can still show the tree. */
  | { readonly ok: false; readonly expr: Expr | null; readonly refusals: readonly Refusal[] }

/**
 * Checks a rule's text against the declared facts: names, types and units, guards of optional fields, uses of `now`
 * whose next change can be computed, size and cost. What passes can be evaluated on any facts of that schema without
 * a run-time error. Never throws for bad text; reports all refusals that it can find in one go.
 */
export function checkRule(text: string, schema: FactSchema, vocabulary: Vocabulary = {}): CheckedRule {
  const parsed = parse(text)
  if (!parsed.ok) {
    const words = [parsed.detail, MAX_NODES]
    return { ok: false, expr: null, refusals: [refusal(parsed.code, parsed.span, ...words)] }
  }
  const { expr } = parsed
  const whole: Span = { start: 0, end: text.length }
  const bounds = boundsOf(expr)
  const refused = (...refusals: Refusal[]): CheckedRule => ({ ok: false, expr, refusals })
  if (bounds.nodes > MAX_NODES) return refused(refusal('too_large', whole, bounds.nodes, MAX_NODES))
  if (bounds.nesting > MAX_NESTING) return refused(refusal('too_deep', whole, bounds.nesting, MAX_NESTING))

  const refusals: Refusal[] = []
  const term = checkerFor(schema, vocabulary, refusals).term(expr, { variables: new Map(), present: new Set() })
  if (!term || refusals.length > 0) return refused(...refusals)
  if (term.type !== 'bool') {
    return refused(refusal('not_a_condition', expr, TYPE_WORDS[isListType(term.type) ? 'list' : term.type]))
  }
  const steps = stepsOf(term)
  if (steps > MAX_STEPS) return refused(refusal('too_costly', whole, steps, MAX_STEPS))
  return { ok: true, expr, term, refusals: [] }
}

export type CheckedValue =
  | { readonly ok: true; readonly term: Term; readonly guards: readonly string[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

/**
 * Checks an expression of any type, such as the column of a decision table. Fields that may be missing need no guard here:
 * `guards` names those that whoever compares the value must ask for with has() first.
 */
export function checkValue(text: string, schema: FactSchema, vocabulary: Vocabulary = {}): CheckedValue {
  const parsed = parse(text)
  if (!parsed.ok) return { ok: false, refusals: [refusal(parsed.code, parsed.span, parsed.detail, MAX_NODES)] }
  const strict: Refusal[] = []
  checkerFor(schema, vocabulary, strict).term(parsed.expr, { variables: new Map(), present: new Set() })
  const unguarded = strict.filter(r => r.code === 'unguarded_optional').map(r => text.slice(r.start, r.end))
  const refusals: Refusal[] = []
  const scope = { variables: new Map(), present: new Set(unguarded) }
  const term = checkerFor(schema, vocabulary, refusals).term(parsed.expr, scope)
  return term && refusals.length === 0 ? { ok: true, term, guards: [...new Set(unguarded)] } : { ok: false, refusals }
}

function checkerFor(schema: FactSchema, vocabulary: Vocabulary, refusals: Refusal[]): Checker {
  const { constants = {}, calendars = {} } = vocabulary
  const checker: Checker = {
    schema,
    constants,
    calendars,
    report(code: RefusalCode, span: Span, ...words: Word[]): null {
      refusals.push(refusal(code, span, ...words))
      return null
    },
    term(e, scope) {
      const term = termOf(checker, e, scope)
      return term && { ...term, span: { start: e.start, end: e.end } }
    },
  }
  return checker
}

function termOf(c: Checker, e: Expr, scope: Scope): Term | null {
  switch (e.kind) {
    case 'literal':
      return literal(c, e)
    case 'name':
      return checkName(c, e, scope)
    case 'field':
      return checkField(c, e, scope)
    case 'has':
      return checkHas(c, e, scope)
    case 'not':
      return checkNot(c, e, scope)
    case 'negate':
      return checkNegate(c, e, scope)
    case 'junction':
      return checkJunction(c, e, scope)
    case 'choice':
      return checkChoice(c, e, scope)
    case 'arithmetic':
      return checkArithmetic(c, e, scope)
    case 'compare':
      return checkCompare(c, e, scope)
    case 'list':
      return checkItems(c, e, scope)
    case 'in':
      return checkIn(c, e, scope)
    case 'macro':
      return checkMacro(c, e, scope)
    case 'call':
      return checkCall(c, e, scope)
    case 'other':
      return c.report('not_supported', e, e.what)
  }
}

function literal(c: Checker, e: ExprOf<'literal'>): Term | null {
  const { value } = e
  if (value === null) return c.report('null_refused', e)
  const type = typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'num'
  return { kind: 'literal', type, cls: 'K', value }
}

function boundsOf(e: Expr): { nodes: number; nesting: number } {
  let nodes = 1
  let nesting = 0
  for (const child of childrenOf(e)) {
    const inner = boundsOf(child)
    nodes += inner.nodes
    const depth = inner.nesting + (e.kind === 'macro' && child === e.body ? 1 : 0)
    nesting = Math.max(nesting, depth)
  }
  return { nodes, nesting: e.kind === 'macro' ? Math.max(nesting, 1) : nesting }
}

/** What one evaluation costs beside its operands, in steps of a comparison; calendars and patterns are dearer. */
const WEIGHTS: { readonly [kind in Term['kind']]?: number } = { business: 5, due: 5, step: 5, looked: 2 }

/** Most steps that one evaluation can take: a macro repeats its body for each element that its list may have. */
export function stepsOf(t: Term): number {
  if (t.kind !== 'macro')
    return termsIn(t).reduce(
      (sum, child) => sum + stepsOf(child),
      t.kind === 'tested' ? t.weight : (WEIGHTS[t.kind] ?? 1),
    )
  const most = isListType(t.list.type) ? t.list.type.max : 0
  return 1 + stepsOf(t.list) + most * stepsOf(t.body)
}
