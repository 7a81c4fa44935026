import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PROBLEM_MEDIA_TYPE, problemKind, type Route, routes } from '../../contract/api/index.ts'
import { Denied } from '../../modules/access/index.ts'
import { auditDone, auditRefusal } from './audit.ts'
import { readJsonAs } from './body.ts'
import { callerOf } from './caller.ts'
import { serveConsole } from './console.ts'
import { problemOfDenied } from './denied.ts'
import type { HttpDeps } from './deps.ts'
import { handlersOf } from './handlers.ts'
import { SAFE_HEADERS } from './headers.ts'
import type { Heard } from './heard.ts'
import { newListener } from './listener.ts'
import { LiveHub } from './live-hub.ts'
import { pages } from './pages.ts'
import { ApiProblem, problemOf, textOfProblem } from './problem.ts'
import { serve } from './serve.ts'
import { shield } from './shield.ts'

const JSON_TYPES = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']

/** The HTTP side, not listening: tests inject, `start` listens. */
export function buildApp(deps: HttpDeps): FastifyInstance {
  const { door, certificate, limits, newId } = deps
  const app = newListener({
    ...{ door, certificate, limits, newId },
    logger: false,
    genReqId: newId,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => answerProblem(deps, { error, request, reply }),
    // On the way down, connections are closed when their request is answered.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  })
  readJsonAs(app, JSON_TYPES)
  shield(app, door)
  app.addHook('onSend', async (request, reply) => void reply.headers(deps.access.limitsOf(request)))
  app.addHook('onResponse', async (request, reply) => deps.observe(request, reply))
  app.setErrorHandler((error, request, reply) => answerProblem(deps, { error, request, reply }))
  const console = serveConsole(app, deps.consoleFolder)
  app.setNotFoundHandler((request, reply) =>
    console?.owns(request) ? console.send(reply) : answerProblem(deps, { error: missing(request), request, reply }),
  )
  const heard = new Map<string, Heard>()
  const hub = new LiveHub(deps, heard, deps.live)
  // Streams have no end of their own: without this, closing would wait for them.
  app.addHook('preClose', () => hub.close())
  serve(app, handlersOf(deps, { heard, hub }), {
    checkAnswers: deps.checkAnswers,
    callerOf: (request, access) => callerOf(deps, request, access),
    told: done => auditDone(deps, done),
  })
  pages(app, deps, console)
  return app
}

function answerProblem(
  deps: HttpDeps,
  { error, request, reply }: { error: unknown; request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const problem = error instanceof Denied ? problemOfDenied(error) : problemOf(error)
  deps.refused(problem.code)
  auditRefusal(deps, request, problem)
  if (problem.code === 'internal') deps.log.error('a request broke', { request: request.id, error })
  return reply
    .code(problemKind(problem.code).status)
    .headers({ ...SAFE_HEADERS, 'x-request-id': request.id, ...problem.headers })
    .type(PROBLEM_MEDIA_TYPE)
    .send(textOfProblem(problem, request.id))
}

const PATTERNS = Object.values<Route>(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`),
}))

/** Nothing at this address; or something, but not by this method. */
function missing(request: FastifyRequest): ApiProblem {
  const path = request.url.split('?')[0] ?? ''
  const methods = [...new Set(PATTERNS.filter(p => p.pattern.test(path)).map(p => p.method))]
  if (methods.length === 0 || methods.some(method => method === request.method))
    return new ApiProblem('route_not_found', 'See /openapi.json for what there is.')
  const allow = methods.join(', ')
  return new ApiProblem('method_not_allowed', `Use ${allow} here.`, { headers: { allow } })
}
