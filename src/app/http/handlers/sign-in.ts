import { isoOf } from '../../../kernel/instant.ts'
import {
  ADMINISTRATOR,
  acceptInvitation,
  askReset,
  finishSso,
  holdersOf,
  type Knock,
  LONGEST_PASSWORD,
  lookAtLink,
  resetPassword,
  SHORTEST_PASSWORD,
  setUp,
  signIn,
  signInSecond,
  signOut,
  startSso,
  useSignInLink,
} from '../../../modules/access/index.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'

type Operation = 'getSignInOptions' | 'signIn' | 'signInSecond' | 'signOut' | 'startSso' | 'finishSso'
type ByLink = 'setUp' | 'lookAtLink' | 'acceptInvitation' | 'askReset' | 'resetPassword' | 'useSignInLink'

export const knockOf = ({ from, who }: Caller): Knock => ({ from, who })

/** Cookies as a header; none where there are none. */
export const cookieHeader = (cookies: readonly string[]): Record<string, readonly string[]> =>
  cookies.length > 0 ? { 'set-cookie': cookies } : {}

const DONE = { step: 'signed_in' } as const

export function signInHandlers({ access }: HttpDeps): Pick<Handlers, Operation> {
  return {
    async getSignInOptions() {
      const setUpNeeded = (await holdersOf(access.db, ADMINISTRATOR)).length === 0
      const sso = access.sso.map(({ id, name }) => ({ id, name, href: `/v1/auth/sso/${id}` }))
      const password = { least: SHORTEST_PASSWORD, most: LONGEST_PASSWORD }
      return { status: 200, body: { setUp: setUpNeeded, reset: access.mail !== null, sso, password } }
    },
    async signIn({ body }, caller) {
      const { step, cookies } = await signIn(access, knockOf(caller), body)
      return { status: 200, body: { step }, headers: cookieHeader(cookies) }
    },
    async signInSecond({ body }, caller) {
      const { step, cookies } = await signInSecond(access, knockOf(caller), body)
      return { status: 200, body: { step }, headers: cookieHeader(cookies) }
    },
    async signOut(_asked, caller) {
      if (caller.principal.kind === 'key')
        throw new ApiProblem('persons_only', 'A key has no session: revoke it instead.')
      const cookies = await signOut(access, knockOf(caller), caller.principal.id)
      return { status: 204, body: undefined, headers: cookieHeader(cookies) }
    },
    async startSso({ params: { provider } }, caller) {
      if (!access.sso.some(({ id }) => id === provider)) throw noSuchProvider(provider)
      const { location, cookies } = await startSso(access, knockOf(caller), provider)
      return { status: 303, body: undefined, headers: { ...cookieHeader(cookies), location } }
    },
    async finishSso({ params: { provider }, query }, caller) {
      if (!access.sso.some(({ id }) => id === provider)) throw noSuchProvider(provider)
      const given = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
      const asked = { provider, query: Object.fromEntries(given) }
      const { location, cookies } = await finishSso(access, knockOf(caller), asked)
      return { status: 303, body: undefined, headers: { ...cookieHeader(cookies), location } }
    },
  }
}

/** Ways of coming in that begin with a link. */
export function linkHandlers({ access, log }: HttpDeps): Pick<Handlers, ByLink> {
  return {
    async setUp({ body }, caller) {
      const cookies = await setUp(access, knockOf(caller), { ...body, language: body.language ?? null })
      return { status: 200, body: DONE, headers: cookieHeader(cookies) }
    },
    async lookAtLink({ body: { token } }, caller) {
      const { ticket, person } = await lookAtLink(access, knockOf(caller), token)
      const { kind, expiresAt } = ticket
      const { name = null, mail = null } = person ?? {}
      return { status: 200, body: { kind, name, mail, expiresAt: isoOf(expiresAt) } }
    },
    async acceptInvitation({ body }, caller) {
      const { token, password, name, language } = body
      const cookies = await acceptInvitation(access, knockOf(caller), { token, password, name, language })
      return { status: 200, body: DONE, headers: cookieHeader(cookies) }
    },
    async askReset({ body: { mail } }, caller) {
      if (access.mail === null)
        throw new ApiProblem('mail_not_set_up', 'Ask an administrator for a link: they find it under your name.')
      const failed = (error: unknown): void => log.warn('a mail was not sent', { error: String(error) })
      await askReset(access, knockOf(caller), { mail, failed })
      return { status: 202, body: undefined }
    },
    async resetPassword({ body }, caller) {
      await resetPassword(access, knockOf(caller), body)
      return { status: 204, body: undefined }
    },
    async useSignInLink({ params: { token } }, caller) {
      const cookies = await useSignInLink(access, knockOf(caller), token)
      return { status: 303, body: undefined, headers: { ...cookieHeader(cookies), location: '/' } }
    },
  }
}

const noSuchProvider = (id: string): ApiProblem =>
  new ApiProblem('sso_not_found', `There is no single sign-on ${id}: see GET /v1/auth/options.`)
