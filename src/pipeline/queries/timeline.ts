import type { TimelineWho } from '../../contract/api/index.ts'
import type { Fact, StreamId } from '../../contract/stream.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import { type LoadDeps, openFacts, type TailRow } from '../load.ts'
import type { Sql } from '../sql.ts'

// Who wrote a row, by its actor; what no other group has is the outside.
const WHO: { readonly [W in TimelineWho]: string } = {
  person: `actor ~ '(^| for )user:'`,
  rule: `(actor like 'rule:%' or actor like 'table:%')`,
  system: `(actor = 'system' or actor like 'system:%' or actor like 'stream:%')`,
  outside: `actor !~ '(^| for )user:' and actor not like 'rule:%' and actor not like 'table:%' and actor <> 'system'
    and actor not like 'system:%' and actor not like 'stream:%'`,
}

const page = (who: string): string => `
select bucket, stream, seq, type, v, actor, cause, occurred_at, recorded_at, known_at, body
from ledger
where bucket = $1 and stream = $2 and recorded_month >= $3 and seq < $4 and ${who}
  and ($5::text is null or ($9 and type not like 'case.%' and type not like 'finding.%')
    or (type like 'case.%' and body ->> 'case' = $5)
    or (type like 'finding.%' and body ->> 'type' = $6 and coalesce(body ->> 'scope', '') = $7))
order by seq desc limit $8`

const TEXTS: { readonly [who: string]: string } = {
  all: page('true'),
  ...Object.fromEntries(Object.entries(WHO).map(([who, condition]) => [who, page(condition)])),
}

export interface TimelineAsked {
  readonly stream: StreamId
  readonly bornMonth: number
  /** Only facts of this case, and those of its stream that are about no case. */
  readonly about: { readonly id: string; readonly type: string; readonly scope: string } | null
  /** False: without those that are about no case. */
  readonly whole: boolean
  readonly who: TimelineWho | null
  /** Facts before this seq. */
  readonly before: number
  readonly limit: number
}

/** Facts of a stream, the newest first. The ids of cases and the types of findings are never personal, so never sealed. */
export async function readTimeline(sql: Sql, deps: LoadDeps, asked: TimelineAsked): Promise<Fact[]> {
  const { stream, bornMonth, about, whole, who, before, limit } = asked
  const of = [about?.id ?? null, about?.type ?? null, about?.scope ?? null]
  const values = [bucketOf(stream), stream, bornMonth, before, ...of, limit, whole]
  const { rows } = await sql.query<TailRow>(TEXTS[who ?? 'all']!, values)
  return openFacts(sql, deps, rows)
}

/** Which of the four groups an actor is of. */
export function whoIs(actor: string): TimelineWho {
  if (/(^| for )user:/.test(actor)) return 'person'
  if (actor.startsWith('rule:') || actor.startsWith('table:')) return 'rule'
  return actor === 'system' || actor.startsWith('system:') || actor.startsWith('stream:') ? 'system' : 'outside'
}
