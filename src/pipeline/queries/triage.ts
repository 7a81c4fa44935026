import type { FactValues } from '../../contract/facts.ts'
import { kindOfStream } from '../../contract/identity.ts'
import type { Reach } from '../../contract/principal.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import { triageFactsOf } from '../../modules/cases/index.ts'
import { type LoadDeps, loadStreams } from '../load.ts'
import { casesIn, triageSubjectOf } from '../reactors.ts'
import type { Sql } from '../sql.ts'
import { listCases } from './cases.ts'

/** An open case with what the triage table reads of it. */
export interface CaseToTriage {
  readonly case: string
  /** Null for a case of a feed or of the installation. */
  readonly order: string | null
  readonly orderNo: string | null
  readonly type: string
  readonly now: { readonly severity: string; readonly owner: string | null }
  readonly facts: FactValues
}

/** The newest cases that are not over, within reach. */
export async function casesToTriage(
  sql: Sql,
  loads: LoadDeps,
  { reach, limit }: { readonly reach: Reach; readonly limit: number },
): Promise<CaseToTriage[]> {
  const { rows } = await listCases(sql, { reach, state: 'active' }, { sort: 'opened', limit, after: null })
  const streams = [...new Set(rows.map(r => r.stream))]
  const refs = streams.map(stream => {
    const kind = kindOfStream(stream) ?? 'order'
    return { stream, bucket: bucketOf(stream), kind }
  })
  const loaded = await loadStreams(sql, loads, refs)
  return rows.flatMap(row => {
    const memo = loaded.get(row.stream)?.memo
    const state = memo && casesIn(memo.slices)
    const c = state?.cases[row.case_id]
    if (!memo || !state || !c) return []
    const order = memo.kind === 'order' ? row.stream : null
    const facts = triageFactsOf(c, state, triageSubjectOf(memo))
    return [
      { case: c.id, order, orderNo: row.order_no, type: c.type, now: { severity: c.severity, owner: c.owner }, facts },
    ]
  })
}
