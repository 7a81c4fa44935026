import * as z from 'zod'
import { RIGHT_IDS, RIGHTS } from '../rights.ts'
import { right } from './account.ts'
import { named, route } from './route.ts'
import { at, cursor, label, limit, listOf, page } from './shapes.ts'
import { language, mail, personName } from './sign-in.ts'

/** People and roles: who may do what. */

const STATUSES = ['invited', 'active', 'disabled'] as const
const CELLS = ['all', 'team', 'own'] as const

export const handle = () =>
  z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'use 1 to 40 small letters, digits, dots, hyphens and underscores')
const code = (what: string) => z.string().regex(/^[^\s,\p{Cc}]{1,64}$/u, `a ${what} has 1 to 64 characters, no space`)
const team = () => z.string().regex(/^[\p{L}\p{N}._-]{1,40}$/u, 'use 1 to 40 letters, digits, dots and hyphens')
/** Null, or left out: all of them. */
export const shops = () => z.array(code('shop')).min(1).max(200).nullable().default(null)
export const warehouses = () => z.array(code('warehouse')).min(1).max(200).nullable().default(null)
const roleId = () => z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'use 2 to 40 small letters, digits and underscores')

const assignment = named(
  'Assignment',
  z
    .strictObject({ role: z.string().min(1).max(40), shops: shops(), warehouses: warehouses() })
    .meta({ description: 'A role, over all shops and warehouses or over these' }),
)

const assignments = () => z.array(assignment).max(50)

const person = named(
  'Person',
  z.strictObject({
    id: z.string(),
    handle: z.string(),
    actor: z.string(),
    name: z.string(),
    mail: z.string().nullable().meta({ description: 'Only for who has the right user.manage' }),
    status: z.enum(STATUSES),
    language: z.string().nullable(),
    teams: z.array(z.string()),
    roles: z.array(assignment),
    twoFactor: z.boolean(),
    version: z.int(),
    createdAt: at(),
  }),
)
export type PersonItem = z.output<typeof person>

const sentLink = named(
  'SentLink',
  z.strictObject({
    sent: z.boolean().meta({ description: 'It was mailed' }),
    link: z
      .string()
      .nullable()
      .meta({ description: 'To hand over yourself, where no mail server is set up; shown this once' }),
  }),
)

const rightItem = named(
  'RightInfo',
  z.strictObject({
    id: right,
    name: label,
    about: z.enum(['order', 'case', 'shop', 'free', 'whole']).meta({
      description:
        'order: by shop and warehouse. case: by shop, warehouse, team and own. shop: by shop. free: never narrowed. whole: only from a role that is not narrowed.',
    }),
  }),
)

const cells = () =>
  z
    .partialRecord(z.enum(RIGHT_IDS), z.enum(CELLS))
    .superRefine((given, ctx) => {
      for (const id of RIGHT_IDS)
        if ((given[id] ?? 'all') !== 'all' && RIGHTS[id].about !== 'case')
          ctx.addIssue({ code: 'custom', path: [id], message: 'is not about cases: it can only be given whole' })
    })
    .meta({ description: 'Over what the role gives each right; rights that are left out it does not give' })

const roleShape = {
  id: z.string(),
  version: z.int().meta({ description: '0: built in' }),
  name: label,
  builtIn: z.boolean(),
  retired: z.boolean(),
  cells: cells(),
}
const role = named('Role', z.strictObject(roleShape))
export type RoleItem = z.output<typeof role>

const roleVersion = named('RoleVersion', z.strictObject({ ...roleShape, actor: z.string(), at: at() }))

const words = z.strictObject({ zh: personName(), en: personName() })
const params = z.strictObject({ id: z.string().min(1).max(100) })
const version = z.int().min(1).meta({ description: 'The version that you looked at' })

const BODY = ['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'] as const
const GIVING = ['role_not_found', 'beyond_your_rights'] as const
const OF_PERSON = ['person_not_found', 'beyond_your_rights'] as const

