import { urlOf } from '../../../lib/api.ts'
import type { AuditSearch } from '../search.ts'

const DAY = 86_400_000

/**
 * The query of the API for these filters; days are those of the reader, both part of the range.
 * @param words verbs that the text means in the reader's language
 */
export function auditQueryOf(search: AuditSearch, words: readonly string[]) {
  const { q, actor, verb, kind, about, outcome, source, from, to } = search
  return {
    ...{ q, actor, source, about },
    ...(q !== undefined && words.length > 0 && { words: [...words] }),
    ...(kind !== undefined && { subjectKind: kind }),
    ...(verb !== undefined && { verb: [verb] }),
    ...(outcome !== undefined && { outcome: [outcome] }),
    ...(from !== undefined && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(to !== undefined && { to: new Date(new Date(`${to}T00:00`).getTime() + DAY).toISOString() }),
  }
}

/** The same list as a file: a link, so that the browser streams it. */
export const exportAddress = (search: AuditSearch, words: readonly string[]): string =>
  urlOf('/v1/audit-export', { query: { ...auditQueryOf(search, words), format: 'csv' } })
