import type { Sql } from '../sql.ts'

export interface CaseCount {
  readonly type: string
  readonly open: number
  /** Cleared or closed. */
  readonly over: number
}

const CASES = `
select type, count(*) filter (where status not in ('cleared', 'closed')) as open,
       count(*) filter (where status in ('cleared', 'closed')) as over
from case_row group by type order by type`

/** Cases by type. Reads them all: for the end of a replay, not for a screen. */
export const casesByType = async (sql: Sql): Promise<CaseCount[]> => (await sql.query<CaseCount>(CASES)).rows
