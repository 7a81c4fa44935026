import type { FastifyError } from 'fastify'
import {
  isProblemName,
  type ProblemBody,
  type ProblemName,
  problemInChinese,
  problemKind,
  problemType,
} from '../../contract/api/index.ts'
import type { Label } from '../../contract/facts.ts'
import { Overloaded } from '../../pipeline/overloaded.ts'
import { codeOf, PlatformError } from '../../platform/error.ts'
import { isRetryable } from '../../platform/retry.ts'

export interface FieldProblem {
  readonly pointer: string
  readonly code: string
  readonly message: string
}

/** Values that the code explains. */
type More = Readonly<Record<string, unknown>> & { readonly sentence?: Partial<Label> }

/** What a handler throws to answer with a problem; never logged as an error. */
export class ApiProblem extends Error {
  readonly code: ProblemName
  readonly errors: readonly FieldProblem[]
  readonly more: More | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemName,
    detail: string,
    rest: {
      errors?: readonly FieldProblem[]
      more?: More
      headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(detail)
    this.code = code
    this.errors = rest.errors ?? []
    this.more = rest.more
    this.headers = rest.headers ?? {}
  }

  /** For whoever shows it to people: what the code means and what to do, unless the thrower says it better. */
  get sentence(): Label {
    const { zh = problemInChinese(this.code), en = this.message } = this.more?.sentence ?? {}
    return { zh, en }
  }
}

/** The body of a problem, as RFC 9457 has it, with a sentence in both languages for whoever shows it to people. */
export function bodyOfProblem(problem: ApiProblem, requestId: string): ProblemBody {
  const { status, en } = problemKind(problem.code)
  return {
    type: problemType(problem.code),
    title: en,
    status,
    code: problem.code,
    detail: problem.message,
    instance: `urn:uuid:${requestId}`,
    ...(problem.errors.length > 0 && { errors: problem.errors.map(e => ({ ...e })) }),
    more: { ...problem.more, sentence: problem.sentence },
  }
}

const ESCAPED: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' }

/**
 * The body as it is sent. A pointer may name a field that the caller made up: written so, it is the same JSON and nothing
 * that whoever mistakes it for a page could run.
 */
export const textOfProblem = (problem: ApiProblem, requestId: string): string =>
  JSON.stringify(bodyOfProblem(problem, requestId)).replace(/[<>&]/g, found => ESCAPED[found] ?? found)

const SAY: Readonly<Record<string, readonly [ProblemName, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'payload_too_large',
    'Send less at once: the limit of this route is in the OpenAPI document.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send JSON and say so in Content-Type.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as Content-Length says.'],
  too_many_orders: [
    'too_many_orders',
    'This is said by more orders than one person has: give something that only this person has.',
  ],
  sealed_text_unreadable: [
    'sealed_text_unreadable',
    'A text was changed, or the master key is not the one it was sealed with: run andon verify-ledger.',
  ],
  FST_ERR_BAD_URL: ['invalid_request', 'The address is not a valid URL: check its percent signs.'],
  FST_ERR_MAX_PARAM_LENGTH: ['invalid_request', 'A part of the address is too long.'],
}

/** What an error of any kind is to the caller. A bug tells nothing of itself. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof Overloaded) {
    const detail = `${error.message}. Nothing of this request was taken.`
    return new ApiProblem('overloaded', detail, { headers: { 'retry-after': '1' } })
  }
  if (isDatabaseAway(error)) {
    const detail = 'Nothing was acknowledged: send the same request again in a moment, it counts once.'
    return new ApiProblem('database_unavailable', detail, { headers: { 'retry-after': '2' } })
  }
  const said = SAY[codeOf(error)]
  if (said) return new ApiProblem(said[0], said[1])
  if (isClientError(error)) return new ApiProblem('invalid_request', 'This is not a request that can be answered.')
  return new ApiProblem('internal', 'The request was not carried out; the log tells why under the id of this request.')
}

const AWAY = new Set(['DATABASE_UNREACHABLE', 'NO_WRITABLE_HOST', 'COMMIT_LOST', 'DATABASE_REFUSED'])

const isDatabaseAway = (error: unknown): boolean =>
  error instanceof PlatformError ? AWAY.has(error.code) : isRetryable(error)

const isClientError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500

/** A refusal of the domain as a problem; a code that the catalogue lacks is still a refusal. */
export const refusalName = (code: string): ProblemName => (isProblemName(code) ? code : 'command_unknown')
