import type { AuditWhat, AuditWho } from '../../contract/audit.ts'
import { type Principal, permits } from '../../contract/principal.ts'
import type { Right } from '../../contract/rights.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Database, Sql } from '../../platform/database.ts'
import type { Mailer } from '../../platform/mail.ts'
import type { Sealer } from '../../platform/seal.ts'
import type { AuditTrail } from './audit.ts'
import type { Auth } from './auth.ts'
import type { Principals } from './principals.ts'

/** What the verbs of this room work with. */
export interface AccessDeps {
  readonly db: Database
  readonly sealer: Sealer
  readonly audit: AuditTrail
  readonly auth: Auth
  readonly principals: Principals
  /** Null: no mail server is set up, and links are shown to who makes them. */
  readonly mail: Mailer | null
  now(): Instant
  newId(): string
  /** Where people reach us, without a slash at its end. */
  url(): string
}

/** Who gives the verb, and how the trail names them. */
export interface By {
  readonly principal: Principal
  readonly who: AuditWho
}

export type DenialCode =
  | 'not_allowed'
  | 'beyond_your_rights'
  | 'sign_in_refused'
  | 'too_many_tries'
  | 'second_factor_refused'
  | 'second_factor_state'
  | 'link_invalid'
  | 'password_refused'
  | 'wrong_password'
  | 'person_not_found'
  | 'person_exists'
  | 'person_changed'
  | 'last_administrator'
  | 'session_not_found'
  | 'role_not_found'
  | 'role_exists'
  | 'role_changed'
  | 'role_in_use'
  | 'role_built_in'
  | 'key_not_found'
  | 'key_exists'
  | 'key_changed'
  | 'sso_not_found'
  | 'persons_only'
  | 'mail_not_sent'

/** A verb of this room that is not carried out. Told to the caller; never a bug. */
export class Denied extends Error {
  readonly code: DenialCode
  readonly more: Readonly<Record<string, unknown>>

  constructor(code: DenialCode, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.more = more
  }
}

/** The first line of a verb. @throws Denied not_allowed */
export function demand(principal: Principal, right: Right): void {
  if (!permits(principal, right)) throw new Denied('not_allowed', right, { right })
}

/** A change and its audit row, in one transaction. */
export const audited = <T>(
  { db, audit }: Pick<AccessDeps, 'db' | 'audit'>,
  by: AuditWho,
  work: (tx: Sql) => Promise<{ readonly result: T; readonly what: AuditWhat }>,
): Promise<T> =>
  db.transaction(async tx => {
    const { result, what } = await work(tx)
    await audit.recordIn(tx, by, what)
    return result
  })
