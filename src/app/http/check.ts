import type * as z from 'zod'
import { guard, type Limits } from '../../contract/events/guard.ts'
import { problemsOf } from '../../contract/events/problem.ts'
import { ApiProblem, type FieldProblem } from './problem.ts'

/** Wider than any schema needs, so that walking, storing and telling of a request is safe whatever it holds. */
const LIMITS: Limits = { depth: 32, values: 100_000, keys: 1000, elements: 10_000, key: 200, string: 500_000 }

/** Checks one part of a request. @param base where the part stands in pointers: `query`, `path`, `headers`, none for the body */
export function checked<S extends z.ZodType>(schema: S, given: unknown, base: readonly string[]): z.output<S> {
  const flaw = guard(given, LIMITS)
  if (flaw) throw refused([{ ...flaw, pointer: base.map(part => `/${part}`).join('') + flaw.pointer }])
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw refused(
    problemsOf(parsed.error, given, base).map(p =>
      p.code === 'unknown_field' ? { ...p, message: 'there is nothing of this name here; leave it out' } : p,
    ),
  )
}

function refused(errors: readonly FieldProblem[]): ApiProblem {
  const first = errors[0]
  const detail = `${first?.pointer || 'the body'}: ${first?.message ?? 'not valid'}.`
  return new ApiProblem('invalid_request', detail, { errors })
}
