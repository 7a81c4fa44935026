import type { FactSchema, FactValues } from '../../contract/facts.ts'
import type { Instant } from '../../kernel/instant.ts'
import { conditionOf } from './core/temporal.ts'
import { checkRule } from './dialect/check.ts'
import type { Vocabulary } from './dialect/scope.ts'
import type { Term } from './dialect/term.ts'

/** One of the conditions that a rule joins with `&&`; an editor shows each as a row. */
export interface ConditionRow {
  /** Range of the rule's text. */
  readonly start: number
  readonly end: number
  holds(facts: FactValues, now: Instant): boolean
}

/** The rows of a condition, each to be asked by itself; null when the checker refuses it. */
export function conditionRows(when: string, schema: FactSchema, vocabulary: Vocabulary): ConditionRow[] | null {
  const checked = checkRule(when, schema, vocabulary)
  return checked.ok ? rowsOf(checked.term).map(term => rowOf(term, when.length)) : null
}

const rowsOf = (term: Term): readonly Term[] =>
  term.kind === 'junction' && term.op === '&&' ? term.operands.flatMap(rowsOf) : [term]

function rowOf(term: Term, length: number): ConditionRow {
  const condition = conditionOf(term)
  const { start, end } = term.span ?? { start: 0, end: length }
  return { start, end, holds: (facts, now) => condition(facts, now).value === true }
}
