import type { Reply } from '../../../lib/api.ts'

export type Table = Reply<'getTable'>

/** What a decision table is used for names it. */
const TABLES = ['triage', 'approval', 'routing'] as const
export const tableOf = (id: string): Table['id'] | null => TABLES.find(table => table === id) ?? null

const KIND = 'table:'
/** The table of `table:approval`, as findings and people's names have it; null for a rule. */
export const tableIn = (subject: string): Table['id'] | null =>
  subject.startsWith(KIND) ? tableOf(subject.slice(KIND.length)) : null
