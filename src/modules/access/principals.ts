import { createHash } from 'node:crypto'
import type { Principal } from '../../contract/principal.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'
import { isFrom } from './addresses.ts'
import type { Auth } from './auth.ts'
import { fullMeter, type Meter, take } from './core-meter.ts'
import { rightsOf, rightsOfKey } from './core-reach.ts'
import { GUEST, rolesById } from './core-roles.ts'
import { type FoundKey, findKey, hintIn, noteUse } from './keys.ts'
import { ownRoles } from './roles.ts'
import { type SessionRow, sessionByToken, touchSession } from './sessions.ts'
import type { Role } from './types.ts'

/** How long one process may go on with what it knows of a session, a key or a role: what another revoked ends by then. */
const TRUST = 3 * SECOND
/** A session that is used is written down at most this often. */
const TOUCH = MINUTE
/** Remembered at once; beyond it everything is forgotten, which costs a query each. */
const MOST = 20_000
/** Wrong keys that one address may try in a minute. */
const WRONG_KEYS = 30

export interface PrincipalsDeps {
  readonly sql: Sql
  /** Set once the sign-in library is there, which asks us whether somebody may come in. */
  readonly auth: Pick<Auth, 'tokenIn'>
  now(): Instant
  /** Ends a session that was not used for so long, ms. */
  readonly idle: number
  /** Ends any session, ms. */
  readonly longest: number
}

/** What a key may still do; told in headers. */
export interface Limits {
  readonly limit: number
  readonly remaining: number
  /** Seconds. */
  readonly reset: number
}

export type KeyAnswer =
  | { readonly ok: true; readonly principal: Principal; readonly limits: Limits }
  /** `wrong`: no such key, run out or revoked. `address`: not from there. `rate`, `quota`: too much. */
  | {
      readonly ok: false
      readonly why: 'wrong' | 'address' | 'rate' | 'quota'
      readonly retry: number
      readonly limits?: Limits
    }

interface Known<T> {
  readonly value: T
  readonly at: Instant
}

interface KnownSession {
  readonly row: SessionRow
  readonly principal: Principal
}

interface KnownKey extends FoundKey {
  readonly principal: Principal
}

/**
 * Who a request is from, by its cookie or its key. Sessions, keys and roles are read from the database and remembered for
 * a few seconds; a change made by this process is forgotten by it at once.
 */
export class Principals {
  readonly #deps: PrincipalsDeps
  #changes = 0
  #whenChanged: () => void = () => {}
  #sessions = new Map<string, Known<KnownSession | null>>()
  #keys = new Map<string, Known<KnownKey | null>>()
  #roles: Known<Promise<ReadonlyMap<string, Role>>> | null = null
  readonly #meters = new Map<string, Meter>()
  readonly #uses = new Map<string, { n: number; at: Instant; address: string; day: number }>()
  readonly #wrong = new Map<string, Meter>()

  constructor(deps: PrincipalsDeps) {
    this.#deps = deps
  }

  /** Forgets what is known, since somebody changed a person, a session, a role or a key. */
  forget(): void {
    this.#changes++
    this.#sessions = new Map()
    this.#keys = new Map()
    this.#roles = null
    this.#whenChanged()
  }

  /** Told after each change that this process made; one listener. */
  onChange(told: () => void): void {
    this.#whenChanged = told
  }

  /** Counts the times that something was forgotten: who holds on to a principal looks again when it moves. */
  get changes(): number {
    return this.#changes
  }

