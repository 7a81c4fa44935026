import * as z from 'zod'
import { right } from './account.ts'
import { handle, shops, warehouses } from './people.ts'
import { named, route } from './route.ts'
import { at, cursor, limit, page, when } from './shapes.ts'
import { personName } from './sign-in.ts'

/** API keys: how programs come in. */

const addresses = () =>
  z
    .array(z.string().min(2).max(49))
    .max(100)
    .meta({ description: 'Addresses and networks (CIDR) that it may come from; none: any' })
const rate = () => z.int().min(1).max(100_000).meta({ description: 'Requests a minute' })
const quota = () => z.int().min(1).max(1_000_000_000).nullable().meta({ description: 'Requests a day (UTC)' })

const secret = z.strictObject({
  hint: z.string().meta({ description: 'andon_<hint>_... is the key' }),
  createdAt: at(),
  expiresAt: at().nullable().meta({ description: 'Set on the old one while a key is being changed' }),
})

const key = named(
  'ApiKey',
  z.strictObject({
    id: z.string(),
    handle: z.string(),
    actor: z.string(),
    name: z.string(),
    status: z.enum(['active', 'expired', 'revoked']),
    rights: z.array(right),
    shops: z.array(z.string()).nullable(),
    warehouses: z.array(z.string()).nullable(),
    addresses: z.array(z.string()),
    rate: z.int(),
    quota: z.int().nullable(),
    expiresAt: at().nullable(),
    lastUsedAt: at().nullable().meta({ description: 'To within some seconds' }),
    lastAddress: z.string().nullable(),
    secrets: z.array(secret),
    version: z.int(),
    createdBy: z.string(),
    createdAt: at(),
  }),
)
export type ApiKeyItem = z.output<typeof key>

const withSecret = named(
  'ApiKeySecret',
  z.strictObject({
    key,
    secret: z
      .string()
      .meta({ description: 'Send it as Authorization: Bearer. Shown this once; we keep a digest of it' }),
  }),
)

const given = {
  name: personName(),
  rights: z.array(right).min(1),
  shops: shops(),
  warehouses: warehouses(),
  addresses: addresses().default([]),
  rate: rate().default(600),
  quota: quota().default(null),
  expiresAt: when().nullable().default(null),
}

const params = z.strictObject({ id: z.string().min(1).max(100) })
const BODY = ['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'] as const

export const keyRoutes = {
  listKeys: route({
    method: 'GET',
    path: '/v1/keys',
    right: 'key.manage',
    tag: 'Keys',
    summary: 'API keys by handle',
    query: z.strictObject({ limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page', schema: page('ApiKeyPage', key) } },
    problems: ['invalid_cursor'],
  }),
  createKey: route({
    method: 'POST',
    path: '/v1/keys',
    right: 'key.manage',
    audit: 'api_key.create',
    tag: 'Keys',
    summary: 'Make an API key',
    body: z.strictObject({ handle: handle(), ...given }),
    example: { handle: 'shop-sync', name: 'Shop sync', rights: ['event.write'], shops: ['web'] },
    replies: { 201: { description: 'The secret is shown this once', schema: withSecret } },
    problems: [...BODY, 'key_exists', 'beyond_your_rights'],
  }),
  changeKey: route({
    method: 'POST',
    path: '/v1/keys/{id}',
    right: 'key.manage',
    audit: 'api_key.change',
    tag: 'Keys',
    summary: 'Change what a key may do',
    params,
    body: z.strictObject({
      version: z.int().min(1).meta({ description: 'The version that you looked at' }),
      name: personName().optional(),
      rights: z.array(right).min(1).optional(),
      shops: shops().unwrap().optional(),
      warehouses: warehouses().unwrap().optional(),
      addresses: addresses().optional(),
      rate: rate().optional(),
      quota: quota().optional(),
      expiresAt: when().nullable().optional(),
    }),
    replies: { 200: { description: 'Changed, in force within seconds', schema: key } },
    problems: [...BODY, 'key_not_found', 'key_changed', 'beyond_your_rights'],
  }),
  rotateKey: route({
    method: 'POST',
    path: '/v1/keys/{id}/rotate',
    right: 'key.manage',
    audit: 'api_key.rotate',
    tag: 'Keys',
    summary: 'A new secret; the old one goes on for a while',
    params,
    body: z.strictObject({
      overlapHours: z.number().min(0).max(720).default(24).meta({ description: '0: the old secret ends at once' }),
    }),
    replies: { 200: { description: 'The secret is shown this once', schema: withSecret } },
    problems: [...BODY, 'key_not_found', 'key_changed', 'beyond_your_rights'],
  }),
  revokeKey: route({
    method: 'POST',
    path: '/v1/keys/{id}/revoke',
    right: 'key.manage',
    audit: 'api_key.revoke',
    tag: 'Keys',
    summary: 'End a key at once',
    params,
    replies: { 200: { description: 'It opens nothing any more', schema: key } },
    problems: ['key_not_found', 'key_changed'],
  }),
}
