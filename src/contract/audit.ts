import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'

/**
 * The audit trail tells of everything that people, keys and the command line do and that no stream's ledger tells:
 * configuration, users, sign-ins, reveals, exports, refusals.
 */

/** `done`, `refused` (with the code of the problem), or `failed` (something broke on our side). */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/**
 * That a command came, and from where. What came of it is told by the ledger of its order, whose row knows the command's id;
 * lists put the two together.
 */
export const COMMAND_SENT = 'command.send'

/** Who acts, and from where. */
export interface AuditWho {
  /** `user:anna`, `key:k-17`, `cli:root`, `system`; `anonymous` before a sign-in. */
  readonly actor: string
  /** For whom, when it is somebody else than the actor. */
  readonly behalf?: string | undefined
  /** Network address, as text. */
  readonly address?: string | undefined
  /** What the client says that it is; cut short. */
  readonly agent?: string | undefined
  /** Id of the request. */
  readonly request?: string | undefined
}

export interface AuditSubject {
  readonly kind: string
  readonly id: string
}

/** What was done. `before` and `after` hold what changed; secrets and personal data in them are masked when written. */
export interface AuditWhat {
  /** `noun.verb` in the present, such as `user.invite`, `session.sign_in`, `order.reveal`. */
  readonly verb: string
  readonly subject?: AuditSubject | undefined
  readonly before?: JsonObject | undefined
  readonly after?: JsonObject | undefined
  /** Default `done`. */
  readonly outcome?: AuditOutcome
  /** Of the problem, when it was refused or failed. */
  readonly code?: string | undefined
}

/** One row of the trail, as it was written. */
export interface AuditEntry {
  readonly id: string
  /** Its place in the chain; null until it was sealed. */
  readonly pos: number | null
  readonly at: Instant
  readonly actor: string
  readonly behalf: string | null
  readonly address: string | null
  readonly agent: string | null
  readonly verb: string
  readonly subject: AuditSubject | null
  readonly outcome: AuditOutcome
  readonly code: string | null
  readonly request: string | null
  /** How often; refusals that repeat are counted in one row. */
  readonly times: number
  readonly before: JsonObject | null
  readonly after: JsonObject | null
}
