import * as z from 'zod'
import { LANGUAGES } from '../access.ts'
import { named, route } from './route.ts'

/** How people come in. All of it is public: who asks is not known yet. */

export const mail = () =>
  z.string().trim().toLowerCase().max(254).pipe(z.email('write a mail address such as anna@example.com'))
/** Checked for what it must have by the rules of passwords, which say more than a length. */
export const password = () => z.string().min(1).max(1000)
export const personName = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine(text => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must not contain control characters')
export const language = () => z.enum(LANGUAGES)
const token = () => z.string().regex(/^[\w-]{43}$/, 'take the token of the link as it is')
const code = () => z.string().trim().min(6).max(40)

const options = named(
  'SignInOptions',
  z.strictObject({
    setUp: z.boolean().meta({ description: 'There is no administrator yet: open the link that the start printed' }),
    reset: z.boolean().meta({ description: 'Forgotten passwords can be set anew by mail' }),
    sso: z.array(z.strictObject({ id: z.string(), name: z.string(), href: z.string() })),
    password: z.strictObject({ least: z.int(), most: z.int() }),
  }),
)

const signedIn = named(
  'SignedIn',
  z.strictObject({
    step: z.enum(['signed_in', 'second_factor']).meta({
      description: '`signed_in`: the cookie of the session is set. `second_factor`: send a code within ten minutes',
    }),
  }),
)

const link = named(
  'LinkInfo',
  z.strictObject({
    kind: z.enum(['first_run', 'invitation', 'reset']),
    name: z.string().nullable(),
    mail: z.string().nullable(),
    expiresAt: z.iso.datetime({ precision: 3 }),
  }),
)

const BODY = ['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'] as const
const SET_COOKIE = { 200: { description: 'The cookie of the session is set', schema: signedIn } }

const AUTH = '/v1/auth'

export const signInRoutes = {
  getSignInOptions: route({
    method: 'GET',
    path: `${AUTH}/options`,
    right: 'public',
    tag: 'Sign-in',
    summary: 'How one can sign in here',
    replies: { 200: { description: 'What a page of sign-in has to show', schema: options } },
  }),
  setUp: route({
    method: 'POST',
    path: `${AUTH}/setup`,
    right: 'public',
    audit: 'person.set_up',
    tag: 'Sign-in',
    summary: 'Make the first administrator, with the token of the link that the start printed',
    body: z.strictObject({
      token: token(),
      name: personName(),
      mail: mail(),
      password: password(),
      language: language().optional(),
    }),
    replies: SET_COOKIE,
    problems: [...BODY, 'link_invalid', 'password_refused', 'too_many_tries'],
  }),
  signIn: route({
    method: 'POST',
    path: `${AUTH}/sign-in`,
    right: 'public',
    audit: 'session.sign_in',
    tag: 'Sign-in',
    summary: 'Sign in by mail address and password',
    description:
      'An unknown address, a wrong password and a person who may not come in are answered alike, after the same work. Tries are slowed down by account and by address.',
    body: z.strictObject({ mail: mail(), password: password() }),
    replies: SET_COOKIE,
    problems: [...BODY, 'sign_in_refused', 'too_many_tries'],
  }),
  signInSecond: route({
    method: 'POST',
    path: `${AUTH}/second-factor`,
    right: 'public',
    audit: 'session.second_factor',
    tag: 'Sign-in',
    summary: 'The second step of a sign-in: a code of the authenticator, or a recovery code',
    body: z.strictObject({ code: code(), kind: z.enum(['totp', 'recovery']).default('totp') }),
    replies: SET_COOKIE,
    problems: [...BODY, 'second_factor_refused', 'too_many_tries'],
  }),
  signOut: route({
    method: 'POST',
    path: `${AUTH}/sign-out`,
    right: 'signed_in',
    audit: 'session.sign_out',
    tag: 'Sign-in',
    summary: 'End the present session',
    replies: { 204: { description: 'It is over' } },
    problems: ['persons_only'],
  }),
  lookAtLink: route({
    method: 'POST',
    path: `${AUTH}/link`,
    right: 'public',
    audit: 'link.look',
    tag: 'Sign-in',
    summary: 'What a link of an invitation, a reset or the first run is for, without using it up',
    body: z.strictObject({ token: token() }),
    replies: { 200: { description: 'It is good', schema: link } },
    problems: [...BODY, 'link_invalid', 'too_many_tries'],
  }),
  acceptInvitation: route({
    method: 'POST',
    path: `${AUTH}/join`,
    right: 'public',
    audit: 'person.join',
    tag: 'Sign-in',
    summary: 'Accept an invitation: choose a password',
    body: z.strictObject({
      token: token(),
      password: password(),
      name: personName().optional(),
      language: language().optional(),
    }),
    replies: SET_COOKIE,
    problems: [...BODY, 'link_invalid', 'password_refused', 'too_many_tries'],
  }),
  askReset: route({
    method: 'POST',
    path: `${AUTH}/forgot`,
    right: 'public',
    audit: 'password.forget',
    tag: 'Sign-in',
    summary: 'Ask for a link to set a new password, by mail',
    description: 'The answer is the same, and comes as soon, whether there is such a person or not.',
    body: z.strictObject({ mail: mail() }),
    replies: { 202: { description: 'If there is such a person, a mail is on its way' } },
    problems: [...BODY, 'mail_not_set_up', 'too_many_tries'],
  }),
  resetPassword: route({
    method: 'POST',
    path: `${AUTH}/reset`,
    right: 'public',
    audit: 'password.reset',
    tag: 'Sign-in',
    summary: 'Set a new password by the link of a mail; ends every session',
    body: z.strictObject({ token: token(), password: password() }),
    replies: { 204: { description: 'Sign in with it' } },
    problems: [...BODY, 'link_invalid', 'password_refused', 'too_many_tries'],
  }),
  useSignInLink: route({
    method: 'GET',
    path: `${AUTH}/link/{token}`,
    right: 'public',
    audit: 'session.sign_in',
    tag: 'Sign-in',
    summary: 'A link that signs in once: of a practice world, or made on the command line',
    params: z.strictObject({ token: token() }),
    replies: { 303: { description: 'The cookie of the session is set; the console is at `/`' } },
    problems: ['link_invalid', 'sign_in_refused', 'too_many_tries'],
  }),
  startSso: route({
    method: 'GET',
    path: `${AUTH}/sso/{provider}`,
    right: 'public',
    tag: 'Sign-in',
    summary: 'Sign in at an identity provider',
    params: z.strictObject({ provider: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
    replies: { 303: { description: 'To the page of the provider' } },
    problems: ['sso_not_found'],
  }),
  finishSso: route({
    method: 'GET',
    path: `${AUTH}/callback/{provider}`,
    right: 'public',
    audit: 'session.sign_in',
    tag: 'Sign-in',
    summary: 'Where an identity provider sends people back to',
    params: z.strictObject({ provider: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
    // Providers add what they like.
    query: z.looseObject({
      code: z.string().max(4000).optional(),
      state: z.string().max(4000).optional(),
      iss: z.string().max(2000).optional(),
      error: z.string().max(200).optional(),
    }),
    replies: { 303: { description: 'To `/` when it went well, else to `/sign-in?problem=sso`' } },
    problems: ['sso_not_found'],
  }),
}
