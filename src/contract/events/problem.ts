import type { z } from 'zod'
import type { Json } from '../../kernel/json.ts'

/** One thing that is wrong with a message, and where. */
export interface Problem {
  /** RFC 6901 JSON pointer into the message; empty for the message as a whole. */
  readonly pointer: string
  /** Stable: callers may act on it. */
  readonly code: ProblemCode
  /** For people: what to do. */
  readonly message: string
}

export const PROBLEM_CODES = [
  'missing',
  'wrong_type',
  'unknown_field',
  'too_short',
  'too_long',
  'too_many',
  'too_deep',
  'out_of_range',
  'bad_format',
  'bad_currency',
  'bad_zone',
  'not_allowed',
  'lone_surrogate',
  'nul_character',
  'unknown_type',
  'unknown_version',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** A sender is told at most this many problems of one message. */
export const MAX_PROBLEMS = 20

export type Path = readonly PropertyKey[]

export const problem = (path: Path, code: ProblemCode, message: string): Problem => ({
  pointer: pointerOf(path),
  code,
  message,
})

/** RFC 6901; keys are cut and made well-formed, because the pointer goes back to the sender. */
export const pointerOf = (path: Path): string =>
  path.map(key => `/${String(key).slice(0, 60).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The problems in what zod found; `data` is what it looked at, `base` where that stands in the message. */
export function problemsOf(error: z.core.$ZodError, data: unknown, base: Path): Problem[] {
  const problems: Problem[] = []
  for (const issue of error.issues) {
    const path = [...base, ...issue.path]
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys)
        problems.push(problem([...path, key], 'unknown_field', 'this field is not part of the event; leave it out'))
    else if (!isWider(issue, error.issues)) problems.push(problem(path, ...saidOf(issue, valueAt(data, issue.path))))
    if (problems.length >= MAX_PROBLEMS) break
  }
  return problems.slice(0, MAX_PROBLEMS)
}

/** Of two bounds that a number is beyond, only the one that can be met helps: the other is that of whole numbers. */
const isWider = (issue: z.core.$ZodIssue, all: readonly z.core.$ZodIssue[]): boolean =>
  issue.code === 'too_big' &&
  all.some(other => other.code === 'too_big' && other.maximum < issue.maximum && isSamePath(other.path, issue.path))

const isSamePath = (a: Path, b: Path): boolean => a.length === b.length && a.every((key, i) => key === b[i])

type Said = [code: ProblemCode, message: string]

function saidOf(issue: z.core.$ZodIssue, value: unknown): Said {
  if (value === undefined && issue.code !== 'custom') return ['missing', 'give this field']
  if (value === null) return ['wrong_type', 'leave the field out instead of sending null']
  // What JSON.parse makes of 1e400.
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    return ['out_of_range', 'this number is beyond counting']
  switch (issue.code) {
    case 'invalid_type':
      return ['wrong_type', `give ${expectedOf(issue.expected)}`]
    case 'too_small':
      return smallOf(issue)
    case 'too_big':
      return bigOf(issue)
    case 'invalid_value':
      return ['not_allowed', `use one of ${issue.values.map(String).join(', ')}`]
    case 'invalid_union':
      return ['not_allowed', issue.discriminator ? `use a known ${issue.discriminator}` : 'no allowed form fits']
    case 'custom':
      return [codeIn(issue.params), issue.message]
    default:
      return ['bad_format', issue.message]
  }
}

const expectedOf = (expected: string): string => (expected === 'int' ? 'a whole number' : `a value of type ${expected}`)

const smallOf = (issue: z.core.$ZodIssueTooSmall): Said =>
  issue.origin === 'string'
    ? ['too_short', `at least ${issue.minimum} characters; leave the field out when there is nothing to say`]
    : ['out_of_range', `at least ${issue.minimum}`]

function bigOf(issue: z.core.$ZodIssueTooBig): Said {
  if (issue.origin === 'string') return ['too_long', `at most ${issue.maximum} characters`]
  if (issue.origin === 'array') return ['too_many', `at most ${issue.maximum} elements`]
  return ['out_of_range', `at most ${issue.maximum}`]
}

function codeIn(params: Record<string, unknown> | undefined): ProblemCode {
  const given = params?.code
  return PROBLEM_CODES.find(code => code === given) ?? 'bad_format'
}

function valueAt(data: unknown, path: Path): unknown {
  let at: unknown = data
  for (const key of path) {
    // A list that a query gives as one text, with commas between its elements.
    if (typeof at === 'string' && typeof key === 'number') return at
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, Json>)[key] : undefined
  }
  return at
}
