import type { Right } from '../../../contract/rights.ts'
import { HOUR, type Instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type AccessDeps, audited, type By, Denied, demand } from '../access.ts'
import { rightsOfKey } from '../core-reach.ts'
import { type ApiKey, addSecret, insertKey, keyById, listKeys, updateKey } from '../keys.ts'
import type { Narrowing } from '../types.ts'
import { demandWithin } from './giving.ts'

/** What these verbs work with: the command line has no sign-in to offer. */
export type KeyDeps = Pick<AccessDeps, 'db' | 'audit' | 'principals' | 'now' | 'newId'>

/** Requests a minute that a key may make when nothing else is said. */
export const USUAL_RATE = 600
/** How long the old secret goes on while a key is changed, unless it is said otherwise. */
export const OVERLAP = 24 * HOUR

export interface KeyGiven extends Narrowing {
  readonly name: string
  readonly rights: readonly Right[]
  readonly addresses: readonly string[]
  readonly rate: number
  readonly quota: number | null
  readonly expiresAt: Instant | null
}

/** A key with its secret, which is shown this once. */
export interface NewSecret {
  readonly key: ApiKey
  readonly token: string
}

/** @throws Denied not_allowed, beyond_your_rights, key_exists */
export async function createKey(
  deps: KeyDeps,
  by: By,
  { handle, ...given }: KeyGiven & { readonly handle: string },
): Promise<NewSecret> {
  demand(by.principal, 'key.manage')
  demandWithin(by.principal, rightsOfKey(given.rights, given))
  const id = deps.newId()
  const at = deps.now()
  const token = await audited(deps, by.who, async tx => {
    if (!(await insertKey(tx, { ...given, id, handle, actor: by.principal.actor, createdAt: at })))
      throw new Denied('key_exists', `There is a key ${handle} already, or there was one: choose another name.`)
    const result = await addSecret(tx, id, { at, until: at })
    return { result, what: { verb: 'api_key.create', subject: subjectOf(handle), after: shown(given) } }
  })
  return { key: await found(deps, id), token }
}

/** @throws Denied not_allowed, key_not_found, key_changed, beyond_your_rights */
export async function changeKey(
  deps: KeyDeps,
  by: By,
  { id, ...given }: Partial<KeyGiven> & { readonly id: string; readonly version: number },
): Promise<ApiKey> {
  demand(by.principal, 'key.manage')
  const before = await found(deps, id)
  const after = { ...before, ...given }
  demandWithin(by.principal, rightsOfKey(before.rights, before))
  demandWithin(by.principal, rightsOfKey(after.rights, after))
  return write(deps, by, { before, after, verb: 'api_key.change' })
}

/** Ends a key at once, here and everywhere within seconds. @throws Denied not_allowed, key_not_found */
export async function revokeKey(deps: KeyDeps, by: By, id: string): Promise<ApiKey> {
  demand(by.principal, 'key.manage')
  const before = await found(deps, id)
  return write(deps, by, { before, after: { ...before, status: 'revoked' }, verb: 'api_key.revoke' })
}

/**
 * A new secret for a key; the old one goes on for `overlap` ms, so that programs can be changed one after another.
 * @throws Denied not_allowed, key_not_found, beyond_your_rights
 */
export async function rotateKey(
  deps: KeyDeps,
  by: By,
  { id, overlap }: { id: string; overlap: number },
): Promise<NewSecret> {
  demand(by.principal, 'key.manage')
  const key = await found(deps, id)
  demandWithin(by.principal, rightsOfKey(key.rights, key))
  if (key.status !== 'active') throw new Denied('key_changed', 'This key was revoked: make a new one.')
  const at = deps.now()
  const token = await audited(deps, by.who, async tx => {
    const result = await addSecret(tx, id, { at, until: at + overlap })
    return { result, what: { verb: 'api_key.rotate', subject: subjectOf(key.handle), after: { overlap } } }
  })
  deps.principals.forget()
  return { key: await found(deps, id), token }
}

/** A key that one program has from each of its starts to the next: made, or given a new secret. Returns the secret. */
export async function renewedKey(
  deps: KeyDeps,
  by: By,
  given: Pick<KeyGiven, 'name' | 'rights' | 'rate'> & { readonly handle: string },
): Promise<string> {
  const known = (await listKeys(deps.db, { after: '', limit: 10_000 })).find(key => key.handle === given.handle)
  if (known) return (await rotateKey(deps, by, { id: known.id, overlap: 0 })).token
  const whole = { shops: null, warehouses: null, addresses: [], quota: null, expiresAt: null }
  return (await createKey(deps, by, { ...given, ...whole })).token
}

async function write(
  deps: KeyDeps,
  by: By,
  { before, after, verb }: { before: ApiKey; after: ApiKey; verb: string },
): Promise<ApiKey> {
  await audited(deps, by.who, async tx => {
    if (!(await updateKey(tx, after)))
      throw new Denied('key_changed', 'Somebody else changed this key meanwhile: look again, then decide.')
    const subject = subjectOf(before.handle)
    return { result: null, what: { verb, subject, before: shownWhole(before), after: shownWhole(after) } }
  })
  deps.principals.forget()
  return found(deps, before.id)
}

async function found({ db }: KeyDeps, id: string): Promise<ApiKey> {
  const key = await keyById(db, id)
  if (key === null) throw new Denied('key_not_found', `There is no key ${id}: see GET /v1/keys.`)
  return key
}

// Audit masks what is called a key or a name; `label` is what people call it.
const subjectOf = (handle: string) => ({ kind: 'api_key', id: handle })

const shownWhole = (key: ApiKey): JsonObject => ({ ...shown(key), status: key.status })

const shown = ({ name, rights, shops, warehouses, addresses, rate, quota, expiresAt }: KeyGiven): JsonObject => ({
  ...{ label: name, rights: [...rights], shops: shops && [...shops], warehouses: warehouses && [...warehouses] },
  ...{ networks: [...addresses], rate, quota, expiresAt },
})
