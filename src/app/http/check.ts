import type * as z from 'zod'
import { problemsOf } from '../../contract/events/problem.ts'
import { ApiProblem } from './problem.ts'

/** Checks one part of a request. @param base where the part stands in pointers: `query`, `path`, `headers`, none for the body */
export function checked<S extends z.ZodType>(schema: S, given: unknown, base: readonly string[]): z.output<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const errors = problemsOf(parsed.error, given, base).map(p =>
    p.code === 'unknown_field' ? { ...p, message: 'there is nothing of this name here; leave it out' } : p,
  )
  const first = errors[0]
  throw new ApiProblem('invalid_request', `${first?.pointer || 'the body'}: ${first?.message ?? 'not valid'}.`, {
    errors,
  })
}
