import { createHmac, timingSafeEqual } from 'node:crypto'
import { SECOND } from '../../kernel/instant.ts'
import { ADDRESS_HEADER, type AuthConfig, buildLibrary, type Library, sessionCookie } from './auth-options.ts'

/** Where a request comes from, as we know it. */
export interface From {
  readonly address: string
  readonly agent: string | undefined
  /** The `Cookie` header. */
  readonly cookie: string | undefined
}

/** What the library answered, and the cookies that go with it. */
export interface Told {
  readonly status: number
  /** The library's own name of what went wrong; empty when nothing did. */
  readonly code: string
  readonly body: Readonly<Record<string, unknown>>
  readonly cookies: readonly string[]
}

/**
 * The doors of the sign-in library that we use, one method each, with our words around them. Which rules hold before and
 * after (throttling, audit, who may) is the business of the verbs.
 */
export class Auth {
  readonly #config: AuthConfig
  #made: { readonly url: string; readonly own: Library; readonly sso: Library } | null = null
  readonly #secret: string
  readonly #cookie: RegExp

  constructor(config: AuthConfig) {
    this.#config = config
    this.#secret = config.secret
    this.#cookie = new RegExp(`(?:^|;\\s*)${sessionCookie(config.secure)}=([^;\\s]+)`)
  }

  /** Made when it is first needed: by then it is known where we listen, which redirects of providers lead to. */
  #libraries(): { readonly own: Library; readonly sso: Library } {
    const url = this.#config.url()
    // Apart, so that a provider that does not answer keeps nobody from their password.
    if (this.#made?.url !== url) {
      const own = buildLibrary(this.#config, url, [])
      this.#made = { url, own, sso: buildLibrary(this.#config, url, this.#config.sso) }
    }
    return this.#made
  }

  get #library(): Library {
    return this.#libraries().own
  }

  /** The token of the session cookie, when its signature is ours; null otherwise. Needs no database. */
  tokenIn(cookie: string | undefined): string | null {
    const value = cookie === undefined ? undefined : this.#cookie.exec(cookie)?.[1]
    const signed = value === undefined ? null : decoded(value)
    const dot = signed?.lastIndexOf('.') ?? -1
    if (signed === null || dot <= 0) return null
    const token = signed.slice(0, dot)
    const given = Buffer.from(signed.slice(dot + 1), 'base64')
    const ours = createHmac('sha256', this.#secret).update(token).digest()
    return given.length === ours.length && timingSafeEqual(given, ours) ? token : null
  }

  /** An unknown mail costs the same hash as a wrong password, and is answered by the same code. */
  signIn(from: From, body: { mail: string; password: string }): Promise<Told> {
    const { mail: email, password } = body
    return told(this.#library.api.signInEmail({ body: { email, password }, ...asked(from) }))
  }

  /** The second step of a sign-in. A session that the browser still has is left out, else its person would be asked about. */
  second(from: From, kind: 'totp' | 'recovery', code: string): Promise<Told> {
    const { cookie } = from
    const call = { body: { code }, ...asked({ ...from, cookie: cookie?.replace(this.#cookie, '') }) }
    return told(kind === 'totp' ? this.#library.api.verifyTOTP(call) : this.#library.api.verifyBackupCode(call))
  }

  /** Who is signed in shows that the new authenticator works; the session is changed for a new one. */
  confirmTotp(from: From, code: string): Promise<Told> {
    return told(this.#library.api.verifyTOTP({ body: { code }, ...asked(from) }))
  }

  /** Makes a session without asking for anything: for links that were checked. The token is null when they may not come in. */
  open(from: From, person: string): Promise<Told> {
    return told(this.#library.api.openSession({ body: { person }, ...asked(from) }))
  }

  signOut(from: From): Promise<Told> {
    return told(this.#library.api.signOut(asked(from)))
  }

  startTotp(from: From, password: string): Promise<Told> {
    return told(this.#library.api.enableTwoFactor({ body: { password, method: 'totp' }, ...asked(from) }))
  }

  stopTotp(from: From, password: string): Promise<Told> {
    return told(this.#library.api.disableTwoFactor({ body: { password }, ...asked(from) }))
  }

  newRecoveryCodes(from: From, password: string): Promise<Told> {
    return told(this.#library.api.generateBackupCodes({ body: { password }, ...asked(from) }))
  }

  startSso(from: From, provider: string, pages: { done: string; failed: string }): Promise<Told> {
    const { done: callbackURL, failed: errorCallbackURL } = pages
    const body = { provider, callbackURL, errorCallbackURL, disableRedirect: true }
    return inTime(told(this.#libraries().sso.api.signInSocial({ body, ...asked(from) })))
  }

  /** @returns 302 with `location` in the body */
  finishSso(from: From, provider: string, query: Readonly<Record<string, string>>): Promise<Told> {
    const call = { params: { id: provider }, query, method: 'GET', ...asked(from) } as const
    return told(this.#libraries().sso.api.callbackOAuth(call))
  }

  async hash(password: string): Promise<string> {
    return (await this.#library.$context).password.hash(password)
  }

  async isPassword(password: string, hash: string): Promise<boolean> {
    return (await this.#library.$context).password.verify({ password, hash })
  }
}

const asked = ({ address, agent, cookie }: From) => ({
  headers: new Headers({
    [ADDRESS_HEADER]: address,
    ...(agent !== undefined && { 'user-agent': agent.slice(0, 300) }),
    ...(cookie !== undefined && { cookie }),
  }),
  asResponse: true as const,
})

const PATIENCE = 15 * SECOND
const LATE: Told = { status: 504, code: 'PROVIDER_SILENT', body: {}, cookies: [] }

/** The first time the provider is asked how it works, and it may never answer. */
function inTime(answer: Promise<Told>): Promise<Told> {
  const late = new Promise<Told>(resolve => {
    AbortSignal.timeout(PATIENCE).addEventListener('abort', () => resolve(LATE), { once: true })
  })
  return Promise.race([answer, late])
}

/** The library answers with a web response, redirects and refusals included. */
async function told(answer: Promise<unknown>): Promise<Told> {
  const response = await answer
  if (!(response instanceof Response)) throw new Error('the sign-in library did not answer with a response')
  const text = await response.text()
  const said = text === '' ? {} : objectOf(JSON.parse(text))
  const location = response.headers.get('location')
  return {
    status: response.status,
    code: response.status < 400 ? '' : String(said.code ?? 'unknown'),
    body: location === null ? said : { ...said, location },
    cookies: response.headers.getSetCookie(),
  }
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
