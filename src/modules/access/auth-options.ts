import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { type GenericOAuthConfig, genericOAuth, twoFactor } from 'better-auth/plugins'
import { Kysely, PostgresDialect } from 'kysely'
import * as z from 'zod'
import { type Instant, SECOND } from '../../kernel/instant.ts'
import type { Database } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './core-password.ts'

/** An identity provider, as its owner describes it by one address. */
export interface SsoProvider {
  /** In addresses: `/v1/auth/callback/<id>`. */
  readonly id: string
  /** On the button. */
  readonly name: string
  /** `https://login.example.com`; its `/.well-known/openid-configuration` tells the rest. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface AuthConfig {
  readonly db: Database
  readonly log: Log
  readonly secret: string
  /** Where people reach us: redirects of providers lead there. */
  url(): string
  /** Browsers reach us over TLS: cookies are then for this very host and for TLS only. */
  readonly secure: boolean
  readonly sso: readonly SsoProvider[]
  /** How long a session may last however much it is used, ms. */
  readonly longest: number
  /** When a new session of this person begins, and until when it lasts unused; null: they may not come in. */
  admit(person: string): Promise<{ readonly from: Instant; readonly until: Instant } | null>
  newId(): string
}

/** The header by which we tell the library where a request came from; what the client says about it never gets there. */
export const ADDRESS_HEADER = 'x-andon-address'

export const cookiePrefix = (secure: boolean): string => (secure ? '__Host-andon' : 'andon')
export const sessionCookie = (secure: boolean): string => `${cookiePrefix(secure)}_session`

const PENDING_MINUTES = 10
const CODES = 10

/**
 * The library that signs people in, on our tables and with our rules. Its own HTTP routes are not mounted. @param sso it
 * waits for them when it is first used
 */
export const buildLibrary = (config: AuthConfig, url: string, sso: readonly SsoProvider[]) =>
  betterAuth({
    ...{ appName: 'Andon', baseURL: url, basePath: '/v1/auth', secret: config.secret },
    database: {
      db: new Kysely({ dialect: new PostgresDialect({ pool: config.db.pool }) }),
      ...{ type: 'postgres', transaction: true },
    },
    logger: { log: (level, message) => config.log.debug('the sign-in library', { level, message }) },
    telemetry: { enabled: false },
    // Ours counts by account as well, and holds over several processes.
    rateLimit: { enabled: false },
    emailAndPassword: {
      ...{ enabled: true, disableSignUp: true },
      ...{ minPasswordLength: SHORTEST_PASSWORD, maxPasswordLength: LONGEST_PASSWORD * 4 },
    },
    ...TABLES,
    session: { ...TABLES.session, expiresIn: config.longest / SECOND, disableSessionRefresh: true },
    advanced: {
      cookiePrefix: cookiePrefix(config.secure),
      useSecureCookies: false,
      defaultCookieAttributes: { secure: config.secure, httpOnly: true, sameSite: 'lax', path: '/' },
      cookies: { session_token: { name: sessionCookie(config.secure) } },
      database: { generateId: () => config.newId() },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    databaseHooks: {
      // What a provider gives us to ask it more is not kept: we never do.
      account: {
        create: { before: async account => ({ data: { ...account, ...NO_TOKENS } }) },
        update: { before: async account => ({ data: { ...account, ...NO_TOKENS } }) },
      },
      // The one gate that every way of signing in passes: false makes no session.
      session: {
        create: {
          before: async session => {
            const span = await config.admit(session.userId)
            if (span === null) return false
            return { data: { ...session, createdAt: new Date(span.from), expiresAt: new Date(span.until) } }
          },
        },
      },
    },
    plugins: [
      twoFactor({
        ...{ issuer: 'Andon', twoFactorCookieMaxAge: PENDING_MINUTES * 60, schema: TWO_FACTOR },
        backupCodeOptions: { amount: CODES, storeBackupCodes: 'encrypted' },
      }),
      genericOAuth({ config: sso.map(oauthOf) }),
      sessionOpener(),
    ],
  } satisfies BetterAuthOptions)

export type Library = ReturnType<typeof buildLibrary>

const oauthOf = ({ id, issuer, clientId, clientSecret, name }: SsoProvider): GenericOAuthConfig => ({
  ...{ providerId: id, name, clientId, clientSecret },
  discoveryUrl: `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
  ...{ scopes: ['openid', 'profile', 'email'], pkce: true, requireIdTokenVerification: true },
  // Who may come in is decided by an invitation, not by having an account at the provider.
  ...{ disableSignUp: true, disableImplicitSignUp: true },
})

/** For links that sign in by themselves: makes a session and its cookie for somebody whose right was checked before. */
const sessionOpener = () => ({
  id: 'andon-session-opener',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ person: z.string() }) },
      async ctx => {
        const user = await ctx.context.internalAdapter.findUserById(ctx.body.person)
        const session = user && (await ctx.context.internalAdapter.createSession(user.id))
        if (!user || !session) return ctx.json({ token: null })
        await setSessionCookie(ctx, { session, user })
        return ctx.json({ token: session.token })
      },
    ),
  },
})

const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null }

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

const OURS = { required: true, input: false, returned: false } as const

/** Their names for our columns. */
const TABLES = {
  user: {
    modelName: 'person',
    fields: { ...TIMES, email: 'mail', emailVerified: 'mail_verified' },
    // Ours; named so that the library's look at the schema finds nothing that it does not know.
    additionalFields: {
      ...{ handle: { type: 'string', ...OURS }, status: { type: 'string', ...OURS } },
      ...{ teams: { type: 'string[]', ...OURS }, version: { type: 'number', ...OURS } },
    },
  },
  session: {
    modelName: 'session',
    fields: { ...TIMES, expiresAt: 'expires_at', userId: 'person', ipAddress: 'address', userAgent: 'agent' },
  },
  account: {
    modelName: 'account',
    fields: {
      ...{ ...TIMES, userId: 'person', providerId: 'provider', accountId: 'account_id' },
      ...{ accessToken: 'access_token', refreshToken: 'refresh_token', idToken: 'id_token' },
      ...{ accessTokenExpiresAt: 'access_token_expires_at', refreshTokenExpiresAt: 'refresh_token_expires_at' },
    },
    encryptOAuthTokens: true,
    // A provider's word counts when it has verified the mail address; that ours is right is what an invitation says.
    accountLinking: { enabled: true, requireLocalEmailVerified: false },
  },
  verification: {
    modelName: 'verification',
    fields: { ...TIMES, expiresAt: 'expires_at' },
    storeIdentifier: 'hashed',
  },
} as const satisfies Partial<BetterAuthOptions>

const TWO_FACTOR = {
  user: { fields: { twoFactorEnabled: 'two_factor' } },
  twoFactor: {
    modelName: 'two_factor',
    fields: {
      ...{ userId: 'person', backupCodes: 'backup_codes' },
      ...{ failedVerificationCount: 'failed_count', lockedUntil: 'locked_until' },
    },
  },
} as const
