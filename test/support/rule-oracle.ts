import type { FactValues } from '../../src/contract/facts.ts'
import { MAX_INSTANT, MIN_INSTANT } from '../../src/kernel/instant.ts'
import type { ArithmeticOp, CompareOp, Expr, ExprOf } from '../../src/modules/rules/dialect/ast.ts'
import type { Constants } from '../../src/modules/rules/types.ts'

/**
 * The meaning of the dialect, written a second time and as plainly as can be: one instant, no horizons, no types, straight
 * from the parsed text. Tests compare the compilers with it at every tick; nothing else uses it.
 */
export const ERROR = Symbol('error')
export interface Env {
  readonly facts: FactValues
  readonly now: number
  readonly vars: { readonly [name: string]: unknown }
  readonly constants?: Constants
  /** Whether a calendar is open at an instant, and whether its day is worked. */
  readonly isOpen?: (calendar: string, at: number) => boolean
  readonly isWorked?: (calendar: string, at: number) => boolean
  /** Open time between two instants, where counting tick by tick would take too long. */
  readonly elapsed?: (calendar: string, from: number, to: number) => number
  /** Milliseconds by which a zone's clocks are ahead; UTC when it is not given. */
  readonly offset?: (zone: string, at: number) => number
}

export function meaningOf(e: Expr, env: Env): unknown {
  switch (e.kind) {
    case 'literal':
      return e.value
    case 'name':
      return e.name === 'now'
        ? env.now
        : present(Object.hasOwn(env.vars, e.name) ? env.vars[e.name] : (env.facts[e.name] ?? listNamed(e.name, env)))
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

function listNamed(name: string, { constants = {} }: Env): unknown {
  const constant = constants[name]
  return constant?.type === 'lookup' ? undefined : constant?.value
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
  if (e.name === 'lookup') return lookedUp(e, env)
  const values = e.args.map(a => meaningOf(a, env))
  if (values.includes(ERROR)) return ERROR
  const [a, b] = values
  const clocked = clock(e, values, env)
  if (clocked !== undefined) return clocked
  if (e.name === 'containsAny') return Array.isArray(b) && typeof a === 'string' ? b.some(w => a.includes(w)) : ERROR
  if (e.name === 'matches') return typeof a === 'string' ? new RegExp(String(b)).test(a) : ERROR
  if (e.name === 'duration') return Number.parseInt(String(a), 10)
  if (e.name === 'size') return Array.isArray(a) || typeof a === 'string' ? a.length : ERROR
  if (e.name === 'minor') return a
  if (e.name === 'days') return Number(a) * 86_400_000
  if (e.name === 'hours') return Number(a) * 3_600_000
  if (e.name === 'minutes') return Number(a) * 60_000
  if (typeof a === 'number') {
    if (e.name === 'abs') return a < 0 ? -a : a
    if (typeof b !== 'number') return ERROR
    if (e.name === 'min') return Math.min(a, b)
    return e.name === 'max' ? Math.max(a, b) : ERROR
  }
  if (e.name === 'startsWith') return typeof a === 'string' ? a.startsWith(String(b)) : ERROR
  return e.name === 'contains' && typeof a === 'string' && typeof b === 'string' ? a.includes(b) : ERROR
}

function lookedUp(e: ExprOf<'call'>, env: Env): unknown {
  const [name, key] = e.args
  const table = name?.kind === 'name' ? env.constants?.[name.name] : undefined
  const value = key && meaningOf(key, env)
  if (table?.type !== 'lookup' || typeof value !== 'string') return ERROR
  return Object.hasOwn(table.value, value) ? table.value[value] : table.otherwise
}

/** Functions of clocks and calendars; undefined for others. Business time is counted tick by tick. */
function clock(e: ExprOf<'call'>, [a, b, c]: readonly unknown[], env: Env): unknown {
  const { isOpen = () => false, isWorked = () => false, offset = () => 0 } = env
  if (e.name === 'businessElapsed') {
    if (typeof a !== 'number' || typeof b !== 'number') return ERROR
    if (env.elapsed) return env.elapsed(String(c), a, b)
    let sum = 0
    for (let x = Math.min(a, b); x < Math.max(a, b); x++) if (isOpen(String(c), x)) sum++
    return b < a ? -sum : sum
  }
  if (e.name === 'businessAdd') {
    if (typeof a !== 'number' || typeof b !== 'number') return ERROR
    let x = a
    let left = Math.abs(b)
    for (; left > 0 && Math.abs(x - a) < 1000; x += Math.sign(b)) if (isOpen(String(c), b > 0 ? x : x - 1)) left--
    return left === 0 ? x : b > 0 ? MAX_INSTANT : MIN_INSTANT
  }
  if (e.name === 'isBusinessTime') return typeof a === 'number' ? isOpen(String(b), a) : ERROR
  if (e.name === 'isWorkday') return typeof a === 'number' ? isWorked(String(b), a) : ERROR
  if (!/^get[A-Z]/.test(e.name)) return undefined
  if (typeof a !== 'number') return ERROR
  // Without types a length of time looks like a time; rules that are tried with this oracle name the zone of a time.
  if (e.name === 'getHours' && b === undefined) return Math.trunc(a / 3_600_000)
  const date = new Date(a + offset(String(b ?? 'UTC'), a))
  if (e.name === 'getHours') return date.getUTCHours()
  if (e.name === 'getDayOfWeek') return date.getUTCDay()
  return e.name === 'getDate' ? date.getUTCDate() : ERROR
}
