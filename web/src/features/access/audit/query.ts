import { urlOf } from '../../../lib/api.ts'
import type { AuditSearch } from '../search.ts'

const DAY = 86_400_000

/** The query of the API for these filters; days are those of the reader, both part of the range. */
export function auditQueryOf({ q, actor, verb, outcome, source, from, to }: AuditSearch) {
  return {
    ...{ q, actor, source },
    ...(verb !== undefined && { verb: [verb] }),
    ...(outcome !== undefined && { outcome: [outcome] }),
    ...(from !== undefined && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(to !== undefined && { to: new Date(new Date(`${to}T00:00`).getTime() + DAY).toISOString() }),
  }
}

/** The same list as a file: a link, so that the browser streams it. */
export const exportAddress = (search: AuditSearch): string =>
  urlOf('/v1/audit-export', { query: { ...auditQueryOf(search), format: 'csv' } })
