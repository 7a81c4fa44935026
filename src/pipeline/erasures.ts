import type { PersonAsked } from '../contract/api/index.ts'
import type { AuditWho } from '../contract/audit.ts'
import { maskText } from '../contract/mask.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AuditTrail } from '../modules/access/index.ts'
import type { Sealer } from '../platform/seal.ts'
import {
  type EraseDeps,
  type Erased,
  eraseLoose,
  eraseOrders,
  erasePerson,
  ordersOfPerson,
  type PersonOrder,
} from './erase.ts'
import { type Page, pageOf } from './queries/build.ts'
import { personQueries, personToken } from './search.ts'
import type { Sql } from './sql.ts'

/** One request, as the register keeps it: nothing in it tells who the person is. */
export interface ErasureRow {
  readonly id: string
  /** What was placed later is not concerned. */
  readonly at: Instant
  readonly actor: string
  readonly reason: string
  readonly tokens: readonly string[]
  readonly status: 'running' | 'waiting' | 'done'
  readonly erased: number
  readonly waiting: number
  readonly checked_at: Instant
  readonly mac: Buffer
}

/** What is kept beside the database, so that a restore of an older backup is erased again. */
export type RegisterEntry = Pick<ErasureRow, 'id' | 'at' | 'actor' | 'reason' | 'tokens'> & { readonly mac: string }

/** The register beside the database: lines that are only added to. */
export interface RegisterFile {
  read(): Promise<readonly RegisterEntry[]>
  append(entries: readonly RegisterEntry[]): Promise<void>
}

export interface ErasuresDeps extends EraseDeps {
  readonly audit: AuditTrail
  readonly register: RegisterFile
  newId(): string
}

/** More orders than one person has: the phone of a shop, a mail address that everybody gives. */
export const MOST_ORDERS = 5000

export class TooManyOrders extends Error {
  readonly code = 'too_many_orders'
}

const INSERT = `
insert into erasure (id, at, actor, reason, tokens, status, erased, waiting, checked_at, mac)
values ($1, $2, $3, $4, $5, 'running', 0, 0, $2, $6)
on conflict (id) do nothing`
const END = `
update erasure set status = $2, erased = erased + $3, waiting = $4, checked_at = $5 where id = $1`
const LIST = `
select * from erasure where (at, id) < ($1::bigint, $2) order by at desc, id desc limit $3`
const FIND = `select * from erasure where id = $1`
const ALL = `select * from erasure where id > $1 order by id limit 500`

/** The tokens of whatever a person was named by; a phone number counts in any way of writing. */
export function tokensOfPerson(sealer: Sealer, { phone, mail, customer }: PersonAsked): string[] {
  const given = [phone, mail, customer].filter(text => text !== undefined)
  // Of a phone the digits only: as it was written is one of many ways.
  return [...new Set(given.map(text => personToken(sealer, personQueries(text).at(-1)!)))]
}

const macOf = (sealer: Sealer, e: Pick<ErasureRow, 'id' | 'at' | 'tokens'>): Buffer =>
  sealer.mac('erasure', Buffer.from(JSON.stringify([e.id, e.at, e.tokens])))

/** Requests to erase a person, their register, and doing them again after a restore. */
export class Erasures {
  readonly #deps: ErasuresDeps

  constructor(deps: ErasuresDeps) {
    this.#deps = deps
  }

  /** Orders that would be erased. @throws TooManyOrders */
  async preview(person: PersonAsked): Promise<readonly PersonOrder[]> {
    const { db, sealer, now } = this.#deps
    const found: PersonOrder[] = []
    for await (const page of ordersOfPerson(db, { tokens: tokensOfPerson(sealer, person), until: now() })) {
      found.push(...page)
      if (found.length > MOST_ORDERS) throw new TooManyOrders(`more than ${MOST_ORDERS} orders say this`)
    }
    return found
  }

