import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js'
import {
  getConformanceSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js'
import { checkRule } from '../dialect/check.ts'
import type { RefusalCode } from '../dialect/refusal.ts'
import { ruleOf } from '../fixtures.ts'
import type { Constant, Constants } from '../types.ts'
import { compileBook } from './compile.ts'

// The conformance suite of CEL (google/cel-spec) against our checker and both engines. A rule is a condition, so each test
// becomes one: the expression compared with the value that it must have. What the dialect leaves out is refused, and every
// code by which that happens has its reason here; an accepted expression with another value than CEL's is a failure.

const LEFT_OUT: { readonly [code in RefusalCode]?: string } = {
  not_supported:
    'no maps, indexes, bytes, unsigned or 64-bit integers, empty literals, map(): facts are records and lists',
  unknown_name: 'no extension libraries with namespaces (math, base64, cel.bind), enums or types as values',
  unknown_function:
    'no dyn() and no conversions: every fact has its declared type; no splitting and formatting of texts',
  syntax: 'no messages, no optional types (.?), no backquoted names: facts are declared',
  null_refused: 'null and missing are one thing, asked for with has()',
  wrong_type: 'no order of true and false, no comparison or concatenation of lists, no lists of mixed types',
  unit_mismatch: 'the two sides of a choice have one type',
  divisor_not_constant: 'division by what may be zero is a run-time error in CEL; rules have none',
  bad_timestamp: 'times are milliseconds from 1970 to 2199, written in quotes',
  bad_duration: 'lengths of time are milliseconds, written in quotes',
}

/** How many tests of each group are accepted and right, at least: fewer means that the dialect lost something. */
const RIGHT: { readonly [group: string]: number } = {
  basic: 25,
  comparisons: 92,
  conversions: 11,
  dynamic: 25,
  fields: 12,
  fp_math: 27,
  integer_math: 49,
  lists: 11,
  logic: 21,
  macros: 19,
  macros2: 8,
  parse: 88,
  plumbing: 3,
  string: 44,
  string_ext: 56,
  timestamps: 63,
}

type Outcome = 'right' | 'not a condition' | RefusalCode | `differs: ${string}`

describe('the conformance suite of CEL', () => {
  for (const group of getConformanceSuite().suites) {
    if (RIGHT[group.name] === undefined) continue
    it(`${group.name}: what is accepted has the value that CEL says`, t => {
      const outcomes = testsIn(group).map(test => ({ test, outcome: outcomeOf(test) }))
      const of = (is: (o: Outcome) => boolean) => outcomes.filter(o => is(o.outcome))
      const shown = (list: typeof outcomes) => list.map(o => `${o.test.name}: ${o.test.original.expr} (${o.outcome})`)
      assert.deepEqual(shown(of(o => o.startsWith('differs'))), [])
      const unexplained = of(
        o => o !== 'right' && o !== 'not a condition' && !o.startsWith('differs') && !Object.hasOwn(LEFT_OUT, o),
      )
      assert.deepEqual(shown(unexplained), [])
      const right = of(o => o === 'right').length
      t.diagnostic(`${right} right, ${outcomes.length - right} left out`)
      assert.ok(right >= RIGHT[group.name]!, `${right} right`)
    })
  }
})

const testsIn = ({ suites, tests }: IncrementalTestSuite): IncrementalTest[] => [...suites.flatMap(testsIn), ...tests]

function outcomeOf({ original }: IncrementalTest): Outcome {
  const { expr, resultMatcher, bindings, disableMacros, checkOnly, typeEnv } = original
  const constants: { [name: string]: Constant } = {}
  for (const [name, bound] of Object.entries(bindings)) {
    const constant = bound.kind.case === 'value' ? constantOf(bound.kind.value) : null
    if (!constant) return 'not a condition'
    constants[name] = constant
  }
  if (disableMacros || checkOnly || typeEnv.some(d => d.declKind.case !== 'ident')) return 'not a condition'
  if (resultMatcher.case === 'evalError' || resultMatcher.case === 'anyEvalErrors') return errs(expr, constants)
  const wanted = resultMatcher.case === 'typedResult' ? resultMatcher.value.result : resultMatcher.value
  const text = conditionFor(expr, wanted)
  return text === null ? 'not a condition' : holds(text, constants)
}

const label = { zh: '值', en: 'value' }

/** A variable of the suite as a constant of a rule. */
function constantOf({ kind }: Value): Constant | null {
  switch (kind.case) {
    case 'boolValue':
      return { type: 'bool', value: kind.value, label }
    case 'stringValue':
      return { type: 'string', value: kind.value, label }
    case 'int64Value':
    case 'doubleValue':
      return { type: 'num', value: Number(kind.value), label }
    default:
      return null
  }
}

/** A condition that is true exactly when the expression has the value; null for values that no condition can be on. */
function conditionFor(expr: string, wanted: unknown): string | null {
  if (wanted === undefined) return expr
  const kind = isValue(wanted) ? wanted.kind : null
  switch (kind?.case) {
    case 'boolValue':
      return kind.value ? expr : `!(${expr})`
    case 'stringValue':
      return `(${expr}) == ${JSON.stringify(kind.value)}`
    case 'int64Value':
    case 'doubleValue':
      return Number.isFinite(Number(kind.value)) ? `(${expr}) == ${Number(kind.value)}` : null
    default:
      return null
  }
}

const isValue = (x: unknown): x is Value =>
  typeof x === 'object' && x !== null && '$typeName' in x && x.$typeName === 'cel.expr.Value'

function holds(text: string, constants: Constants): Outcome {
  const checked = checkRule(text, {}, { constants })
  if (!checked.ok) return checked.refusals[0]!.code
  const failed = (['closures', 'generated'] as const).filter(engine => !valueOn(text, constants, engine))
  return failed.length === 0 ? 'right' : `differs: ${failed.join(' and ')}`
}

const valueOn = (text: string, constants: Constants, engine: 'closures' | 'generated'): boolean =>
  compileBook([ruleOf(text, { constants })], {}, { engine }).next({}, 0).holds[0] === 1

/** Where CEL has an error, a rule is refused, or holds neither as it is nor negated. */
function errs(expr: string, constants: Constants): Outcome {
  const texts = [expr, `!(${expr})`].filter(text => checkRule(text, {}, { constants }).ok)
  return texts.some(text => valueOn(text, constants, 'closures')) ? 'differs: no error' : 'right'
}
