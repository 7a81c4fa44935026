import type { Problem, ProblemCode } from './problem.ts'
import { problem } from './problem.ts'

/** What no message may exceed, whatever its type; checked before any schema looks at it. */
export const LIMITS = { depth: 20, values: 20_000, keys: 100, elements: 1000, key: 100, string: 20_000 } as const

interface Flaw {
  readonly path: PropertyKey[]
  readonly code: ProblemCode
  readonly message: string
}

const flaw = (code: ProblemCode, message: string): Flaw => ({ path: [], code, message })

const TOO_DEEP = `nest at most ${LIMITS.depth} levels`
const TOO_MANY_VALUES = `send at most ${LIMITS.values} values in one event`
const LONE = 'the text holds half a surrogate pair; send well-formed Unicode'
const NUL = 'the text holds the character NUL; leave it out'

/**
 * Bounds depth, numbers, lengths and the form of text, so that what comes after may walk the message without care.
 * Returns the first problem with its pointer, or null. It goes down at most `LIMITS.depth` levels, so it cannot
 * overflow the stack, and stops at the first value too many.
 */
export function guard(message: unknown): Problem | null {
  const found = new Walk().value(message, 0)
  return found && problem(found.path.reverse(), found.code, found.message)
}

/** One walk over one message. Paths are built only on the way back from a flaw, so a good message costs none. */
class Walk {
  private values = 0

  value(value: unknown, depth: number): Flaw | null {
    if (++this.values > LIMITS.values) return flaw('too_many', TOO_MANY_VALUES)
    if (typeof value === 'string') return flawOfText(value, LIMITS.string)
    if (typeof value !== 'object' || value === null) return null
    if (depth >= LIMITS.depth) return flaw('too_deep', TOO_DEEP)
    return Array.isArray(value) ? this.list(value, depth) : this.fields(value, depth)
  }

  private list(list: readonly unknown[], depth: number): Flaw | null {
    if (list.length > LIMITS.elements) return flaw('too_many', `at most ${LIMITS.elements} elements`)
    for (let i = 0; i < list.length; i++) {
      const found = this.value(list[i], depth + 1)
      if (found) return below(found, i)
    }
    return null
  }

  private fields(object: object, depth: number): Flaw | null {
    let keys = 0
    for (const [key, value] of Object.entries(object)) {
      if (++keys > LIMITS.keys) return flaw('too_many', `at most ${LIMITS.keys} fields in one object`)
      const found = flawOfKey(key) ?? this.value(value, depth + 1)
      if (found) return below(found, key)
    }
    return null
  }
}

function below(found: Flaw, key: PropertyKey): Flaw {
  found.path.push(key)
  return found
}

function flawOfKey(key: string): Flaw | null {
  if (key === '__proto__') return flaw('unknown_field', 'this name is reserved; leave the field out')
  return flawOfText(key, LIMITS.key)
}

function flawOfText(text: string, max: number): Flaw | null {
  if (text.length > max) return flaw('too_long', `at most ${max} characters`)
  if (!text.isWellFormed()) return flaw('lone_surrogate', LONE)
  return text.includes('\u0000') ? flaw('nul_character', NUL) : null
}
