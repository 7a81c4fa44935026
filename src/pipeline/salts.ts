import type { Instant } from '../kernel/instant.ts'
import { newSalt } from '../platform/seal.ts'
import { generationOf } from './personal.ts'
import { LOAD_SALTS, MAKE_SALTS } from './sql/load.ts'
import { hex, jsonRows, type Sql } from './sql.ts'

/** Whose personal data a salt seals: a stream, or a message that has none yet. */
export interface SaltOwner {
  readonly bucket: number
  readonly stream: string
}

/** By owner. Null: it was destroyed, what it sealed is erased. Not there: there never was one. */
export type Salts = ReadonlyMap<string, Buffer | null>

/**
 * The salts of owners, made where there never was one: one statement for owners that are new, two where there are old
 * ones. One that was destroyed stays so: what comes for it is not kept.
 */
export async function ensureSalts(sql: Sql, owners: readonly SaltOwner[], at: Instant): Promise<Salts> {
  if (owners.length === 0) return new Map()
  const sorted = sortedOwners(owners)
  const rows = sorted.map(s => ({ b: s.bucket, s: s.stream, salt: hex(newSalt()), m: at }))
  const made = await sql.query<{ stream: string; salt: Buffer }>(MAKE_SALTS, [jsonRows(rows)])
  const salts = new Map<string, Buffer | null>(made.rows.map(r => [r.stream, r.salt]))
  const old = sorted.filter(s => !salts.has(s.stream))
  for (const [stream, salt] of await loadSalts(sql, old)) salts.set(stream, salt)
  return salts
}

export interface NewSalt extends SaltOwner {
  readonly salt: Buffer
}

/** Salts of owners that never had one, in the order in which they are to be written: two nodes that meet must not lock each other. */
export const newSalts = (owners: readonly SaltOwner[]): NewSalt[] =>
  sortedOwners(owners).map(owner => ({ ...owner, salt: newSalt() }))

/** The same for `COPY_SALTS`. */
export const saltLines = (salts: readonly NewSalt[], at: Instant): string =>
  salts.map(s => `${s.bucket}\t${s.stream}\t\\${hex(s.salt)}\t${at}\n`).join('')

const sortedOwners = <T extends SaltOwner>(owners: readonly T[]): T[] =>
  [...owners].sort((a, b) => (a.stream < b.stream ? -1 : 1))

export async function loadSalts(sql: Sql, owners: readonly SaltOwner[]): Promise<Salts> {
  if (owners.length === 0) return new Map()
  const ask = jsonRows(owners.map(s => ({ b: s.bucket, s: s.stream })))
  const { rows } = await sql.query<{ stream: string; salt: Buffer | null }>(LOAD_SALTS, [ask])
  return new Map(rows.map(r => [r.stream, r.salt]))
}

/** Under which name the salt of a stream's texts of a generation stands. */
export const ownerOf = (stream: string, generation: number): string => stream + '~'.repeat(generation)

/** The salts that stored texts need. */
export function loadSaltsFor(sql: Sql, texts: readonly (SaltOwner & { readonly stored: string })[]): Promise<Salts> {
  const owners = new Map<string, SaltOwner>()
  for (const { bucket, stream, stored } of texts) {
    const generation = generationOf(stored)
    if (generation === null) continue
    const owner = ownerOf(stream, generation)
    owners.set(owner, { bucket, stream: owner })
  }
  return loadSalts(sql, [...owners.values()])
}

/** The salt that opens a stored text of a stream. */
export const saltFor = (salts: Salts, stream: string, stored: string): Buffer | null | undefined => {
  const generation = generationOf(stored)
  return generation === null ? undefined : salts.get(ownerOf(stream, generation))
}

export interface WritersSalt {
  readonly salt: Buffer
  readonly generation: number
}

// As often as one person can be erased again on one order; each is a request of its own.
export const MOST_GENERATIONS = 8

/**
 * For texts that our own people write: when the person of an order was erased, work on it may go on, and what is written
 * from then on is sealed under a salt of its own, which a later erasure destroys in turn.
 */
export async function writersSalts(
  sql: Sql,
  streams: readonly SaltOwner[],
  at: Instant,
): Promise<ReadonlyMap<string, WritersSalt>> {
  const found = new Map<string, WritersSalt>()
  for (let generation = 0; generation < MOST_GENERATIONS; generation++) {
    const wanted = streams.filter(s => !found.has(s.stream))
    if (wanted.length === 0) break
    const owners = wanted.map(s => ({ bucket: s.bucket, stream: ownerOf(s.stream, generation) }))
    const salts = await ensureSalts(sql, owners, at)
    for (const { stream } of wanted) {
      const salt = salts.get(ownerOf(stream, generation))
      if (salt) found.set(stream, { salt, generation })
    }
  }
  return found
}
