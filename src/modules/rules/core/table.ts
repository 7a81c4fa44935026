import type { FactSchema, FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Calendars } from '../dialect/scope.ts'
import type {
  Decision,
  DecisionResult,
  DecisionTable,
  Evidence,
  OutputValue,
  ScalarValue,
  TableDef,
  TableOutput,
  TableReasons,
} from '../types.ts'
import type { Evaluate, EvaluatorOf } from './evaluator.ts'
import { evidenceOf } from './evidence.ts'
import { type CheckedRow, checkTable } from './table-check.ts'
import { TableRefused } from './table-problem.ts'
import { conditionOf, HOPS } from './temporal.ts'

export interface TableOptions {
  readonly evaluatorOf: EvaluatorOf
  readonly calendars?: Calendars
}

/** Checks and compiles a table. Throws TableRefused with every problem of every cell. */
export function tableOf(def: TableDef, schema: FactSchema, options: TableOptions): DecisionTable {
  const { rows, otherwise, problems } = checkTable(def, schema, options.calendars)
  if (problems.length > 0) throw new TableRefused(def.id, problems)
  const { evaluate } = options.evaluatorOf(rows.map(row => row.term))
  const engine: Engine = { def, rows, otherwise, evaluate, out: new Float64Array(rows.length) }
  return {
    def,
    decide: (facts, now) => decide(engine, facts, now),
    changesAt: (facts, now) => changesAt(engine, facts, now),
    reasons: (facts, now) => reasons(engine, facts, now),
    givenBy: row => resultOf(def, rows[row]!.values),
  }
}

interface Engine {
  readonly def: TableDef
  readonly rows: readonly CheckedRow[]
  readonly otherwise: readonly (ScalarValue | null)[] | null
  readonly evaluate: Evaluate
  /** Signed horizons of the rows, used again by each call: nothing of it is kept. */
  readonly out: Float64Array
}

function decide(engine: Engine, facts: FactValues, now: Instant): Decision {
  const earliest = engine.evaluate(facts, now, engine.out)
  const { def, out } = engine
  const first = def.policy === 'first'
  const hits = hitsIn(out, first)
  return {
    rows: def.policy === 'unique' ? hits.slice(0, 1) : hits,
    values: valuesOf(engine, hits),
    conflict: def.policy === 'unique' && hits.length > 1,
    until: first && hits.length > 0 ? earliestUpTo(out, hits[0]!) : earliest,
  }
}

/** Rows below the one that hit first do not matter. */
function earliestUpTo(out: Float64Array, last: number): number {
  let earliest = Number.POSITIVE_INFINITY
  for (let i = 0; i <= last; i++) earliest = Math.min(earliest, Math.abs(out[i]!))
  return earliest
}

function hitsIn(out: Float64Array, firstOnly: boolean): number[] {
  const hits: number[] = []
  for (let i = 0; i < out.length; i++) {
    if (!(out[i]! > 0)) continue
    hits.push(i)
    if (firstOnly) break
  }
  return hits
}

function valuesOf({ def, rows, otherwise }: Engine, hits: readonly number[]): Decision['values'] {
  const values: { [output: string]: OutputValue } = {}
  def.outputs.forEach((output, i) => {
    if (hits.length === 0) values[output.id] = otherwise?.[i] ?? null
    else if (def.policy !== 'collect') values[output.id] = rows[hits[0]!]!.values[i]!
    else
      values[output.id] = collected(
        output,
        hits.map(hit => rows[hit]!.values[i]!),
      )
  })
  return values
}

/** Rows that leave an output empty say nothing about it. */
function collected({ collect = 'list' }: TableOutput, all: readonly (ScalarValue | null)[]): OutputValue {
  const values = all.filter(v => v !== null)
  const numbers = values.filter(v => typeof v === 'number')
  switch (collect) {
    case 'list':
      return values
    case 'count':
      return values.length
    case 'sum':
      return numbers.reduce((a, b) => a + b, 0)
    case 'min':
      return numbers.length === 0 ? null : Math.min(...numbers)
    case 'max':
      return numbers.length === 0 ? null : Math.max(...numbers)
  }
}

function changesAt(engine: Engine, facts: FactValues, now: Instant): Instant | null {
  const before = decide(engine, facts, now)
  let { until } = before
  for (let hop = 0; hop < HOPS && until < Number.POSITIVE_INFINITY; hop++) {
    const then = decide(engine, facts, until)
    const same = then.rows.length === before.rows.length && then.rows.every((row, i) => row === before.rows[i])
    if (!same || then.conflict !== before.conflict) break
    until = then.until
  }
  return until === Number.POSITIVE_INFINITY ? null : until
}

const resultOf = ({ outputs }: TableDef, values: readonly (ScalarValue | null)[]): DecisionResult =>
  Object.fromEntries(outputs.map((output, i) => [output.id, values[i] ?? null]))

/** On the closures: nobody waits for it, and cells alone have no code of their own. */
function reasons({ rows }: Engine, facts: FactValues, now: Instant): TableReasons {
  const unmet = rows.map(({ cells }) =>
    cells.flatMap((cell, column) => (conditionOf(cell)(facts, now).value === true ? [] : [column])),
  )
  const seen: Evidence[] = rows.map(({ term }) => evidenceOf(term)(facts, now))
  return { unmet, evidence: Object.assign({}, ...seen) as Evidence }
}