  /** Erases a person: the request is in the register and in the audit trail before anything is destroyed. */
  async erase(person: PersonAsked, by: { readonly who: AuditWho; readonly reason: string }): Promise<ErasureRow> {
    const { db, sealer, audit, now, newId, register } = this.#deps
    await this.preview(person)
    const asked = {
      id: newId(),
      at: now(),
      actor: by.who.actor,
      reason: maskText(by.reason),
      tokens: tokensOfPerson(sealer, person),
    }
    const mac = macOf(sealer, asked)
    await db.transaction(async tx => {
      await tx.query(INSERT, [asked.id, asked.at, asked.actor, asked.reason, asked.tokens, mac])
      const after = { namedBy: Object.keys(person), reason: by.reason }
      await audit.recordIn(tx, by.who, { verb: 'person.erase', subject: { kind: 'erasure', id: asked.id }, after })
    })
    await register.append([{ ...asked, mac: mac.toString('hex') }])
    const done = await erasePerson(this.#deps, { tokens: asked.tokens, until: asked.at }, asked)
    await this.#end(asked.id, done)
    return (await findErasure(db, asked.id))!
  }

  /**
   * Brings the register in the database and the one beside it together: an older backup was restored, or the file is new.
   * @returns how many requests the database did not know
   */
  async sync(): Promise<number> {
    const { db, sealer, register } = this.#deps
    // Checked before they are told apart: a forged line must not stand before a true one of the same id.
    const genuine = (await register.read()).filter(e => macOf(sealer, e).toString('hex') === e.mac)
    const outside = new Map(genuine.map(e => [e.id, e]))
    const inside = new Map<string, ErasureRow>()
    for await (const page of allErasures(db)) for (const row of page) inside.set(row.id, row)
    const unknown = [...outside.values()].filter(e => !inside.has(e.id))
    for (const { id, at, actor, reason, tokens, mac } of unknown)
      await db.query(INSERT, [id, at, actor, reason, tokens, Buffer.from(mac, 'hex')])
    const missing = [...inside.values()].filter(row => !outside.has(row.id))
    await register.append(
      missing.map(({ id, at, actor, reason, tokens, mac }) => ({
        id,
        at,
        actor,
        reason,
        tokens,
        mac: mac.toString('hex'),
      })),
    )
    return unknown.length
  }

  /**
   * Does every request of the register again: orders that have ended since, that an older backup brought back, or that an
   * import of history added. What nobody wrote with the master secret is left alone. Returns what was erased.
   */
  async reapply(): Promise<number> {
    const { db, sealer, audit } = this.#deps
    let total = 0
    const persons = new Map<string, Instant>()
    for await (const page of allErasures(db)) {
      for (const row of page) {
        if (!macOf(sealer, row).equals(row.mac)) continue
        const done = await this.#again(row)
        total += done.erased
        for (const token of row.tokens) persons.set(token, Math.max(row.at, persons.get(token) ?? 0))
      }
    }
    total += persons.size === 0 ? 0 : await eraseLoose(this.#deps, persons)
    if (total > 0) await audit.record({ actor: 'system' }, { verb: 'person.erase_again', after: { erased: total } })
    return total
  }

  async #again(row: ErasureRow): Promise<Erased> {
    const asked = { tokens: row.tokens, until: row.at }
    const done = await eraseOrders(this.#deps, asked, { id: row.id, actor: 'system' })
    if (done.erased > 0 || done.waiting !== row.waiting || row.status === 'running') await this.#end(row.id, done)
    return done
  }

  #end(id: string, { erased, waiting }: Erased): Promise<unknown> {
    const { db, now } = this.#deps
    return db.query(END, [id, waiting > 0 ? 'waiting' : 'done', erased, waiting, now()])
  }
}

async function* allErasures(sql: Sql): AsyncGenerator<readonly ErasureRow[]> {
  for (let after = ''; ; ) {
    const { rows } = await sql.query<ErasureRow>(ALL, [after])
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.id
  }
}

export interface ErasurePlace {
  readonly at: Instant
  readonly id: string
}

export async function listErasures(
  sql: Sql,
  page: { readonly limit: number; readonly after: ErasurePlace | null },
): Promise<Page<ErasureRow, ErasurePlace>> {
  const { at, id } = page.after ?? { at: Number.MAX_SAFE_INTEGER, id: '' }
  const { rows } = await sql.query<ErasureRow>(LIST, [at, id, page.limit + 1])
  return pageOf(rows, page.limit, row => ({ at: row.at, id: row.id }))
}

export const findErasure = async (sql: Sql, id: string): Promise<ErasureRow | null> =>
  (await sql.query<ErasureRow>(FIND, [id])).rows[0] ?? null
