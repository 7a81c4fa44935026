import type { ApiKeyItem } from '../../../contract/api/index.ts'
import { HOUR, type Instant, isoOf } from '../../../kernel/instant.ts'
import {
  type ApiKey,
  changeKey,
  createKey,
  isNetwork,
  listKeys,
  revokeKey,
  rotateKey,
} from '../../../modules/access/index.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { byOf } from './account.ts'
import { isoOrNull } from './orders.ts'

type Operation = 'listKeys' | 'createKey' | 'changeKey' | 'rotateKey' | 'revokeKey'

export function keyHandlers({ access }: HttpDeps): Pick<Handlers, Operation> {
  const item = (key: ApiKey): ApiKeyItem => keyItem(key, access.now())
  return {
    async listKeys({ query: { limit, cursor } }) {
      const after = LISTS.keys.placeOf(cursor)?.[0] ?? ''
      const keys = await listKeys(access.db, { after, limit })
      const items = keys.slice(0, limit).map(item)
      return {
        status: 200,
        body: { items, next: keys.length > limit ? LISTS.keys.cursorOf([items.at(-1)!.handle]) : null },
      }
    },
    async createKey({ body }, caller) {
      checkAddresses(body.addresses)
      const { key, token } = await createKey(access, byOf(caller), body)
      return { status: 201, body: { key: item(key), secret: token } }
    },
    async changeKey({ params: { id }, body }, caller) {
      checkAddresses(body.addresses ?? [])
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      return { status: 200, body: item(await changeKey(access, byOf(caller), { ...given, version: body.version, id })) }
    },
    async rotateKey({ params: { id }, body: { overlapHours } }, caller) {
      const { key, token } = await rotateKey(access, byOf(caller), { id, overlap: overlapHours * HOUR })
      return { status: 200, body: { key: item(key), secret: token } }
    },
    async revokeKey({ params: { id } }, caller) {
      return { status: 200, body: item(await revokeKey(access, byOf(caller), id)) }
    },
  }
}

/** @throws ApiProblem invalid_request */
function checkAddresses(addresses: readonly string[]): void {
  const at = addresses.findIndex(address => !isNetwork(address))
  if (at < 0) return
  const message = 'write an address or a network: 10.0.0.7, 10.0.0.0/8, 2001:db8::/32'
  const errors = [{ pointer: `/addresses/${at}`, code: 'bad_format', message }]
  throw new ApiProblem('invalid_request', `/addresses/${at}: ${message}.`, { errors })
}

function keyItem(key: ApiKey, now: Instant): ApiKeyItem {
  const { id, handle, name, rights, shops, warehouses, addresses, rate, quota, lastAddress, version } = key
  const expired = key.expiresAt !== null && key.expiresAt <= now
  return {
    ...{
      id,
      handle,
      actor: `key:${handle}`,
      name,
      status: key.status === 'active' && expired ? 'expired' : key.status,
    },
    ...{ rights: [...rights], shops: shops && [...shops], warehouses: warehouses && [...warehouses] },
    ...{ addresses: [...addresses], rate, quota, expiresAt: isoOrNull(key.expiresAt) },
    ...{ lastUsedAt: isoOrNull(key.lastUsedAt), lastAddress, version },
    secrets: key.secrets
      .filter(secret => secret.expiresAt === null || secret.expiresAt > now)
      .map(({ hint, createdAt, expiresAt }) => ({
        hint,
        createdAt: isoOf(createdAt),
        expiresAt: isoOrNull(expiresAt),
      })),
    ...{ createdBy: key.actor, createdAt: isoOf(key.createdAt) },
  }
}
