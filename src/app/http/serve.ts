import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import { type Answer, type Asked, type OperationId, type Route, type Routes, routes } from '../../contract/api/index.ts'
import type { AuditWho } from '../../contract/audit.ts'
import type { Principal } from '../../contract/principal.ts'
import type { Access } from '../../contract/rights.ts'
import type { From } from '../../modules/access/index.ts'
import { checked } from './check.ts'

/** Who asks, and under which id the request is known. */
export interface Caller {
  readonly requestId: string
  readonly principal: Principal
  /** As the ledger names who did it: `user:anna`, `key:crm for user:anna`. */
  readonly actor: string
  readonly ifNoneMatch: string | undefined
  /** As the audit trail names who asks, and from where. */
  readonly who: AuditWho
  /** Who it is from now, for what goes on for long; null when they may not go on. */
  still(): Promise<Principal | null>
  /** Where the request comes from, and its cookies: for the ways of coming in. */
  readonly from: From
}

/** One function per route; what it answers is held to the route by its type. */
export type Handlers = {
  readonly [K in OperationId]: (asked: Asked<Routes[K]>, caller: Caller) => Promise<Answer<Routes[K]>>
}

export interface ServeOptions {
  /** Checks every answer against its schema; for tests, since it costs as much as the rest of the request. */
  readonly checkAnswers: boolean
  /** @throws ApiProblem when the caller may not use a route that asks for this */
  callerOf(request: FastifyRequest, access: Access): Promise<Caller>
  /** After a route that names a verb of the audit trail has done its work. */
  told(done: { readonly route: Route; readonly asked: AnyAsked; readonly caller: Caller }): Promise<void>
}

const BODY_LIMIT = 256 * 1024

/** The path of a route as the router writes it. */
export const addressPattern = ({ path }: Route): string => path.replace(/\{(\w+)\}/g, ':$1')

/** Serves all routes of the contract. */
export function serve(app: FastifyInstance, handlers: Handlers, options: ServeOptions): void {
  const callers = new WeakMap<FastifyRequest, Caller>()
  for (const [id, route] of Object.entries<Route>(routes)) {
    const handler = handlerOf(handlers, id)
    app.route({
      method: route.method,
      url: addressPattern(route),
      bodyLimit: route.bodyLimit ?? BODY_LIMIT,
      // Before the body is read: who may not come in does not make us take in 12 MiB.
      onRequest: async request => void callers.set(request, await options.callerOf(request, route.right)),
      handler: async (request, reply) => {
        const [asked, caller] = [askedOf(route, request), known(callers, request)]
        const answer = await handler(asked, caller)
        if (route.audit !== undefined) await options.told({ route, asked, caller })
        if (options.checkAnswers) checkAnswer(route, answer)
        return sendAnswer(route, reply, answer)
      },
    })
  }
}

function known(callers: WeakMap<FastifyRequest, Caller>, request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error('a request came to its handler past its door')
  return caller
}

export interface AnyAsked {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
}

interface AnyAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

type AnyHandler = (asked: AnyAsked, caller: Caller) => Promise<AnyAnswer>

// The table is typed route by route; here it is walked, and each request was checked by the very route of its handler.
const handlerOf = (handlers: Handlers, id: string): AnyHandler =>
  (handlers as Readonly<Record<string, unknown>>)[id] as AnyHandler

function askedOf(route: Route, request: FastifyRequest): AnyAsked {
  return {
    params: route.params && checked(route.params, request.params, ['path']),
    query: route.query ? checked(route.query, request.query, ['query']) : undefined,
    headers: route.headers && checked(route.headers, namedHeaders(route.headers, request), ['headers']),
    // Events are checked one by one by their handler, which can tell more about them.
    body: route.body && route.bodyTypes === undefined ? checked(route.body, request.body ?? {}, []) : request.body,
  }
}

const namedHeaders = (schema: z.ZodObject, request: FastifyRequest): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(schema.shape)
      .filter(name => request.headers[name] !== undefined)
      .map(name => [name, request.headers[name]]),
  )

function sendAnswer(route: Route, reply: FastifyReply, answer: AnyAnswer): FastifyReply {
  reply.code(answer.status)
  // Several cookies stand in several lines.
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    reply.header(name, typeof value === 'string' ? value : [...value])
  const declared = route.replies[answer.status]
  if (declared?.stream !== undefined) {
    if (reply.getHeader('content-type') === undefined) reply.type(declared.stream[0])
    return reply.send(answer.body instanceof Readable ? answer.body : Readable.from(streamed(answer.body)))
  }
  if (declared?.type !== undefined) return reply.type(declared.type).send(answer.body)
  return answer.body === undefined ? reply.send() : reply.type('application/json').send(JSON.stringify(answer.body))
}

// The type of a route with `stream` says so.
const streamed = (body: unknown): AsyncIterable<string> => body as AsyncIterable<string>

function checkAnswer(route: Route, answer: AnyAnswer): void {
  const declared = route.replies[answer.status]
  if (declared === undefined) throw new Error(`${route.path} does not declare the status ${answer.status}`)
  const parsed = declared.schema?.safeParse(answer.body)
  if (parsed && !parsed.success) throw new Error(`the answer of ${route.path} is not as declared: ${parsed.error}`)
}
