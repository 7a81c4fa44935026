import type { RuleText } from '../../../../../src/contract/api/rules.ts'
import { valuesIn } from './values.ts'

export type ConstantItem = RuleText['constants'][number]
export type ConstantType = ConstantItem['type']

export const CONSTANT_TYPES: readonly Exclude<ConstantType, 'lookup'>[] = [
  'num',
  'money',
  'dur',
  'string',
  'list',
  'time',
  'bool',
]

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
const SPAN = /^(\d+(?:\.\d+)?)\s*(ms|d|h|m|s)$/

/** `36h`, `90m`, `2d`: with the largest unit that it is a whole number of. */
function spanText(ms: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find(u => ms % UNITS[u] === 0) ?? 'ms'
  return `${ms / UNITS[unit]}${unit}`
}

function spanOf(text: string): number | null {
  const [, amount, unit] = SPAN.exec(text.trim()) ?? []
  const ms = Object.entries(UNITS).find(([name]) => name === unit)?.[1]
  return ms === undefined ? null : Math.round(Number(amount) * ms)
}

/** The value as it is typed: lengths of time with their unit, amounts in minor units, times in ISO, lists with commas. */
export function constantText({ type, value }: { readonly type: ConstantType; readonly value: unknown }): string {
  if (Array.isArray(value)) return value.join(', ')
  if (type === 'lookup') return JSON.stringify(value)
  if (type === 'dur' && typeof value === 'number') return spanText(value)
  if (type === 'time' && typeof value === 'number') return new Date(value).toISOString()
  return String(value)
}

/** The constant with what was typed; null when that is no value of its type. */
export function typedConstant(constant: ConstantItem, text: string): ConstantItem | null {
  if (constant.type === 'list') {
    const value = valuesIn(text, constant.of)
    return value && { ...constant, value }
  }
  if (constant.type === 'lookup') return lookupOf(constant, text)
  const value = scalarOf(constant.type, text)
  return value === null ? null : { ...constant, value }
}

function scalarOf(type: Exclude<ConstantType, 'list' | 'lookup'>, text: string): string | number | boolean | null {
  switch (type) {
    case 'string':
      return text
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : null
    case 'dur':
      return spanOf(text)
    case 'time':
      return finite(Date.parse(text))
    case 'num':
    case 'money':
      return text.trim() === '' ? null : finite(Number(text))
  }
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null)

function lookupOf(constant: Extract<ConstantItem, { type: 'lookup' }>, text: string): ConstantItem | null {
  try {
    const value: unknown = JSON.parse(text)
    return isTable(value) ? { ...constant, value } : null
  } catch {
    return null
  }
}

const isTable = (value: unknown): value is Record<string, string | number | boolean> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(v => /^(string|number|boolean)$/.test(typeof v))

/** A new constant of a type, with a value to be changed. */
export function newConstant(type: ConstantType, taken: readonly string[]): ConstantItem {
  let n = 1
  while (taken.includes(`limit${n}`)) n++
  const base = { name: `limit${n}`, label: { zh: `limit${n}`, en: `limit${n}` } }
  switch (type) {
    case 'list':
      return { ...base, type, of: 'string', value: [] }
    case 'lookup':
      return { ...base, type, of: 'string', value: {}, otherwise: '' }
    case 'string':
      return { ...base, type, value: '' }
    case 'bool':
      return { ...base, type, value: true }
    case 'dur':
      return { ...base, type, value: UNITS.d }
    case 'time':
      return { ...base, type, value: 0 }
    case 'num':
    case 'money':
      return { ...base, type, value: 1 }
  }
}
