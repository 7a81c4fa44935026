import type { FastifyRequest } from 'fastify'
import { REACH_NARROWED, whyNot } from '../../contract/access.ts'
import type { AuditWho } from '../../contract/audit.ts'
import { actorFor, NOBODY, type Principal, permits, reachesAll, type Subject } from '../../contract/principal.ts'
import type { Access, Right } from '../../contract/rights.ts'
import type { HttpDeps } from './deps.ts'
import { addressOf } from './door.ts'
import { ApiProblem } from './problem.ts'
import type { Caller } from './serve.ts'

const ACTOR = /^[a-z][a-z0-9]{0,19}:[\w.@+-]{1,80}$/

/**
 * Who asks, when they may use a route that asks for `access`. This is the one place that looks at the right of a route;
 * over which orders and cases the caller has it is asked by the verb, with `permits` or `scopeFilter`.
 * @throws ApiProblem not_signed_in, not_allowed
 */
export async function callerOf(deps: HttpDeps, request: FastifyRequest, access: Access): Promise<Caller> {
  const principal = (await deps.authenticate(request)) ?? NOBODY
  principals.set(request, principal)
  if (access !== 'public' && principal === NOBODY) throw notSignedIn()
  if (access !== 'public' && access !== 'signed_in') demand(principal, access)
  const behalf = behalfOf(request, principal)
  const who = { ...whoOf(request), ...(behalf !== null && { behalf }) }
  whos.set(request, who)
  const actor = actorFor(principal.actor, behalf)
  const { cookie, 'user-agent': agent, 'if-none-match': ifNoneMatch } = request.headers
  const from = { address: addressOf(request), agent, cookie }
  const still = () => deps.still(request)
  return { requestId: request.id, principal, actor, who, from, ifNoneMatch, still }
}

const principals = new WeakMap<FastifyRequest, Principal>()

const whos = new WeakMap<FastifyRequest, AuditWho>()

/** Who asks and from where, for the audit trail; also of a request that was refused at the door. One object a request. */
export const whoOf = (request: FastifyRequest): AuditWho =>
  whos.get(request) ?? {
    actor: (principals.get(request) ?? NOBODY).actor,
    address: addressOf(request),
    agent: request.headers['user-agent'],
    request: request.id,
  }

/** @throws ApiProblem not_allowed, when the right is missing or does not reach the subject */
export function demand(principal: Principal, right: Right, subject?: Subject): void {
  if (!permits(principal, right, subject)) throw notAllowed(right)
}

/** The first line of a verb that counts over all orders. @throws ApiProblem reach_narrowed */
export function demandAll(principal: Principal): void {
  if (reachesAll(principal)) return
  throw new ApiProblem('reach_narrowed', `${REACH_NARROWED.en}.`, { more: { sentence: REACH_NARROWED } })
}

export function notAllowed(right: Right): ApiProblem {
  const sentence = whyNot(right)
  return new ApiProblem('not_allowed', `${sentence.en}.`, { more: { right, sentence } })
}

const notSignedIn = (): ApiProblem =>
  new ApiProblem('not_signed_in', 'Sign in, or send an API key as Authorization: Bearer.', {
    headers: { 'www-authenticate': 'Bearer realm="andon"' },
    more: {
      sentence: {
        zh: '请先登录，或在 Authorization: Bearer 中提供接口密钥',
        en: 'Sign in, or send an API key as Authorization: Bearer',
      },
    },
  })

/** @throws ApiProblem invalid_request, not_allowed */
function behalfOf(request: FastifyRequest, principal: Principal): string | null {
  const given = request.headers['x-andon-actor']
  if (given === undefined) return null
  if (typeof given !== 'string' || !ACTOR.test(given)) {
    const message = 'write it as kind:name, such as user:anna'
    const errors = [{ pointer: '/headers/x-andon-actor', code: 'bad_format', message }]
    throw new ApiProblem('invalid_request', `X-Andon-Actor: ${message}.`, { errors })
  }
  demand(principal, 'actor.behalf')
  return given === principal.actor ? null : given
}
