/** What the addresses of these pages carry; what is not as it should be counts as not given. */

export interface SignInSearch {
  /** Where one wanted to go: a path of this console. */
  readonly next?: string
  readonly problem?: string
  /** A new password was just set. */
  readonly set?: true
}

// Only a path of our own: an address of elsewhere would make the sign-in a springboard.
export const ownPath = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined

export interface AuditSearch {
  readonly q?: string
  readonly actor?: string
  readonly verb?: string
  /** Kind of what it is about. */
  readonly kind?: string
  /** What it is about: number, name or id. */
  readonly about?: string
  readonly outcome?: 'done' | 'refused' | 'failed'
  readonly source?: 'trail' | 'ledger'
  readonly from?: string
  readonly to?: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 100) : undefined
const oneOf = <V extends string>(known: readonly V[], value: unknown): V | undefined => known.find(k => k === value)
const day = (value: unknown): string | undefined => {
  const given = text(value)
  return given !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : undefined
}

/** Reads the search part of an address; what is not as it should be counts as not given. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const read = {
    ...{ q: text(search.q), actor: text(search.actor), verb: text(search.verb) },
    ...{ kind: text(search.kind), about: text(search.about) },
    outcome: oneOf(['done', 'refused', 'failed'], search.outcome),
    source: oneOf(['trail', 'ledger'], search.source),
    ...{ from: day(search.from), to: day(search.to) },
  }
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
}
