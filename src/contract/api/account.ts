import * as z from 'zod'
import { RIGHT_IDS } from '../rights.ts'
import { named, route } from './route.ts'
import { at, label } from './shapes.ts'
import { language, password, personName } from './sign-in.ts'

/** One's own account. */

export const right = z.enum(RIGHT_IDS)

const scope = z.strictObject({
  shops: z.array(z.string()).optional(),
  warehouses: z.array(z.string()).optional(),
  owners: z.array(z.string()).optional(),
})

const heldRight = named(
  'HeldRight',
  z.strictObject({
    right,
    name: label,
    reach: z.union([z.literal('all'), z.array(scope)]).meta({
      description: 'over what: everything, or what at least one of the scopes covers',
    }),
  }),
)

const me = named(
  'Me',
  z.strictObject({
    id: z.string(),
    kind: z.enum(['person', 'guest', 'key', 'system']),
    name: z.string(),
    actor: z.string().meta({ description: 'As ledger, cases and audit name you' }),
    mail: z.string().nullable(),
    language: z.string().nullable(),
    teams: z.array(z.string()),
    roles: z.array(z.string()),
    twoFactor: z.boolean(),
    hasPassword: z.boolean(),
    rights: z.array(heldRight),
    missing: z
      .array(z.strictObject({ right, why: label }))
      .meta({ description: 'Rights that you do not have, with what to tell you where you would need one' }),
  }),
)

const session = named(
  'Session',
  z.strictObject({
    id: z.string(),
    present: z.boolean().meta({ description: 'The one that asks' }),
    address: z.string().nullable(),
    agent: z.string().nullable().meta({ description: 'What the browser says that it is, as it stands' }),
    browser: z.string().nullable().meta({ description: 'Its name, such as Chrome; null when that cannot be told' }),
    system: z
      .string()
      .nullable()
      .meta({ description: 'What it runs on, such as Windows; null when that cannot be told' }),
    createdAt: at(),
    usedAt: at(),
    expiresAt: at().meta({ description: 'When it ends if it is not used' }),
  }),
)

const secretCodes = { recoveryCodes: z.array(z.string()).meta({ description: 'Shown this once; each counts once' }) }
const BODY = ['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'] as const
const PASSWORD = [...BODY, 'persons_only', 'wrong_password', 'too_many_tries'] as const
const ended = named('SessionsEnded', z.strictObject({ ended: z.int() }))

export const accountRoutes = {
  getMe: route({
    method: 'GET',
    path: '/v1/me',
    right: 'signed_in',
    tag: 'Account',
    summary: 'Who you are and what you may do',
    replies: { 200: { description: 'You', schema: me } },
  }),
  changeMe: route({
    method: 'POST',
    path: '/v1/me',
    right: 'signed_in',
    audit: 'account.change',
    tag: 'Account',
    summary: 'Change your name or language',
    body: z.strictObject({ name: personName().optional(), language: language().optional() }),
    replies: { 200: { description: 'You', schema: me } },
    problems: [...BODY, 'persons_only', 'person_changed'],
  }),
  changePassword: route({
    method: 'POST',
    path: '/v1/me/password',
    right: 'signed_in',
    audit: 'password.change',
    tag: 'Account',
    summary: 'Change your password; ends your other sessions',
    body: z.strictObject({ present: password(), next: password() }),
    replies: { 200: { description: 'Changed', schema: ended } },
    problems: [...PASSWORD, 'password_refused'],
  }),
  listMySessions: route({
    method: 'GET',
    path: '/v1/me/sessions',
    right: 'signed_in',
    tag: 'Account',
    summary: 'Where you are signed in',
    replies: {
      200: { description: 'All of them', schema: named('Sessions', z.strictObject({ items: z.array(session) })) },
    },
    problems: ['persons_only'],
  }),
  endMySession: route({
    method: 'POST',
    path: '/v1/me/sessions/{id}/end',
    right: 'signed_in',
    audit: 'session.end',
    tag: 'Account',
    summary: 'Sign out one session',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    replies: { 200: { description: 'It is over', schema: ended } },
    problems: ['persons_only', 'session_not_found'],
  }),
  endMyOtherSessions: route({
    method: 'POST',
    path: '/v1/me/sessions/end-others',
    right: 'signed_in',
    audit: 'session.end',
    tag: 'Account',
    summary: 'Sign out everywhere but here',
    replies: { 200: { description: 'They are over', schema: ended } },
    problems: ['persons_only'],
  }),
  startTotp: route({
    method: 'POST',
    path: '/v1/me/totp',
    right: 'signed_in',
    audit: 'totp.begin',
    tag: 'Account',
    summary: 'Begin to set up an authenticator; it counts when a code of it was confirmed',
    body: z.strictObject({ password: password() }),
    replies: {
      200: {
        description: 'Show the address as a QR code',
        schema: z.strictObject({ uri: z.string().meta({ description: 'otpauth://totp/...' }), ...secretCodes }),
      },
    },
    problems: [...PASSWORD, 'second_factor_state'],
  }),
  confirmTotp: route({
    method: 'POST',
    path: '/v1/me/totp/confirm',
    right: 'signed_in',
    audit: 'totp.start',
    tag: 'Account',
    summary: 'Confirm the authenticator by a code; from now on a sign-in asks for one',
    body: z.strictObject({ code: z.string().trim().min(6).max(10) }),
    replies: { 204: { description: 'The session was changed for a new one' } },
    problems: [...BODY, 'persons_only', 'second_factor_refused', 'second_factor_state', 'too_many_tries'],
  }),
  stopTotp: route({
    method: 'POST',
    path: '/v1/me/totp/stop',
    right: 'signed_in',
    audit: 'totp.stop',
    tag: 'Account',
    summary: 'Do without a second factor',
    body: z.strictObject({ password: password() }),
    replies: { 204: { description: 'The session was changed for a new one' } },
    problems: [...PASSWORD, 'second_factor_state'],
  }),
  renewRecoveryCodes: route({
    method: 'POST',
    path: '/v1/me/recovery-codes',
    right: 'signed_in',
    audit: 'totp.new_codes',
    tag: 'Account',
    summary: 'New recovery codes; the old ones are void',
    body: z.strictObject({ password: password() }),
    replies: { 200: { description: 'The new ones', schema: z.strictObject(secretCodes) } },
    problems: [...PASSWORD, 'second_factor_state'],
  }),
}
