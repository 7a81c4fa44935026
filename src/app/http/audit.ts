import type { FastifyRequest } from 'fastify'
import { problemKind, type Route, routes } from '../../contract/api/index.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { whoOf } from './caller.ts'
import type { HttpDeps } from './deps.ts'
import type { ApiProblem } from './problem.ts'
import { type AnyAsked, addressPattern, type Caller } from './serve.ts'

export interface Done {
  readonly route: Route
  readonly asked: AnyAsked
  readonly caller: Caller
}

/** Tells the audit trail of a request that was carried out, unless its handler has done so itself. */
export async function auditDone({ audit }: HttpDeps, done: Done): Promise<void> {
  const { route, asked } = done
  const { who } = done.caller
  if (route.audit === undefined || audit.hasTold(who)) return
  const [id] = Object.values(plain(asked.params))
  const kind = route.audit.split('.')[0] ?? 'route'
  const subject = typeof id === 'string' || typeof id === 'number' ? { kind, id: String(id) } : undefined
  const after = { ...plain(asked.query), ...plain(asked.body) }
  const before = audit.beforeOf(who)
  await audit.record(who, { verb: route.audit, subject, before, ...(Object.keys(after).length > 0 && { after }) })
}

// Checked by the schema of its route, and JSON from its birth; a list or nothing tells nothing.
const plain = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}

// A request that is merely not well formed is no attempt at anything. What the domain refuses is in the ledger of its
// order, or was asked under a verb of the trail.
const ATTEMPTS = new Set([401, 403, 421])
const REFUSALS = new Set([404, 409, 429])

/** Tells the audit trail of a request that was refused. */
export function auditRefusal({ audit }: HttpDeps, request: FastifyRequest, { code }: ApiProblem): void {
  const { status } = problemKind(code)
  const { method, url } = request.routeOptions
  const route = ROUTES.get(`${method} ${url}`)
  if (!ATTEMPTS.has(status) && !(route?.audit !== undefined && REFUSALS.has(status))) return
  const subject = { kind: 'route', id: route ? `${route.method} ${route.path}` : `${request.method} (unknown)` }
  const who = whoOf(request)
  if (audit.hasTold(who)) return
  audit.refused(who, { verb: route?.audit ?? 'access.refused', subject, code })
}

const ROUTES = new Map(Object.values<Route>(routes).map(route => [`${route.method} ${addressPattern(route)}`, route]))
