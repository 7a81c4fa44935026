import { codeOf, messageOf, violatedKey } from '../platform/error.ts'

/** What an error of a step speaks of: the database, a race, a newer release, or else one of its rows. */

export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'threw'

/** A fact of a newer release: the lane stops and tries again later, it never skips what it cannot read. */
export const isUnknownFact = (error: unknown): boolean => errorCode(error) === 'unknown_fact'

/** No such table or right, a damaged index, a wrong login: no row is at fault. */
export const isSystemic = (error: unknown): boolean => /^(42|28|3D|XX)[0-9A-Z]{3}$/.test(errorCode(error))

/** Two lanes created the stream at once, or our memory of it (or a hint that it is new) is older than its head. */
export const isHeadRace = (error: unknown): boolean => /^(head|ledger_\d+_\d+)_pkey/.test(violatedKey(error) ?? '')

/** The outcome of this command stands already: it was handled, only its row was still there. */
export const isDone = (error: unknown): boolean => violatedKey(error)?.startsWith('outcome_pkey') === true

/** A change found other rows than it was to touch (`sql/write.ts`, `touching`): the lease moved on, or what we remember is old. */
export function missedRows(error: unknown): 'fenced' | 'stale' | null {
  // No number: what the cast says of its text, in the language of the server.
  if (codeOf(error) !== '22P02') return null
  const [, what] = /andon_(fenced|stale)_\d/.exec(messageOf(error)) ?? []
  return what === 'fenced' || what === 'stale' ? what : null
}
