import type { Duration } from '../kernel/instant.ts'
import { HOUR } from '../kernel/instant.ts'
import type { Severity } from './exceptions.ts'

/**
 * How long a case may take from its opening to its resolution, by severity: real hours, day and night. A stand-in until
 * service-level clocks with calendars, teams and pauses by party exist; the fact that opens a case keeps the budget that
 * it was given, so that a change here moves no deadline of a case that is there.
 */
export const BUDGETS: { readonly [S in Severity]: Duration } = {
  P0: HOUR,
  P1: 4 * HOUR,
  P2: 24 * HOUR,
  P3: 72 * HOUR,
}

/** Types whose budget is their own. A message without its order is somebody's order that nobody sees. */
const OF_TYPE: { readonly [type: string]: Duration } = {
  unmatched_timeout: 8 * HOUR,
}

export const TYPES_IN_TIME: readonly string[] = Object.keys(OF_TYPE)

/** The budget of a case in ms. */
export const budgetOf = (type: string, severity: Severity): Duration =>
  Object.hasOwn(OF_TYPE, type) ? Math.min(OF_TYPE[type]!, BUDGETS[severity]) : BUDGETS[severity]
