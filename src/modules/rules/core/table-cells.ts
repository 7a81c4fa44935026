import type { ScalarType } from '../../../contract/facts.ts'
import { minorOf } from '../dialect/check-texts.ts'
import { durationOf, instantOf } from '../dialect/moments.ts'
import type { Constants, ScalarValue } from '../types.ts'

/** What a cell is a test of. */
export interface Column {
  /** In brackets where it needs them. */
  readonly expr: string
  readonly type: ScalarType
  readonly currency?: string
  readonly constants: Constants
  /** Fields that must be there before the expression may be looked at. */
  readonly guards: readonly string[]
}

/** A condition of the dialect, empty for a cell that takes anything; null when the cell cannot be read. */
export function cellCondition(cell: string, column: Column): string | null {
  const text = cell.trim()
  if (text === '' || text === '-') return ''
  if (text === '*') return column.guards.length === 0 ? '' : guarded(column, '')
  if (text === '!') return column.guards.length === 0 ? 'false' : `!(${guarded(column, '')})`
  if (text.startsWith('?')) return text.slice(1).trim() || null
  const negative = text.startsWith('!') && !text.startsWith('!=')
  const tests = alternatives(negative ? text.slice(1) : text)?.map(part => testOf(part, column))
  if (!tests || tests.length === 0 || tests.includes(null)) return null
  const any = tests.length === 1 ? tests[0]! : `(${tests.join(' || ')})`
  return guarded(column, negative ? `!(${any})` : any)
}

const guarded = ({ guards }: Column, test: string): string =>
  [...guards.map(field => `has(${field})`), ...(test ? [test] : [])].join(' && ')

/** Parts between commas outside of quotes; null when a quote is left open. */
function alternatives(text: string): string[] | null {
  const parts: string[] = []
  let part = ''
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const at = text[i]!
    if (quote !== '') {
      part += at
      if (at === '\\') part += text[++i] ?? ''
      else if (at === quote) quote = ''
    } else if (at === ',' || at === '，') {
      parts.push(part.trim())
      part = ''
    } else {
      if ((at === '"' || at === "'") && part.trim() === '') quote = at
      part += at
    }
  }
  return quote === '' ? [...parts, part.trim()] : null
}

const COMPARISON = /^(<=|>=|==|!=|=|<|>|≤|≥|≠)\s*(.+)$/su
const RANGE = /^([[(（]?)\s*(.+?)\s*(?:\.\.|…)\s*(.+?)\s*([\])）]?)$/su
const OPERATORS: { readonly [sign: string]: string } = { '=': '==', '≤': '<=', '≥': '>=', '≠': '!=' }

function testOf(part: string, column: Column): string | null {
  const { expr, type } = column
  if (part === '') return null
  const comparison = COMPARISON.exec(part)
  if (comparison) {
    const value = literalIn(comparison[2]!, column)
    return value && compared(expr, OPERATORS[comparison[1]!] ?? comparison[1]!, { value, type })
  }
  const listed = /^in\s+([a-z][A-Za-z0-9]*)$/u.exec(part)
  if (listed && column.constants[listed[1]!]?.type === 'list') return `${expr} in ${listed[1]}`
  const range = type === 'string' || type === 'bool' ? null : RANGE.exec(part)
  if (range) {
    const [low, high] = [literalIn(range[2]!, column), literalIn(range[3]!, column)]
    const [above, below] = [/[(（]/.test(range[1]!) ? '>' : '>=', /[)）]/.test(range[4]!) ? '<' : '<=']
    return low && high && `(${expr} ${above} ${low} && ${expr} ${below} ${high})`
  }
  const value = literalIn(part, column)
  return value && compared(expr, '==', { value, type })
}

function compared(expr: string, op: string, { value, type }: { value: string; type: ScalarType }): string | null {
  if (type !== 'bool') return `${expr} ${op} ${value}`
  if (op !== '==' && op !== '!=') return null
  return (value === 'true') === (op === '==') ? expr : `!(${expr})`
}

/** A value as a literal of the dialect, or the name of a constant of the same type. */
function literalIn(text: string, column: Column): string | null {
  const { type, currency, constants } = column
  const constant = Object.hasOwn(constants, text) ? constants[text] : undefined
  if (constant && constant.type === type && type !== 'string') return text
  const value = typedValue(text, type, currency)
  if (value === null) return null
  switch (type) {
    case 'string':
      return JSON.stringify(value)
    case 'money':
      return `minor(${value})`
    case 'dur':
      return `duration('${value}ms')`
    case 'time':
      return `timestamp('${new Date(Number(value)).toISOString()}')`
    default:
      return String(value)
  }
}

const WORDS: { readonly [word: string]: boolean } = {
  true: true,
  false: false,
  yes: true,
  no: false,
  是: true,
  否: false,
}

/** The value that a person wrote, of a type; null when it is none. */
export function typedValue(text: string, type: ScalarType, currency?: string): ScalarValue | null {
  switch (type) {
    case 'bool':
      return WORDS[text.toLowerCase()] ?? null
    case 'string':
      return unquoted(text)
    case 'num':
      return /^[+-]?\d+(\.\d+)?$/u.test(text) ? Number(text) : null
    case 'money':
      if (currency !== undefined) return minorOf(text.replaceAll('_', ''), currency)
      return /^-?\d{1,15}$/u.test(text) ? Number(text) : null
    case 'dur':
      return durationOf(text.replaceAll(' ', ''), 'days')
    case 'time':
      return instantOf(text)
  }
}

/** Quotes are needed for what has a comma or a sign in it; they are taken off with their escapes. */
function unquoted(text: string): string | null {
  const quoted = /^(["'])(.*)\1$/su.exec(text)
  if (quoted) return quoted[2]!.replace(/\\(.)/gsu, '$1')
  return /["'<>=!?*]/u.test(text[0] ?? '') || text === '' ? null : text
}