export const peopleRoutes = {
  listPeople: route({
    method: 'GET',
    path: '/v1/people',
    right: 'user.read',
    tag: 'People',
    summary: 'People by handle',
    query: z.strictObject({
      status: listOf(z.enum(STATUSES)).optional(),
      q: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'part of a name, a handle or a mail address' }),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page', schema: page('PeoplePage', person) } },
    problems: ['invalid_cursor'],
  }),
  getPerson: route({
    method: 'GET',
    path: '/v1/people/{id}',
    right: 'user.read',
    tag: 'People',
    summary: 'One person',
    params,
    replies: { 200: { description: 'As they are', schema: person } },
    problems: ['person_not_found'],
  }),
  invitePerson: route({
    method: 'POST',
    path: '/v1/people',
    right: 'user.manage',
    audit: 'person.invite',
    tag: 'People',
    summary: 'Invite somebody',
    body: z.strictObject({
      name: personName(),
      mail: mail(),
      handle: handle().optional(),
      language: language().optional(),
      teams: z.array(team()).max(50).default([]),
      roles: assignments(),
    }),
    example: { name: 'Anna', mail: 'anna@example.com', roles: [{ role: 'customer_service', shops: ['web'] }] },
    replies: {
      201: { description: 'Invited', schema: z.strictObject({ person, invitation: sentLink }) },
    },
    problems: [...BODY, ...GIVING, 'person_exists', 'mail_not_sent'],
  }),
  changePerson: route({
    method: 'POST',
    path: '/v1/people/{id}',
    right: 'user.manage',
    audit: 'person.change',
    tag: 'People',
    summary: 'Change the name, the teams or the roles of a person',
    params,
    body: z.strictObject({
      version,
      name: personName().optional(),
      language: language().nullable().optional(),
      teams: z.array(team()).max(50).optional(),
      roles: assignments().optional(),
    }),
    replies: { 200: { description: 'Changed, in force at once', schema: person } },
    problems: [...BODY, ...GIVING, 'person_not_found', 'person_changed', 'last_administrator'],
  }),
  disablePerson: route({
    method: 'POST',
    path: '/v1/people/{id}/disable',
    right: 'user.manage',
    audit: 'person.disable',
    tag: 'People',
    summary: 'Let a person in no more; ends their sessions',
    params,
    replies: { 200: { description: 'Disabled', schema: person } },
    problems: [...OF_PERSON, 'person_changed', 'last_administrator'],
  }),
  enablePerson: route({
    method: 'POST',
    path: '/v1/people/{id}/enable',
    right: 'user.manage',
    audit: 'person.enable',
    tag: 'People',
    summary: 'Let a person in again',
    params,
    replies: { 200: { description: 'Enabled', schema: person } },
    problems: [...OF_PERSON, 'person_changed'],
  }),
  renewLink: route({
    method: 'POST',
    path: '/v1/people/{id}/link',
    right: 'user.manage',
    audit: 'link.renew',
    tag: 'People',
    summary: 'A new link: the invitation again, or one to set a new password',
    params,
    replies: { 200: { description: 'The one before is void', schema: sentLink } },
    problems: [...OF_PERSON, 'person_changed', 'mail_not_sent'],
  }),
  clearTotp: route({
    method: 'POST',
    path: '/v1/people/{id}/totp/clear',
    right: 'user.manage',
    audit: 'person.clear_totp',
    tag: 'People',
    summary: 'Take away the second factor of who has lost it; ends their sessions',
    params,
    replies: { 200: { description: 'Cleared', schema: person } },
    problems: [...OF_PERSON],
  }),
  endSessionsOf: route({
    method: 'POST',
    path: '/v1/people/{id}/sessions/end',
    right: 'user.manage',
    audit: 'person.end_sessions',
    tag: 'People',
    summary: 'Sign a person out everywhere',
    params,
    replies: { 200: { description: 'Their sessions are over', schema: z.strictObject({ ended: z.int() }) } },
    problems: [...OF_PERSON],
  }),
  listRights: route({
    method: 'GET',
    path: '/v1/rights',
    right: 'signed_in',
    tag: 'People',
    summary: 'Every right there is',
    replies: {
      200: { description: 'All of them', schema: named('Rights', z.strictObject({ items: z.array(rightItem) })) },
    },
  }),
  listRoles: route({
    method: 'GET',
    path: '/v1/roles',
    right: 'user.read',
    tag: 'People',
    summary: 'Roles: built-in ones, those of your own, and retired ones',
    replies: { 200: { description: 'All of them', schema: named('Roles', z.strictObject({ items: z.array(role) })) } },
  }),
  listRoleVersions: route({
    method: 'GET',
    path: '/v1/roles/{id}/versions',
    right: 'user.read',
    tag: 'People',
    summary: 'What a role was before, the newest first',
    params,
    replies: {
      200: {
        description: 'At most 200; none for a built-in role',
        schema: named('RoleVersions', z.strictObject({ items: z.array(roleVersion) })),
      },
    },
    problems: ['role_not_found'],
  }),
  createRole: route({
    method: 'POST',
    path: '/v1/roles',
    right: 'role.manage',
    audit: 'role.create',
    tag: 'People',
    summary: 'Make a role',
    body: z.strictObject({ id: roleId(), name: words, cells: cells() }),
    replies: { 201: { description: 'Made', schema: role } },
    problems: [...BODY, 'role_exists', 'role_changed', 'beyond_your_rights'],
  }),
  changeRole: route({
    method: 'POST',
    path: '/v1/roles/{id}',
    right: 'role.manage',
    audit: 'role.change',
    tag: 'People',
    summary: 'Change a role; in force at once for everybody who has it',
    params,
    body: z.strictObject({ version, name: words, cells: cells() }),
    replies: { 200: { description: 'A new version', schema: role } },
    problems: [...BODY, 'role_not_found', 'role_built_in', 'role_changed', 'beyond_your_rights'],
  }),
  retireRole: route({
    method: 'POST',
    path: '/v1/roles/{id}/retire',
    right: 'role.manage',
    audit: 'role.retire',
    tag: 'People',
    summary: 'Retire a role that nobody has',
    params,
    body: z.strictObject({ version }),
    replies: { 200: { description: 'Retired', schema: role } },
    problems: [...BODY, 'role_not_found', 'role_built_in', 'role_changed', 'role_in_use'],
  }),
}
