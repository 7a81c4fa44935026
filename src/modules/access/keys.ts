import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Right } from '../../contract/rights.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'
import type { Narrowing } from './types.ts'

/** A key by which a program comes in. */
export interface ApiKey extends Narrowing {
  readonly id: string
  /** Names it in ledger and audit: `key:shop-sync`. */
  readonly handle: string
  readonly name: string
  readonly rights: readonly Right[]
  /** Networks (CIDR) that it may come from; empty: any. */
  readonly addresses: readonly string[]
  /** Requests a minute. */
  readonly rate: number
  /** Requests a day (UTC); null: as many as the rate lets through. */
  readonly quota: number | null
  readonly status: 'active' | 'revoked'
  readonly expiresAt: Instant | null
  readonly lastUsedAt: Instant | null
  readonly lastAddress: string | null
  readonly version: number
  readonly actor: string
  readonly createdAt: Instant
  readonly secrets: readonly KeySecret[]
}

export interface KeySecret {
  /** The part of the key that may be shown. */
  readonly hint: string
  readonly createdAt: Instant
  /** Set on the old one while a key is being changed. */
  readonly expiresAt: Instant | null
}

const FORM = /^andon_([a-z0-9]{12})_[A-Za-z0-9_-]{43}$/
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The part of a key by which it is found; null for what is no key of ours. */
export const hintIn = (token: string): string | null => FORM.exec(token)?.[1] ?? null

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

function newToken(): { hint: string; token: string } {
  const hint = Array.from(randomBytes(12), byte => ALPHABET[byte % ALPHABET.length]).join('')
  return { hint, token: `andon_${hint}_${randomBytes(32).toString('base64url')}` }
}

const COLUMNS = `k.id, k.handle, k.name, k.rights, k.shops, k.warehouses, k.addresses, k.rate, k.quota, k.status, k.expires_at,
  k.last_used_at, k.last_address, k.version, k.actor, k.created_at,
  (select coalesce(json_agg(json_build_object('hint', s.hint, 'createdAt', s.created_at, 'expiresAt', s.expires_at)
     order by s.created_at desc), '[]') from api_secret s where s.key = k.id) as secrets`
const LIST = `select ${COLUMNS} from api_key k where k.handle > $1 order by k.handle limit $2`
const ONE = `select ${COLUMNS} from api_key k where k.id = $1`
const FIND = `
select ${COLUMNS}, s.digest, s.expires_at as secret_expires_at,
  coalesce((select u.n from api_use u where u.key = k.id and u.day = $2), 0) as used
from api_secret s join api_key k on k.id = s.key where s.hint = $1`

interface Row {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly rights: Right[]
  readonly shops: string[] | null
  readonly warehouses: string[] | null
  readonly addresses: string[]
  readonly rate: number
  readonly quota: number | null
  readonly status: ApiKey['status']
  readonly expires_at: Instant | null
  readonly last_used_at: Instant | null
  readonly last_address: string | null
  readonly version: number
  readonly actor: string
  readonly created_at: Instant
  /** JSON text. */
  readonly secrets: string
}

const keyOf = (r: Row): ApiKey => ({
  ...{ id: r.id, handle: r.handle, name: r.name, rights: r.rights, shops: r.shops, warehouses: r.warehouses },
  ...{ addresses: r.addresses, rate: r.rate, quota: r.quota, status: r.status, version: r.version, actor: r.actor },
  ...{ expiresAt: r.expires_at, lastUsedAt: r.last_used_at, lastAddress: r.last_address, createdAt: r.created_at },
  secrets: JSON.parse(r.secrets),
})

/** Keys by handle; one more than `limit` when there are more. */
export const listKeys = async (sql: Sql, page: { after: string; limit: number }): Promise<ApiKey[]> =>
  (await sql.query<Row>(LIST, [page.after, page.limit + 1])).rows.map(keyOf)

const NAMES = 'select handle, name from api_key where handle = any($1::text[])'
const CALLED = 'select handle from api_key where lower(name) like $1 or handle like $1 order by handle limit $2'

/** What keys are called, by their handle. */
export async function namesOfKeys(sql: Sql, handles: readonly string[]): Promise<Map<string, string>> {
  if (handles.length === 0) return new Map()
  const { rows } = await sql.query<{ handle: string; name: string }>(NAMES, [handles])
  return new Map(rows.map(row => [row.handle, row.name]))
}

