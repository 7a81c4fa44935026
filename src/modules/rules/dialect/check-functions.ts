import { DAY, HOUR, MINUTE } from '../../../kernel/instant.ts'
import type { ExprOf } from './ast.ts'
import { CLOCK_FUNCTIONS, clockCheck } from './check-clock.ts'
import { TEXT_FUNCTIONS, textCheck } from './check-texts.ts'
import { durationOf, instantOf } from './moments.ts'
import { type Checker, type Scope, stepped } from './scope.ts'
import { type FunctionName, isListType, type ScalarValue, type Term, type TermType } from './term.ts'

interface FunctionSpec {
  readonly usage: string
  readonly form: 'call' | 'method' | 'both'
  /** Result type for these arguments, null when they do not fit. */
  readonly type: (args: readonly TermType[]) => TermType | null
  /** Value for literal arguments; null when it has none. */
  readonly fold?: (arg: ScalarValue) => ScalarValue | null
}

const quantities: readonly TermType[] = ['num', 'money', 'dur']
const one = (from: TermType, to: TermType) => (args: readonly TermType[]) =>
  args.length === 1 && args[0] === from ? to : null
const twoTexts = ([a, b, ...more]: readonly TermType[]): TermType | null =>
  a === 'string' && b === 'string' && more.length === 0 ? 'bool' : null
const larger = ([a, b, ...more]: readonly TermType[]): TermType | null =>
  a !== undefined && a === b && (a === 'time' || quantities.includes(a)) && more.length === 0 ? a : null
const sized = ([a, ...more]: readonly TermType[]): TermType | null =>
  a !== undefined && (a === 'string' || isListType(a)) && more.length === 0 ? 'num' : null
const spanOf = (unit: number) => (n: ScalarValue) => Math.round(Number(n) * unit)

const FUNCTIONS: { readonly [name in FunctionName]: FunctionSpec } = {
  size: { usage: 'size(parcels)', form: 'both', type: sized },
  abs: {
    usage: 'abs(order.itemsTotal - order.paidTotal)',
    form: 'call',
    type: ([a, ...more]) => (a && quantities.includes(a) && more.length === 0 ? a : null),
  },
  min: { usage: 'min(a, b)', form: 'call', type: larger },
  max: { usage: 'max(a, b)', form: 'call', type: larger },
  contains: { usage: "order.channel.contains('shop')", form: 'method', type: twoTexts },
  startsWith: { usage: "order.channel.startsWith('shop')", form: 'method', type: twoTexts },
  endsWith: { usage: "order.channel.endsWith('shop')", form: 'method', type: twoTexts },
  lowerAscii: { usage: 'order.channel.lowerAscii()', form: 'method', type: one('string', 'string') },
  days: { usage: 'days(2)', form: 'call', type: one('num', 'dur'), fold: spanOf(DAY) },
  hours: { usage: 'hours(24)', form: 'call', type: one('num', 'dur'), fold: spanOf(HOUR) },
  minutes: { usage: 'minutes(30)', form: 'call', type: one('num', 'dur'), fold: spanOf(MINUTE) },
  minor: { usage: 'minor(100)', form: 'call', type: one('num', 'money'), fold: n => Math.round(Number(n)) },
}
export const FUNCTION_NAMES: readonly string[] = [
  ...Object.keys(FUNCTIONS),
  ...CLOCK_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  'duration',
  'timestamp',
  'has',
  'exists',
  'all',
  'exists_one',
  'filter',
  'sum',
]

export function checkCall(c: Checker, e: ExprOf<'call'>, scope: Scope): Term | null {
  if (e.name === 'duration' || e.name === 'timestamp') return moment(c, e)
  const special = clockCheck(e.name) ?? textCheck(e.name)
  if (special) return special(c, e, scope)
  const args = e.args.map(arg => c.term(arg, scope))
  if (!isFunction(e.name)) return c.report('unknown_function', e, e.name, FUNCTION_NAMES.join(', '))
  const known = args.filter(arg => arg !== null)
  if (known.length < args.length) return null
  return applied(c, e, e.name, known)
}

function applied(c: Checker, e: ExprOf<'call'>, fn: FunctionName, args: readonly Term[]): Term | null {
  const spec = FUNCTIONS[fn]
  const wrongForm = spec.form !== 'both' && (spec.form === 'method') !== e.method
  const type = wrongForm ? null : spec.type(args.map(arg => arg.type))
  if (!type) return c.report('wrong_arguments', e, fn, spec.usage)
  if (args.some(arg => arg.cls === 'A')) return c.report('now_not_allowed', e, `${fn}()`)
  const [only] = args
  if (spec.fold && only?.kind === 'literal') {
    const value = spec.fold(only.value)
    if (value === null || !Number.isSafeInteger(value)) return c.report('wrong_arguments', e, fn, spec.usage)
    return { kind: 'literal', type, cls: 'K', value }
  }
  return { kind: 'apply', type, cls: stepped(...args.map(arg => arg.cls)), fn, args }
}

/** duration('24h') and timestamp('...') take a text that is written in the rule, and are computed here once. */
function moment(c: Checker, e: ExprOf<'call'>): Term | null {
  const isDuration = e.name === 'duration'
  const [arg, ...more] = e.args
  const text = arg?.kind === 'literal' && typeof arg.value === 'string' && more.length === 0 ? arg.value : null
  const value = text === null ? null : isDuration ? durationOf(text) : instantOf(text)
  if (value === null) return c.report(isDuration ? 'bad_duration' : 'bad_timestamp', e, text ?? '?')
  return { kind: 'literal', type: isDuration ? 'dur' : 'time', cls: 'K', value }
}

const isFunction = (name: string): name is FunctionName => Object.hasOwn(FUNCTIONS, name)
