import type { Problem, ProblemCode } from './problem.ts'
import { problem } from './problem.ts'

/** What no message may exceed, whatever its type; checked before any schema looks at it. */
export const LIMITS = { depth: 20, values: 20_000, keys: 100, elements: 1000, key: 100, string: 20_000 } as const
export type Limits = { readonly [K in keyof typeof LIMITS]: number }

interface Flaw {
  readonly path: PropertyKey[]
  readonly code: ProblemCode
  readonly message: string
}

const flaw = (code: ProblemCode, message: string): Flaw => ({ path: [], code, message })

const LONE = 'the text holds half a surrogate pair; send well-formed Unicode'
const NUL = 'the text holds the character NUL; leave it out'

/**
 * Bounds depth, numbers, lengths and the form of text, so that what comes after may walk the message without care.
 * Returns the first problem with its pointer, or null. It goes down at most `limits.depth` levels, so it cannot
 * overflow the stack, and stops at the first value too many.
 */
export function guard(message: unknown, limits: Limits = LIMITS): Problem | null {
  const found = new Walk(limits).value(message, 0)
  return found && problem(found.path.reverse(), found.code, found.message)
}

/** One walk over one message. Paths are built only on the way back from a flaw, so a good message costs none. */
class Walk {
  private readonly limits: Limits
  private values = 0

  constructor(limits: Limits) {
    this.limits = limits
  }

  value(value: unknown, depth: number): Flaw | null {
    const { values, string, depth: deepest } = this.limits
    if (++this.values > values) return flaw('too_many', `send at most ${values} values at once`)
    if (typeof value === 'string') return flawOfText(value, string)
    if (typeof value !== 'object' || value === null) return null
    if (depth >= deepest) return flaw('too_deep', `nest at most ${deepest} levels`)
    return Array.isArray(value) ? this.list(value, depth) : this.fields(value, depth)
  }

  private list(list: readonly unknown[], depth: number): Flaw | null {
    const { elements } = this.limits
    if (list.length > elements) return flaw('too_many', `at most ${elements} elements`)
    for (let i = 0; i < list.length; i++) {
      const found = this.value(list[i], depth + 1)
      if (found) return below(found, i)
    }
    return null
  }

  private fields(object: object, depth: number): Flaw | null {
    let keys = 0
    for (const [key, value] of Object.entries(object)) {
      if (++keys > this.limits.keys) return flaw('too_many', `at most ${this.limits.keys} fields in one object`)
      const found = flawOfKey(key, this.limits.key) ?? this.value(value, depth + 1)
      if (found) return below(found, key)
    }
    return null
  }
}

function below(found: Flaw, key: PropertyKey): Flaw {
  found.path.push(key)
  return found
}

function flawOfKey(key: string, max: number): Flaw | null {
  if (key === '__proto__') return flaw('unknown_field', 'this name is reserved; leave the field out')
  return flawOfText(key, max)
}

function flawOfText(text: string, max: number): Flaw | null {
  if (text.length > max) return flaw('too_long', `at most ${max} characters`)
  if (!text.isWellFormed()) return flaw('lone_surrogate', LONE)
  return text.includes('\u0000') ? flaw('nul_character', NUL) : null
}
