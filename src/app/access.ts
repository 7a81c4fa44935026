import type { FastifyRequest } from 'fastify'
import type { Principal } from '../contract/principal.ts'
import { HOUR, type Instant } from '../kernel/instant.ts'
import {
  type AuditTrail,
  Auth,
  type EntryDeps,
  type KeyAnswer,
  Principals,
  SESSION_LIFE,
  type SsoProvider,
  Throttle,
  tidySignIns,
  welcome,
} from '../modules/access/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { type MailConfig, openMailer } from '../platform/mail.ts'
import type { Sealer } from '../platform/seal.ts'
import { addressOf, type Door, outsideIsTls } from './http/door.ts'
import { ApiProblem } from './http/problem.ts'

export interface AccessConfig {
  readonly sso: readonly SsoProvider[]
  readonly mail: MailConfig | undefined
  /** ms */
  readonly idle: number
  /** ms */
  readonly longest: number
}

export interface AccessParts {
  readonly config: AccessConfig
  readonly db: Database
  readonly sealer: Sealer
  readonly log: Log
  readonly audit: AuditTrail
  readonly door: Door
  now(): Instant
  newId(): string
}

/** Who may come in and what they may do, put together for a server process. */
export interface Access extends EntryDeps {
  readonly sso: readonly SsoProvider[]
  /** @throws ApiProblem key_refused, key_address, rate_limited */
  authenticate(request: FastifyRequest): Promise<Principal | null>
  /** Who it is from now, by the credentials of a request that is long under way; null: they may not go on. */
  still(request: FastifyRequest): Promise<Principal | null>
  /** What a key may still do, as headers of the answer to this request. */
  limitsOf(request: FastifyRequest): Readonly<Record<string, string>>
  /** Where people reach us, unless ANDON_URL says so: known when the server listens. */
  listensAt(url: string): void
  /** Writes down the use of keys, and removes what has run out, until it is stopped. */
  start(clock: Clock): void
  stop(): Promise<void>
}

export function buildAccess(parts: AccessParts): Access {
  const { config, db, sealer, log, audit, door } = parts
  const now = (): Instant => parts.now()
  const newId = (): string => parts.newId()
  let url = door.url ?? 'http://127.0.0.1'
  const auth = new Auth({
    ...{ db, log, newId, url: () => url, secure: outsideIsTls(door), sso: config.sso, longest: config.longest },
    secret: sealer.derive('sign-in').toString('base64'),
    admit: async person => {
      const from = now()
      const welcomed = await welcome(db, person, from)
      return welcomed ? { from, until: from + Math.min(config.idle, config.longest) } : null
    },
  })
  const principals = new Principals({ sql: db, auth, now, idle: config.idle, longest: config.longest })
  const mail = config.mail ? openMailer(config.mail) : null
  const stopping = new AbortController()
  let running = Promise.resolve()
  const limits = new WeakMap<FastifyRequest, Readonly<Record<string, string>>>()
  return {
    ...{ db, sealer, audit, auth, principals, now, newId, sso: config.sso },
    throttle: new Throttle(db, sealer),
    mail,
    url: () => url,
    listensAt: at => {
      url = door.url ?? at
    },
    async authenticate(request) {
      const token = bearerOf(request)
      if (token === null) return principals.bySession(request.headers.cookie)
      const answer = await principals.byKey(token, addressOf(request))
      if (answer.limits) limits.set(request, limitHeaders(answer.limits))
      if (answer.ok) return answer.principal
      throw keyProblem(answer)
    },
    still(request) {
      const token = bearerOf(request)
      if (token === null) return principals.bySession(request.headers.cookie, true)
      return principals.stillByKey(token, addressOf(request))
    },
    limitsOf: request => limits.get(request) ?? {},
    start: clock => {
      running = keep({ db, principals, log, clock, signal: stopping.signal })
    },
    async stop() {
      stopping.abort()
      await running
      mail?.close()
    },
  }
}

const FLUSH = 10_000

interface Keeping {
  readonly db: Database
  readonly principals: Principals
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
}

async function keep({ db, principals, log, clock, signal }: Keeping): Promise<void> {
  const tidy = tidier(db)
  while (!signal.aborted) {
    await clock.sleepUntil(clock.now() + FLUSH, signal)
    await principals.flush().catch(error => log.warn('the use of keys was not written down', { error: String(error) }))
    await tidy(clock.now()).catch(error => log.warn('old sessions were not removed', { error: String(error) }))
  }
}

function tidier(db: Database): (now: Instant) => Promise<void> {
  let last = 0
  return async now => {
    if (now - last < HOUR) return
    last = now
    await tidySignIns(db, now)
  }
}

const BEARER = /^bearer +(\S{1,200})$/i

/** The key of a request; null when it has none, and an empty one when it has something else there. */
function bearerOf(request: FastifyRequest): string | null {
  const given = request.headers.authorization
  return given === undefined ? null : (BEARER.exec(given.trim())?.[1] ?? '')
}

const limitHeaders = ({ limit, remaining, reset }: { limit: number; remaining: number; reset: number }) => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(reset),
})

function keyProblem(answer: Extract<KeyAnswer, { ok: false }>): ApiProblem {
  if (answer.why === 'wrong')
    return new ApiProblem(
      'key_refused',
      'Send a key as Authorization: Bearer andon_...; see what keys there are in the console.',
      {
        headers: { 'www-authenticate': 'Bearer realm="andon", error="invalid_token"' },
      },
    )
  if (answer.why === 'address')
    return new ApiProblem('key_address', 'This key is for other networks: add the address to it, or use another key.')
  const headers = { 'retry-after': String(answer.retry), ...(answer.limits && limitHeaders(answer.limits)) }
  const detail = answer.why === 'quota' ? 'The requests of this day are used up.' : 'Too many requests at once.'
  return new ApiProblem('rate_limited', `${detail} Wait ${answer.retry} seconds.`, {
    headers,
    more: { limit: answer.why },
  })
}

/** By password only, for as long as is usual. */
export const USUAL_ACCESS: AccessConfig = { sso: [], mail: undefined, ...SESSION_LIFE }
