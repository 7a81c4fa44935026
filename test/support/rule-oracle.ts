import type { FactValues } from '../../src/contract/facts.ts'
import type { ArithmeticOp, CompareOp, Expr, ExprOf } from '../../src/modules/rules/dialect/ast.ts'

/**
 * The meaning of the dialect, written a second time and as plainly as can be: one instant, no horizons, no types, straight
 * from the parsed text. Tests compare the compilers with it at every tick; nothing else uses it.
 */
export const ERROR = Symbol('error')
type Env = { readonly facts: FactValues; readonly now: number; readonly vars: { readonly [name: string]: unknown } }

export function meaningOf(e: Expr, env: Env): unknown {
  switch (e.kind) {
    case 'literal':
      return e.value
    case 'name':
      return e.name === 'now'
        ? env.now
        : present(Object.hasOwn(env.vars, e.name) ? env.vars[e.name] : env.facts[e.name])
    case 'field':
      return fieldOf(meaningOf(e.object, env), e.field)
    case 'has':
      return e.target.kind === 'field' && fieldOf(meaningOf(e.target.object, env), e.target.field) !== ERROR
    case 'not':
      return typed(meaningOf(e.operand, env), 'boolean', v => !v)
    case 'negate':
      return typed(meaningOf(e.operand, env), 'number', v => -Number(v))
    case 'junction':
      return junction(
        e.operands.map(o => meaningOf(o, env)),
        e.op === '||',
      )
    case 'choice': {
      const test = meaningOf(e.test, env)
      return test === true ? meaningOf(e.yes, env) : test === false ? meaningOf(e.no, env) : ERROR
    }
    case 'arithmetic':
      return arithmetic(e.op, meaningOf(e.left, env), meaningOf(e.right, env))
    case 'compare':
      return compare(e.op, meaningOf(e.left, env), meaningOf(e.right, env))
    case 'list':
      return e.items.map(i => meaningOf(i, env))
    case 'in': {
      const [item, list] = [meaningOf(e.item, env), meaningOf(e.list, env)]
      return item === ERROR || !Array.isArray(list) || list.includes(ERROR) ? ERROR : list.includes(item)
    }
    case 'macro':
      return macro(e, env)
    case 'call':
      return call(e, env)
    case 'other':
      return ERROR
  }
}

const present = (v: unknown): unknown => (v === undefined || v === null ? ERROR : v)

function fieldOf(object: unknown, field: string): unknown {
  const entry = typeof object === 'object' && object !== null ? Object.entries(object).find(([k]) => k === field) : null
  return present(entry?.[1])
}

const typed = (v: unknown, type: 'boolean' | 'number', f: (v: unknown) => unknown): unknown =>
  typeof v === type ? f(v) : ERROR

function junction(values: readonly unknown[], dominant: boolean): unknown {
  if (values.includes(dominant)) return dominant
  return values.some(v => typeof v !== 'boolean') ? ERROR : !dominant
}

function arithmetic(op: ArithmeticOp, a: unknown, b: unknown): unknown {
  if (typeof a !== 'number' || typeof b !== 'number') return ERROR
  const results = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b }
  return results[op]
}

function compare(op: CompareOp, a: unknown, b: unknown): unknown {
  if (a === ERROR || b === ERROR) return ERROR
  if (op === '==') return a === b
  if (op === '!=') return a !== b
  if (typeof a === 'string' && typeof b === 'string') return order(op, a < b ? -1 : a > b ? 1 : 0)
  return typeof a === 'number' && typeof b === 'number' ? order(op, a - b) : ERROR
}

function order(op: CompareOp, difference: number): boolean {
  if (op === '<') return difference < 0
  if (op === '<=') return difference <= 0
  return op === '>' ? difference > 0 : difference >= 0
}

function macro(e: ExprOf<'macro'>, env: Env): unknown {
  const list = meaningOf(e.list, env)
  if (!Array.isArray(list)) return ERROR
  const values = list.map(element => meaningOf(e.body, { ...env, vars: { ...env.vars, [e.variable]: element } }))
  if (e.macro === 'exists' || e.macro === 'all') return junction(values, e.macro === 'exists')
  if (e.macro === 'sum') return values.reduce((a, b) => arithmetic('+', a, b), 0)
  if (values.some(v => typeof v !== 'boolean')) return ERROR
  const kept = list.filter((_, i) => values[i] === true)
  return e.macro === 'filter' ? kept : kept.length === 1
}

function call(e: ExprOf<'call'>, env: Env): unknown {
  const values = e.args.map(a => meaningOf(a, env))
  if (values.includes(ERROR)) return ERROR
  const [a, b] = values
  if (e.name === 'duration') return Number.parseInt(String(a), 10)
  if (e.name === 'size') return Array.isArray(a) || typeof a === 'string' ? a.length : ERROR
  if (e.name === 'minor') return a
  if (typeof a === 'number') {
    if (e.name === 'abs') return a < 0 ? -a : a
    if (typeof b !== 'number') return ERROR
    if (e.name === 'min') return Math.min(a, b)
    return e.name === 'max' ? Math.max(a, b) : ERROR
  }
  return e.name === 'contains' && typeof a === 'string' && typeof b === 'string' ? a.includes(b) : ERROR
}
