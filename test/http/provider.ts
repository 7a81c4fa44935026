import { createServer } from 'node:http'
import { after } from 'node:test'
import Provider from 'oidc-provider'
import type { SsoProvider } from '../../src/modules/access/index.ts'

/** What the provider says about somebody. */
export interface Claims {
  readonly sub: string
  readonly email: string
  readonly email_verified: boolean
  readonly name: string
}

/** A real OpenID provider on this machine. Whoever comes is who `as` says, without being asked. */
export interface IdentityProvider {
  readonly config: SsoProvider
  as(claims: Claims): void
  /** Goes through its pages as a browser does; returns where it sends the browser back to. */
  visit(address: string): Promise<string>
}

const CLIENT = { id: 'andon', secret: 'a secret of the two that is long enough' }

/** @param redirect where it may send people back to */
export async function startProvider(redirect: string): Promise<IdentityProvider> {
  let present: Claims = { sub: 'nobody', email: '', email_verified: false, name: '' }
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as { port: number }
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // So that the identity token itself tells them.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: async () => ({ accountId: present.sub, claims: async () => ({ ...present }) }),
    loadExistingGrant: async ctx => {
      const grant = new ctx.oidc.provider.Grant({ accountId: present.sub, clientId: CLIENT.id })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    cookies: { keys: ['test'] },
    pkce: { required: () => true },
  })
  const serve = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return serve(request, response)
    const login = { login: { accountId: present.sub } }
    void provider.interactionFinished(request, response, login, { mergeWithLastSubmission: false })
  })
  after(() => new Promise<void>(resolve => (server.closeAllConnections(), server.close(() => resolve()))))
  return {
    config: { id: 'sso', name: 'Example', issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret },
    as: claims => {
      present = claims
    },
    visit: address => walk(address, issuer),
  }
}

async function walk(address: string, issuer: string): Promise<string> {
  const cookies = new Map<string, string>()
  let at = address
  for (let step = 0; step < 10 && at.startsWith(issuer); step++) {
    const cookie = [...cookies].map(pair => pair.join('=')).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const next = answer.headers.get('location')
    if (next === null) throw new Error(`${answer.status} at ${at}: ${await answer.text()}`)
    at = new URL(next, at).href
  }
  return at
}
