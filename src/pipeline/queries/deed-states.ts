import type { Fact } from '../../contract/stream.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Case, CasesState } from '../../modules/cases/index.ts'
import { foldFacts, initialSlices } from '../decide.ts'
import { type LoadDeps, openFactsMasked, type TailRow } from '../load.ts'
import { casesIn } from '../reactors.ts'
import { jsonRows, type Sql } from '../sql.ts'
import type { ActRowTable } from './tables.ts'

/** What a deed on a stream said, and what its case was before and after it. */
export interface DeedState {
  /** Without its personal fields: nothing is opened for a look at the trail. */
  readonly said: JsonObject
  readonly type: string
  readonly before: JsonObject | null
  readonly after: JsonObject | null
}

const FACTS = `
select l.bucket, l.stream, l.seq, l.type, l.v, l.actor, l.cause, l.occurred_at, l.recorded_at, l.known_at, l.body
from json_to_recordset($1) as r(b smallint, s text, q integer)
join head h on h.bucket = r.b and h.stream = r.s
join ledger l on l.bucket = r.b and l.stream = r.s and l.recorded_month >= h.born_month and l.seq <= r.q
order by l.bucket, l.stream, l.seq`

const keyOf = (stream: string, seq: number): string => `${stream}:${seq}`

/** The deeds of one page by stream and number. A stream that is not of an order has its cases as well. */
export async function statesOf(
  sql: Sql,
  deps: LoadDeps,
  acts: readonly ActRowTable[],
): Promise<(act: ActRowTable) => DeedState | null> {
  const wanted = new Set(acts.map(act => keyOf(act.stream, act.seq)))
  const last = new Map<string, number>()
  for (const { stream, seq } of acts) last.set(stream, Math.max(seq, last.get(stream) ?? 0))
  const ask = [...last].map(([s, q]) => ({ b: bucketOf(s), s, q }))
  const rows = ask.length === 0 ? [] : (await sql.query<TailRow>(FACTS, [jsonRows(ask)])).rows
  const facts = openFactsMasked(deps, rows)
  const found = new Map<string, DeedState>()
  const reactors = deps.reactorsOf('order').filter(reactor => reactor.slice === 'cases')
  let slices = initialSlices(reactors)
  for (const [i, fact] of facts.entries()) {
    const { stream } = rows[i]!
    if (stream !== rows[i - 1]?.stream) slices = initialSlices(reactors)
    const before = casesIn(slices)
    slices = foldFacts(slices, [fact], reactors)
    const key = keyOf(stream, fact.seq)
    if (wanted.has(key)) found.set(key, stateOf(fact, before, casesIn(slices)))
  }
  return act => found.get(keyOf(act.stream, act.seq)) ?? null
}

function stateOf({ type, body }: Fact, before: CasesState, after: CasesState): DeedState {
  const id = typeof body.case === 'string' ? body.case : ''
  const shownIn = ({ cases }: CasesState): JsonObject | null => (cases[id] ? shown(cases[id]) : null)
  return { said: body, type, before: shownIn(before), after: shownIn(after) }
}

/** What people change of a case; the rest follows from it. */
const shown = (c: Case): JsonObject => ({
  ...{ case: c.id, status: c.status, severity: c.severity, owner: c.owner, snoozedUntil: c.snoozedUntil },
  ...(c.status === 'waiting' && { waitingFor: c.waitingFor, waitingUntil: c.waitingUntil }),
  ...(c.status === 'closed' && { cause: c.cause }),
})
