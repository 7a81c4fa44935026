import { DAY, HOUR, MINUTE } from '../../../kernel/instant.ts'
import type { FunctionName } from '../dialect/term.ts'

type Quantity = number
type Text = string

/** ASCII letters only, as CEL says: `toLowerCase` would also fold other alphabets, some to another length. */
export const lowerAscii = (text: Text): Text => text.replace(/[A-Z]/g, letter => letter.toLowerCase())

/** Code points, as CEL says: an emoji is one. */
export function sizeOf(text: Text): number {
  let size = text.length
  for (let i = 0; i + 1 < text.length; i++) {
    const high = text.charCodeAt(i)
    if (high >= 0xd800 && high < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      size--
      i++
    }
  }
  return size
}
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

export const TEXT_TESTS = {
  contains: (text: Text, part: Text): boolean => text.includes(part),
  startsWith: (text: Text, part: Text): boolean => text.startsWith(part),
  endsWith: (text: Text, part: Text): boolean => text.endsWith(part),
} as const satisfies Partial<Record<FunctionName, (a: Text, b: Text) => boolean>>

export const PAIRS = {
  min: (a: Quantity, b: Quantity): Quantity => Math.min(a, b),
  max: (a: Quantity, b: Quantity): Quantity => Math.max(a, b),
} as const satisfies Partial<Record<FunctionName, (a: Quantity, b: Quantity) => Quantity>>

/** Lengths of time are whole milliseconds and money is whole minor units, whatever they were computed from. */
export const QUANTITIES = {
  abs: (n: Quantity): Quantity => Math.abs(n),
  days: (n: Quantity): Quantity => Math.round(n * DAY),
  hours: (n: Quantity): Quantity => Math.round(n * HOUR),
  minutes: (n: Quantity): Quantity => Math.round(n * MINUTE),
  minor: (n: Quantity): Quantity => Math.round(n),
} as const satisfies Partial<Record<FunctionName, (n: Quantity) => Quantity>>
