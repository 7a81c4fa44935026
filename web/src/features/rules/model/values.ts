import type { ScalarType } from '../../../../../src/contract/facts.ts'
import { type Expr, parse, print, spanValue } from '../../../../../src/modules/rules/browser.ts'

/** Values of a condition as boxes show them, and back. */

const at = { start: 0, end: 0 }
const literal = (value: string | number | boolean): Expr => ({ kind: 'literal', value, ...at })
const call = (name: string, ...args: (string | number)[]): Expr => ({
  ...{ kind: 'call', name, method: false, args: args.map(literal) },
  ...at,
})

export type SpanUnit = 'minutes' | 'hours' | 'days'
export const SPAN_UNITS: readonly SpanUnit[] = ['minutes', 'hours', 'days']

/** What a box can show of a value. */
export type Shown =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'truth'; readonly value: boolean }
  | { readonly is: 'span'; readonly amount: number; readonly unit: SpanUnit }
  /** Null as currency: minor units of whatever currency the order has. */
  | { readonly is: 'money'; readonly amount: string; readonly currency: string | null }
  | { readonly is: 'time'; readonly at: number }
  | { readonly is: 'list'; readonly values: readonly (string | number)[] }
  /** A constant or another field: shown by its name. */
  | { readonly is: 'named'; readonly text: string }
  | { readonly is: 'written'; readonly text: string }

const written = (e: Expr): Shown => ({ is: 'written', text: print(e) })

export function shownOf(e: Expr, type: ScalarType): Shown {
  switch (e.kind) {
    case 'literal':
      return literalShown(e.value, type)
    case 'name':
    case 'field':
      return { is: 'named', text: print(e) }
    case 'list':
      return listShown(e.items) ?? written(e)
    case 'call':
      return callShown(e.name, literalsOf(e.args)) ?? written(e)
    default:
      return written(e)
  }
}

function literalShown(value: string | number | boolean | null, type: ScalarType): Shown {
  if (typeof value === 'string') return { is: 'text', value }
  if (typeof value === 'boolean') return { is: 'truth', value }
  if (type === 'money' && value !== null) return { is: 'money', amount: String(value), currency: null }
  return { is: 'number', value: value ?? 0 }
}

const literalsOf = (args: readonly Expr[]): (string | number | null)[] =>
  args.map(a => (a.kind === 'literal' && typeof a.value !== 'boolean' ? a.value : null))

function listShown(items: readonly Expr[]): Shown | null {
  const values = literalsOf(items).filter(v => v !== null)
  return values.length === items.length ? { is: 'list', values } : null
}

function callShown(name: string, args: readonly (string | number | null)[]): Shown | null {
  const [first, second] = args
  const unit = SPAN_UNITS.find(u => u === name)
  if (unit && typeof first === 'number') return { is: 'span', amount: first, unit }
  if (name === 'duration' && typeof first === 'string') return durationShown(first)
  if (name === 'minor' && typeof first === 'number') return { is: 'money', amount: String(first), currency: null }
  if (name === 'money' && first != null && typeof second === 'string')
    return { is: 'money', amount: String(first), currency: second }
  if (name === 'timestamp' && typeof first === 'string') {
    const instant = Date.parse(first)
    return Number.isNaN(instant) ? null : { is: 'time', at: instant }
  }
  return null
}

const PLAIN_DURATION = /^(\d+)(h|m)$/

function durationShown(text: string): Shown | null {
  const [, amount, unit] = PLAIN_DURATION.exec(text) ?? []
  return amount === undefined ? null : { is: 'span', amount: Number(amount), unit: unit === 'h' ? 'hours' : 'minutes' }
}

/** The value that a box means; null while what stands in it is none. */
export function valueIn(shown: Shown): Expr | null {
  switch (shown.is) {
    case 'number':
      return Number.isFinite(shown.value) ? literal(shown.value) : null
    case 'text':
    case 'truth':
      return literal(shown.value)
    case 'span':
      return Number.isFinite(shown.amount) ? spanValue(shown.amount, shown.unit) : null
    case 'money':
      return moneyValue(shown.amount, shown.currency)
    case 'time':
      return Number.isFinite(shown.at) ? call('timestamp', new Date(shown.at).toISOString()) : null
    case 'list':
      return { kind: 'list', items: shown.values.map(literal), ...at }
    case 'named':
    case 'written': {
      const parsed = parse(shown.text)
      return parsed.ok ? parsed.expr : null
    }
  }
}

function moneyValue(amount: string, currency: string | null): Expr | null {
  const text = amount.trim().replaceAll(',', '')
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null
  if (currency !== null) return call('money', text, currency)
  return Number.isSafeInteger(Number(text)) ? call('minor', Number(text)) : null
}

/** The first value of a new row about an amount: people think in units of a currency, not in its hundredths. */
export const firstMoney = (currency: string): Expr => call('money', '100', currency)

const COMMAS = /[,\uff0c\u3001\n]/

/** The values that a box lists, with commas of either language between them. */
export function valuesIn(text: string, type: ScalarType): (string | number)[] | null {
  const parts = text.split(COMMAS).map(part => part.trim())
  const values = parts.filter(part => part !== '')
  if (type !== 'num') return values
  const numbers = values.map(Number)
  return numbers.every(Number.isFinite) ? numbers : null
}