  /** Whoever is signed in by this `Cookie` header; null when nobody is. @param quietly it is no use that keeps the session */
  async bySession(cookie: string | undefined, quietly = false): Promise<Principal | null> {
    const token = this.#deps.auth.tokenIn(cookie)
    if (token === null) return null
    const now = this.#deps.now()
    const known = this.#sessions.get(token)
    const session = known && now - known.at < TRUST ? known.value : await this.#readSession(token, now)
    if (session === null || !this.#isLive(session.row, now)) return null
    if (!quietly) await this.#touch(session.row, now)
    return session.principal
  }

  /** Whoever has this key, from where it may be used; counted as no use of it. */
  async stillByKey(token: string, address: string): Promise<Principal | null> {
    const now = this.#deps.now()
    const found = hintIn(token) === null ? null : await this.#key(token, now)
    return found !== null && isOpen(found, now) && isFrom(address, found.key.addresses) ? found.principal : null
  }

  /** Whoever has this key, and comes from where it may be used, within its limits. */
  async byKey(token: string, address: string): Promise<KeyAnswer> {
    const now = this.#deps.now()
    if (this.#guesses(address, now)) return { ok: false, why: 'rate', retry: MINUTE / SECOND }
    const found = hintIn(token) === null ? null : await this.#key(token, now)
    if (found === null || !isOpen(found, now)) {
      this.#wrong.set(address, take(this.#wrong.get(address) ?? fullMeter(WRONG_KEYS, now), WRONG_KEYS, now).meter)
      if (this.#wrong.size > MOST) this.#wrong.clear()
      return { ok: false, why: 'wrong', retry: 0 }
    }
    const { key } = found
    if (!isFrom(address, key.addresses)) return { ok: false, why: 'address', retry: 0 }
    return this.#metered(found, address, now)
  }

  /** Writes down which keys were used, and how often. Called now and then, and at the end. */
  async flush(): Promise<void> {
    const uses = [...this.#uses]
    this.#uses.clear()
    for (const [key, use] of uses) await noteUse(this.#deps.sql, { key, ...use })
  }

  async #readSession(token: string, now: Instant): Promise<KnownSession | null> {
    const row = await sessionByToken(this.#deps.sql, token)
    const value = row && { row, principal: personOf(row, await this.roles()) }
    if (this.#sessions.size > MOST) this.#sessions.clear()
    this.#sessions.set(token, { value, at: now })
    return value
  }

  #isLive({ status, expiresAt, createdAt }: SessionRow, now: Instant): boolean {
    return status === 'active' && expiresAt > now && createdAt + this.#deps.longest > now
  }

  async #touch(row: SessionRow, now: Instant): Promise<void> {
    if (now - row.usedAt < TOUCH) return
    const until = Math.min(now + this.#deps.idle, row.createdAt + this.#deps.longest)
    // Known at once, so that requests that come meanwhile do not write it again.
    Object.assign(row, { usedAt: now, expiresAt: until })
    await touchSession(this.#deps.sql, row.id, { until, at: now })
  }

  async #key(token: string, now: Instant): Promise<KnownKey | null> {
    const name = createHash('sha256').update(token).digest('base64')
    const known = this.#keys.get(name)
    if (known && now - known.at < TRUST) return known.value
    await this.flush()
    const found = await findKey(this.#deps.sql, token, dayOf(now))
    const value = found && { ...found, principal: programOf(found) }
    if (this.#keys.size > MOST) this.#keys.clear()
    this.#keys.set(name, { value, at: now })
    return value
  }

  #guesses(address: string, now: Instant): boolean {
    const meter = this.#wrong.get(address)
    return meter !== undefined && !take(meter, WRONG_KEYS, now).allowed
  }

  #metered(found: KnownKey, address: string, now: Instant): KeyAnswer {
    const { key } = found
    const { meter, allowed, remaining, reset } = take(
      this.#meters.get(key.id) ?? fullMeter(key.rate, now),
      key.rate,
      now,
    )
    this.#meters.set(key.id, meter)
    const limits = { limit: key.rate, remaining, reset }
    if (!allowed) return { ok: false, why: 'rate', retry: reset, limits }
    const day = dayOf(now)
    const counted = this.#uses.get(key.id)
    const n = counted?.day === day ? counted.n : 0
    if (key.quota !== null && found.used + n >= key.quota)
      return { ok: false, why: 'quota', retry: Math.ceil(((day + 1) * DAY - now) / SECOND), limits }
    this.#uses.set(key.id, { n: n + 1, at: now, address, day })
    return { ok: true, principal: found.principal, limits }
  }

  /** Every role by id; for verbs too. */
  roles(): Promise<ReadonlyMap<string, Role>> {
    const now = this.#deps.now()
    if (this.#roles && now - this.#roles.at < TRUST) return this.#roles.value
    const value = ownRoles(this.#deps.sql).then(own => rolesById(own.filter(role => !role.retired)))
    this.#roles = { value, at: now }
    value.catch(() => {
      this.#roles = null
    })
    return value
  }
}

const dayOf = (at: Instant): number => Math.floor(at / DAY)

const isOpen = ({ key, secretExpiresAt }: FoundKey, now: Instant): boolean =>
  key.status === 'active' && (key.expiresAt ?? now + 1) > now && (secretExpiresAt ?? now + 1) > now

/** A person with the rights of their roles. */
export function personOf(
  row: Pick<SessionRow, 'handle' | 'name' | 'teams' | 'mates' | 'assignments'> & { id: string; person: string },
  roles: ReadonlyMap<string, Role>,
): Principal {
  const actor = `user:${row.handle}`
  const teamOwners = [...row.teams.map(team => `team:${team}`), ...row.mates.map(mate => `user:${mate}`)]
  const { assignments } = row
  const isGuest = assignments.length > 0 && assignments.every(a => a.role === GUEST)
  return {
    ...{ kind: isGuest ? 'guest' : 'person', id: row.person, name: row.name, actor, via: row.id },
    rights: rightsOf(assignments, roles, { actor, teamOwners }),
  }
}

function programOf({ key }: FoundKey): Principal {
  const { id, name, handle, rights } = key
  return { kind: 'key', id, name, actor: `key:${handle}`, via: id, rights: rightsOfKey(rights, key) }
}

/** How long sessions last unless it is configured otherwise. */
export const SESSION_LIFE = { idle: 4 * HOUR, longest: DAY } as const
