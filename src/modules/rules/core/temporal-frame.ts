import type { FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { ArithmeticOp, CompareOp } from '../dialect/ast.ts'

/** CEL's error value: something that was read is missing or of the wrong type. && and || absorb it. */
export const FAULT = Symbol('fault')
export type Fault = typeof FAULT

export interface Row {
  readonly [field: string]: unknown
}
export type Value = boolean | number | string | Row | readonly unknown[] | Fault

/** Registers of one evaluation. Every Run leaves `until` and `slope` of the value that it returned. */
export interface Frame {
  facts: FactValues
  now: Instant
  /** The value is certain to hold for all instants in [now, until). */
  until: number
  /** The value is `returned + slope * now`; 0 for all but moving times. */
  slope: number
  /** List elements of the macros around, by depth. */
  readonly elements: unknown[]
}
export type Run = (x: Frame) => Value

export const frameAt = (facts: FactValues, now: Instant, elements: readonly unknown[] = []): Frame => ({
  facts,
  now,
  until: Number.POSITIVE_INFINITY,
  slope: 0,
  elements: [...elements],
})

/** A value that does not depend on now. */
export const steady =
  (read: (x: Frame) => Value): Run =>
  x => {
    x.until = Number.POSITIVE_INFINITY
    x.slope = 0
    return read(x)
  }

/** A function whose result can only change when an argument does; it faults when an argument faults. */
export const strict =
  (args: readonly Run[], f: (values: readonly Value[]) => Value): Run =>
  x => {
    let until = Number.POSITIVE_INFINITY
    let fault = false
    const values = args.map(arg => {
      const value = arg(x)
      until = Math.min(until, x.until)
      fault ||= value === FAULT
      return value
    })
    x.until = until
    x.slope = 0
    return fault ? FAULT : f(values)
  }

export const rowOf = (v: unknown): Row | null => (typeof v === 'object' && v !== null ? asRow(v) : null)
/** Safe: any object may be read by field name; what comes out is unknown. */
const asRow = (v: object): Row => v as Row

export const scalarOf = (v: unknown): Value =>
  typeof v === 'boolean' || typeof v === 'number' || typeof v === 'string' ? v : FAULT

/** Elements of lists are rows or scalars; anything else in a list is a fault where it is read. */
export const elementOf = (v: unknown): Value => rowOf(v) ?? scalarOf(v)

export function compared(op: CompareOp, a: Value, b: Value): Value {
  if (op === '==') return a === b
  if (op === '!=') return a !== b
  if (typeof a === 'number' && typeof b === 'number') return ordered(op, a, b)
  if (typeof a === 'string' && typeof b === 'string') return ordered(op, a, b)
  return FAULT
}

export function ordered<T extends number | string>(op: CompareOp, a: T, b: T): boolean {
  switch (op) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

export function calculated(op: ArithmeticOp, a: Value, b: Value): Value {
  if (op === '+' && typeof a === 'string' && typeof b === 'string') return a + b
  if (typeof a !== 'number' || typeof b !== 'number') return FAULT
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? FAULT : a / b
    case '%':
      return b === 0 ? FAULT : a % b
  }
}