/** Handles of the keys in whose name or handle a text stands. */
export async function keysCalled(sql: Sql, text: string, limit: number): Promise<string[]> {
  const like = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return (await sql.query<{ handle: string }>(CALLED, [like, limit])).rows.map(row => row.handle)
}

export async function keyById(sql: Sql, id: string): Promise<ApiKey | null> {
  const row = (await sql.query<Row>(ONE, [id])).rows[0]
  return row ? keyOf(row) : null
}

export interface FoundKey {
  readonly key: ApiKey
  /** Of the secret that was given. */
  readonly secretExpiresAt: Instant | null
  /** Requests of this day that were written down. */
  readonly used: number
}

/** The key that a token opens, or null; takes the same time for a wrong secret as for the right one. */
export async function findKey(sql: Sql, token: string, day: number): Promise<FoundKey | null> {
  const hint = hintIn(token)
  if (hint === null) return null
  type Found = Row & { digest: Buffer; secret_expires_at: Instant | null; used: number }
  const row = (await sql.query<Found>(FIND, [hint, day])).rows[0]
  if (!row || !timingSafeEqual(row.digest, digestOf(token))) return null
  return { key: keyOf(row), secretExpiresAt: row.secret_expires_at, used: row.used }
}

const INSERT = `
insert into api_key (id, handle, name, rights, shops, warehouses, addresses, rate, quota, status, expires_at, version, actor,
  created_at)
values ($1, $2, $3, $4::text[], $5::text[], $6::text[], $7::text[], $8, $9, 'active', $10, 1, $11, $12)
on conflict (handle) do nothing`
const UPDATE = `
update api_key set name = $3, rights = $4::text[], shops = $5::text[], warehouses = $6::text[], addresses = $7::text[],
  rate = $8, quota = $9, status = $10, expires_at = $11, version = version + 1
where id = $1 and version = $2`

export type NewKey = Omit<ApiKey, 'status' | 'lastUsedAt' | 'lastAddress' | 'version' | 'secrets'>

/** False: the handle is taken. */
export async function insertKey(sql: Sql, k: NewKey): Promise<boolean> {
  const values = [k.id, k.handle, k.name, k.rights, k.shops, k.warehouses, k.addresses, k.rate, k.quota, k.expiresAt]
  return (await sql.query(INSERT, [...values, k.actor, k.createdAt])).rowCount === 1
}

/** False: somebody else changed the key meanwhile. */
export async function updateKey(sql: Sql, k: ApiKey): Promise<boolean> {
  const values = [k.id, k.version, k.name, k.rights, k.shops, k.warehouses, k.addresses, k.rate, k.quota, k.status]
  return (await sql.query(UPDATE, [...values, k.expiresAt])).rowCount === 1
}

const ADD_SECRET = 'insert into api_secret (hint, key, digest, created_at) values ($1, $2, $3, $4)'
const END_SECRETS = `
update api_secret set expires_at = least(coalesce(expires_at, $2::bigint), $2::bigint) where key = $1`
const DROP_SECRETS = 'delete from api_secret where key = $1 and expires_at <= $2'

/** A new secret; the ones before it go on until `until`. Returns the whole key, which is never to be had again. */
export async function addSecret(
  sql: Sql,
  key: string,
  { at, until }: { at: Instant; until: Instant },
): Promise<string> {
  await sql.query(END_SECRETS, [key, until])
  await sql.query(DROP_SECRETS, [key, at])
  const { hint, token } = newToken()
  await sql.query(ADD_SECRET, [hint, key, digestOf(token), at])
  return token
}

const USED = `
update api_key set last_used_at = greatest(coalesce(last_used_at, 0), $2::bigint), last_address = $3 where id = $1`
const COUNT = `
insert into api_use (key, day, n) values ($1, $2, $3) on conflict (key, day) do update set n = api_use.n + excluded.n`

/** Writes down what a process counted since it last did. */
export async function noteUse(
  sql: Sql,
  use: { key: string; day: number; n: number; at: Instant; address: string },
): Promise<void> {
  await sql.query(USED, [use.key, use.at, use.address])
  await sql.query(COUNT, [use.key, use.day, use.n])
}
