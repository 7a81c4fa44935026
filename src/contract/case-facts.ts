/**
 * The facts that the cases room adds to a ledger, each with the paths in its body that people write freely: these may
 * name a person and are stored sealed. Names and versions are in `events/system.ts`.
 */
export const CASE_FACTS = {
  'case.opened': [],
  'case.reopened': ['reason'],
  'case.cleared': [],
  'case.acknowledged': ['note'],
  'case.assigned': ['note'],
  'case.started': ['note'],
  'case.waiting': ['note'],
  'case.resumed': ['note'],
  'case.snoozed': ['note'],
  'case.released': ['note'],
  'case.noted': ['text'],
  'case.triaged': [],
  'case.severity_set': ['reason'],
  'case.resolved': ['result', 'note'],
  'case.closed': ['result', 'note', 'override.reason'],
} as const satisfies Record<string, readonly string[]>

export type CaseFactType = keyof typeof CASE_FACTS

/** Personal paths of a case fact's body; none for any other type. */
export const personalPathsOfCaseFact = (type: string): readonly string[] =>
  Object.hasOwn(CASE_FACTS, type) ? CASE_FACTS[type as CaseFactType] : []
