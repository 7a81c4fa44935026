import type { FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { HasTarget, Term, TermOf } from '../dialect/term.ts'
import { crossing } from './crossing.ts'
import { lowerAscii, PAIRS, QUANTITIES, sizeOf, TEXT_TESTS } from './functions.ts'
import { businessRun, dueRun, type ReachTest, reached, reachTestOf, stepRun } from './temporal-clock.ts'
import {
  calculated,
  compared,
  elementOf,
  FAULT,
  type Fault,
  type Frame,
  frameAt,
  ordered,
  type Run,
  rowOf,
  scalarOf,
  steady,
  strict,
  type Value,
} from './temporal-frame.ts'
import { existsRun, junctionRun, strictMacroRun } from './temporal-lists.ts'

/** What a condition is at an instant, and until when that is certain (exclusive; Infinity for ever). */
export interface Certain {
  readonly value: boolean | Fault
  readonly until: number
}
export type Condition = (facts: FactValues, now: Instant) => Certain

/**
 * The reference evaluation of a checked condition: closures with CEL's full absorption of errors, so that facts which
 * break their schema give a fault and not an exception. `until` is a sound lower bound; `flipOf` makes it exact.
 * `elements` are the list elements around a condition that stands inside of list conditions.
 */
export function conditionOf(term: Term, elements: readonly unknown[] = []): Condition {
  const run = runOf(term)
  return (facts, now) => {
    const frame = frameAt(facts, now, elements)
    const value = run(frame)
    return { value: typeof value === 'boolean' ? value : FAULT, until: frame.until }
  }
}

export const HOPS = 256

/** The exact next instant at which `holds` changes by time alone; after 256 hops a needless but sound earlier one. */
export function flipOf(condition: Condition, facts: FactValues, now: Instant): number {
  const first = condition(facts, now)
  let until = first.until
  for (let hop = 0; hop < HOPS && until < Number.POSITIVE_INFINITY; hop++) {
    const then = condition(facts, until)
    if ((then.value === true) !== (first.value === true)) break
    until = then.until
  }
  return until
}

export function runOf(t: Term): Run {
  switch (t.kind) {
    case 'literal':
      return steady(() => t.value)
    case 'now':
      return nowRun
    case 'fact':
      return steady(x => scalarOf(rowOf(x.facts[t.root])?.[t.field]))
    case 'element':
      return elementRun(t)
    case 'list':
      return steady(x => listOf(x.facts[t.root]))
    case 'items':
      return strict(t.items.map(runOf), values => values)
    case 'has':
      return steady(x => isPresent(targetIn(t.target, x)))
    case 'not':
      return strict([runOf(t.operand)], ([v]) => (typeof v === 'boolean' ? !v : FAULT))
    case 'negate':
      return negateRun(runOf(t.operand))
    case 'junction':
      return junctionRun(t.operands.map(runOf), t.op === '||')
    case 'choice':
      return choiceRun(runOf(t.test), runOf(t.yes), runOf(t.no))
    case 'arithmetic':
      return t.cls === 'A'
        ? linearRun(t)
        : strict([runOf(t.left), runOf(t.right)], ([a, b]) => calculated(t.op, a!, b!))
    case 'compare':
      return compareRun(t)
    case 'in':
      return strict([runOf(t.item), runOf(t.list)], ([v, list]) => (Array.isArray(list) ? list.includes(v) : FAULT))
    case 'macro':
      return macroRun(t)
    case 'apply':
      return strict(t.args.map(runOf), values => applied(t, values))
    case 'business':
      return businessRun(t, [runOf(t.from), runOf(t.to)])
    case 'due':
      return dueRun(t, [runOf(t.from), runOf(t.by)])
    case 'step':
      return stepRun(t, runOf(t.of))
    case 'tested':
      return strict([runOf(t.of)], ([v]) => (typeof v === 'string' ? t.test(v) : FAULT))
    case 'looked':
      return strict([runOf(t.key)], ([v]) => (typeof v === 'string' ? t.find(v) : FAULT))
  }
}

const nowRun: Run = x => {
  x.until = Number.POSITIVE_INFINITY
  x.slope = 1
  return 0
}

const listOf = (v: unknown): Value => (Array.isArray(v) ? v.map(elementOf) : FAULT)
const isPresent = (v: unknown): boolean => v !== undefined && v !== null

const targetIn = (target: HasTarget, x: Frame): unknown =>
  target.kind === 'fact' ? rowOf(x.facts[target.root])?.[target.field] : rowOf(x.elements[target.depth])?.[target.field]

function elementRun({ depth, field }: TermOf<'element'>): Run {
  if (field === null) return steady(x => scalarOf(x.elements[depth]))
  return steady(x => scalarOf(rowOf(x.elements[depth])?.[field]))
}

const negateRun =
  (operand: Run): Run =>
  x => {
    const value = operand(x)
    x.slope = -x.slope
    return typeof value === 'number' ? -value : FAULT
  }

/** The branch that is not taken does not matter, so only the test and the taken branch bound the horizon. */
const choiceRun =
  (test: Run, yes: Run, no: Run): Run =>
  x => {
    const chosen = test(x)
    const until = x.until
    x.slope = 0
    if (typeof chosen !== 'boolean') return FAULT
    const value = (chosen ? yes : no)(x)
    x.until = Math.min(until, x.until)
    return value
  }

/** Sums, differences and multiples of moving times: the slopes add or scale as the values do. */
function linearRun(t: TermOf<'arithmetic'>): Run {
  const left = runOf(t.left)
  const right = runOf(t.right)
  return x => {
    const a = left(x)
    const { until, slope } = x
    const b = right(x)
    x.until = Math.min(until, x.until)
    const value = calculated(t.op, a, b)
    if (typeof a !== 'number' || typeof b !== 'number') x.slope = 0
    else if (t.op === '*') x.slope = t.left.cls === 'A' ? slope * b : x.slope * a
    else x.slope = t.op === '+' ? slope + x.slope : slope - x.slope
    return value
  }
}

function compareRun(t: TermOf<'compare'>): Run {
  const left = runOf(t.left)
  const right = runOf(t.right)
  if (t.left.cls !== 'A' && t.right.cls !== 'A') {
    return strict([left, right], ([a, b]) => compared(t.op, a!, b!))
  }
  const reach = reachTestOf(t)
  if (reach) return reachRun(reach)
  return x => {
    const a = left(x)
    const { until, slope } = x
    const b = right(x)
    const k = slope - x.slope
    x.until = Math.min(until, x.until)
    x.slope = 0
    if (typeof a !== 'number' || typeof b !== 'number') return FAULT
    x.until = Math.min(x.until, crossing(t.op, { c: a - b, k }, x.now))
    return ordered(t.op, a - b + k * x.now, 0)
  }
}

function reachRun(test: ReachTest): Run {
  const [anchor, limit] = [runOf(test.anchor), runOf(test.limit)]
  return x => {
    const [from, at] = [anchor(x), limit(x)]
    x.slope = 0
    x.until = Number.POSITIVE_INFINITY
    if (typeof from !== 'number' || typeof at !== 'number') return FAULT
    const horizon = reached(test, { anchor: from, limit: test.negated ? -at : at, now: x.now })
    x.until = Math.abs(horizon)
    return horizon > 0
  }
}

function macroRun(t: TermOf<'macro'>): Run {
  const parts = { list: runOf(t.list), body: runOf(t.body), depth: t.depth }
  if (t.macro === 'exists' || t.macro === 'all') return existsRun(parts, t.macro === 'exists')
  return strictMacroRun(parts, t.macro)
}

function applied({ fn }: TermOf<'apply'>, [a, b]: readonly Value[]): Value {
  switch (fn) {
    case 'size':
      return typeof a === 'string' ? sizeOf(a) : Array.isArray(a) ? a.length : FAULT
    case 'lowerAscii':
      return typeof a === 'string' ? lowerAscii(a) : FAULT
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return typeof a === 'string' && typeof b === 'string' ? TEXT_TESTS[fn](a, b) : FAULT
    case 'min':
    case 'max':
      return typeof a === 'number' && typeof b === 'number' ? PAIRS[fn](a, b) : FAULT
    default:
      return typeof a === 'number' ? QUANTITIES[fn](a) : FAULT
  }
}
