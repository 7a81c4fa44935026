import { paths } from 'virtual:routes'
import type * as z from 'zod'
import type { OperationId, ProblemBody, Routes } from '../../../src/contract/api/index.ts'
import { languageOf, usePrefs } from './prefs.ts'

/** Terms. Operation: one method and path of the contract, called by its id with types taken from the contract. */

type Part<R, K extends string> = K extends keyof R ? (R[K] extends z.ZodType ? R[K] : never) : never

// Lists and coerced numbers take `unknown` at the wire; here they are asked for as what they become.
type Written<S extends z.ZodType> = {
  [K in keyof z.input<S>]: unknown extends z.input<S>[K]
    ? K extends keyof z.output<S>
      ? z.output<S>[K]
      : never
    : z.input<S>[K]
}

type With<Name extends string, S> = [S] extends [never]
  ? unknown
  : S extends z.ZodType
    ? Record<string, never> extends Written<S>
      ? { readonly [N in Name]?: Written<S> }
      : { readonly [N in Name]: Written<S> }
    : unknown

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** The same key with the same command is carried out once. */
  readonly idempotencyKey?: string
}

export type Args<K extends OperationId> = With<'params', Part<Routes[K], 'params'>> &
  With<'query', Part<Routes[K], 'query'>> &
  With<'body', Part<Routes[K], 'body'>> &
  CallOptions

type GoodStatus = 200 | 201 | 202
/** What an operation answers with when all is well. */
export type Reply<K extends OperationId> = [keyof Routes[K]['replies'] & GoodStatus] extends [never]
  ? undefined
  : {
      [S in keyof Routes[K]['replies'] & GoodStatus]: Routes[K]['replies'][S] extends {
        schema: infer B extends z.ZodType
      }
        ? z.output<B>
        : undefined
    }[keyof Routes[K]['replies'] & GoodStatus]

/** A problem that the server told, or `unreachable` when it told nothing. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** What happened and what to do about it, in the server's words; in the reader's language where the server has it. */
  readonly detail: string
  readonly requestId: string | null
  readonly problem: ProblemBody | null

  constructor(given: { status: number; problem: ProblemBody | null; requestId: string | null; cause?: unknown }) {
    super(given.problem?.title ?? 'unreachable', { cause: given.cause })
    this.status = given.status
    this.problem = given.problem
    this.code = given.problem?.code ?? (given.status === 0 ? 'unreachable' : `http_${given.status}`)
    this.detail = sentenceIn(given.problem) ?? given.problem?.detail ?? ''
    this.requestId = given.requestId
  }
}

/** Refusals carry a sentence in both languages. */
function sentenceIn(problem: ProblemBody | null): string | undefined {
  const said = problem?.more?.sentence
  if (typeof said !== 'object' || said === null) return undefined
  const own = Object.entries(said).find(([key]) => languageOf(usePrefs.getState().language).startsWith(key))?.[1]
  return typeof own === 'string' && own !== '' ? own : undefined
}

type Hook = () => void
let whenSignedOut: Hook = () => {}
/** Called when the server no longer knows who asks. */
export const onSignedOut = (hook: Hook): void => {
  whenSignedOut = hook
}
/** Somebody else than `call` was told so. */
export const signedOut = (): void => whenSignedOut()

/** From here on being signed out is what was wanted: this page is about to be left. */
export const expectSignOut = (): void => onSignedOut(() => {})

interface AnyArgs extends CallOptions {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** Calls an operation. @throws ApiError */
export async function call<K extends OperationId>(id: K, args: Args<K>): Promise<Reply<K>> {
  // Args and Reply follow from K; what travels is untyped, and the server holds it against the same contract.
  return (await send(paths[id] ?? '', args as AnyArgs)) as Reply<K>
}

/** The answer of an operation that gives a file, and not something to be read here. @throws ApiError */
export async function callForFile<K extends OperationId>(id: K, args: Args<K>): Promise<Blob> {
  // As in `call`.
  return (await answered(paths[id] ?? '', args as AnyArgs)).blob()
}

async function send(operation: string, args: AnyArgs): Promise<unknown> {
  const text = await (await answered(operation, args)).text()
  return text === '' ? undefined : JSON.parse(text)
}

/** A good answer. @throws ApiError */
async function answered(operation: string, args: AnyArgs): Promise<Response> {
  const [method = 'GET', path = '/'] = operation.split(' ')
  const response = await answerOf(urlOf(path, args), {
    method,
    headers: headersOf(args),
    credentials: 'same-origin',
    ...(args.signal && { signal: args.signal }),
    ...(args.body !== undefined && { body: JSON.stringify(args.body) }),
  })
  if (response.ok) return response
  const requestId = response.headers.get('x-request-id')
  if (response.status === 401) whenSignedOut()
  throw new ApiError({ status: response.status, problem: await problemIn(response), requestId })
}

async function answerOf(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError({ status: 0, problem: null, requestId: null, cause })
  }
}

async function problemIn(response: Response): Promise<ProblemBody | null> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return null
  const body: unknown = await response.json().catch(() => null)
  const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
  // The contract says that every answer which is not a good one has this shape; the two fields that we show were looked at.
  return isProblem ? (body as ProblemBody) : null
}

function headersOf({ body, idempotencyKey }: AnyArgs): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  }
}

/** The address of an operation, with its parameters filled in. */
export function urlOf(path: string, { params, query }: Pick<AnyArgs, 'params' | 'query'>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params?.[name] ?? '')))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue
    search.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  const text = search.toString()
  return text === '' ? filled : `${filled}?${text}`
}

/** A key for a command that may be sent twice. */
export const newKey = (): string => crypto.randomUUID()
