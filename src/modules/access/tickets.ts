import { createHash, randomBytes } from 'node:crypto'
import { DAY, HOUR, type Instant, MINUTE } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'

/** What a one-time link is for. The token stands in the link alone; the database keeps its digest. */
export const TICKET_KINDS = ['first_run', 'invitation', 'reset', 'sign_in', 'practice'] as const
export type TicketKind = (typeof TICKET_KINDS)[number]

/** How long each is good for, ms. */
export const TICKET_LIFE: { readonly [K in TicketKind]: number } = {
  first_run: DAY,
  invitation: 7 * DAY,
  reset: HOUR,
  sign_in: 10 * MINUTE,
  // Of a practice world: good until the next start, and as often as one likes, since nothing in there is real.
  practice: 30 * DAY,
}

export interface Ticket<K extends TicketKind = TicketKind> {
  readonly kind: K
  /** Id; empty at the first run, when there is nobody yet. */
  readonly person: string
  readonly expiresAt: Instant
}

/** 256 bits by chance: nobody guesses one. */
export const newToken = (): string => randomBytes(32).toString('base64url')

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const INSERT = `insert into ticket (digest, kind, person, created_at, expires_at) values ($1, $2, $3, $4, $5)`
const REPLACE = `delete from ticket where person = $1 and kind = $2`
const LOOK = `select kind, person, expires_at from ticket where digest = $1 and kind = any($2::text[]) and expires_at > $3`
const TAKE = `
delete from ticket where digest = $1 and kind = any($2::text[]) and expires_at > $3 returning kind, person, expires_at`

/**
 * A new token; earlier ones of the same kind for the same person are void. @param life ms, the usual when left out;
 * `token` one that was made before
 */
export async function issueTicket(
  sql: Sql,
  given: { kind: TicketKind; person: string; at: Instant; life?: number; token?: string },
): Promise<string> {
  const { kind, person, at, life, token = newToken() } = given
  await sql.query(REPLACE, [person, kind])
  await sql.query(INSERT, [digestOf(token), kind, person, at, at + (life ?? TICKET_LIFE[kind])])
  return token
}

export async function voidTickets(sql: Sql, person: string, kinds: readonly TicketKind[]): Promise<void> {
  for (const kind of kinds) await sql.query(REPLACE, [person, kind])
}

interface Asked<K extends TicketKind> {
  readonly kinds: readonly K[]
  readonly now: Instant
}

/** What a token stands for, without using it up; null when it is no good (any more). */
export const lookAtTicket = <K extends TicketKind>(
  sql: Sql,
  token: string,
  asked: Asked<K>,
): Promise<Ticket<K> | null> => found(sql, LOOK, [digestOf(token), asked.kinds, asked.now])

/** Uses a token up: of two that come at once, one gets it. */
export const takeTicket = <K extends TicketKind>(sql: Sql, token: string, asked: Asked<K>): Promise<Ticket<K> | null> =>
  found(sql, TAKE, [digestOf(token), asked.kinds, asked.now])

async function found<K extends TicketKind>(
  sql: Sql,
  text: string,
  values: readonly unknown[],
): Promise<Ticket<K> | null> {
  const row = (await sql.query<{ kind: K; person: string; expires_at: Instant }>(text, values)).rows[0]
  return row ? { kind: row.kind, person: row.person, expiresAt: row.expires_at } : null
}
