import type { SimilarCases, TimelineItem } from '../../../contract/api/index.ts'
import { CAUSES, isCause } from '../../../contract/causes.ts'
import { personalPathsOf } from '../../../contract/personal.ts'
import type { Fact } from '../../../contract/stream.ts'
import { DAY, isoOf } from '../../../kernel/instant.ts'
import { type Ending, endingsOf, likeness, type Traits } from '../../../modules/cases/index.ts'
import { headOf, isOrderInReach } from '../../../pipeline/queries/ledger.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { endedCases, type OrderTraits, traitsOf } from '../../../pipeline/queries/similar.ts'
import type { CaseRowTable } from '../../../pipeline/queries/tables.ts'
import { readTimeline, whoIs } from '../../../pipeline/queries/timeline.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { maskedBody } from '../mask.ts'
import type { Handlers } from '../serve.ts'
import { caseRowOf, withEvidence } from './cases.ts'
import { factName, loadsOf } from './order.ts'

const DAYS = 90
const MOST_ENDED = 500
const NEAREST = 5
const LAST = 2 ** 31 - 1

export function caseAroundHandlers(deps: HttpDeps): Pick<Handlers, 'caseTimeline' | 'similarCases'> {
  return {
    async caseTimeline({ params: { id }, query: { who, limit, cursor } }, { principal }) {
      const row = await caseRowOf(deps, id, reachOf(principal, 'case.read'))
      const head = await headOf(deps.db, row.stream)
      const before = LISTS.history.placeOf(cursor)?.[0] ?? LAST
      const about = { id, type: row.type, scope: row.scope }
      // Whoever may not see the ledger of the order (a supplier, for one) sees what became of the case, and no more.
      const whole = await isOrderInReach(deps.db, row.stream, reachOf(principal, 'ledger.read'))
      const asked = { stream: row.stream, bornMonth: head?.bornMonth ?? 0, about, whole, who: who ?? null, before }
      const facts = await readTimeline(deps.db, loadsOf(deps), { ...asked, limit: limit + 1 })
      const items = facts.slice(0, limit).map(fact => timelineItem(fact, id))
      const next = facts.length > limit ? LISTS.history.cursorOf([items.at(-1)!.seq]) : null
      return { status: 200, body: { items, next } }
    },
    async similarCases({ params: { id } }, { principal }) {
      const reach = reachOf(principal, 'case.read')
      const row = await caseRowOf(deps, id, reach)
      const from = deps.now() - DAYS * DAY
      const ended = await endedCases(deps.db, { reach, type: row.type, from, limit: MOST_ENDED + 1 })
      const others = ended.filter(c => c.case_id !== id).slice(0, MOST_ENDED)
      const traits = await traitsOf(deps.db, [row, ...others])
      return { status: 200, body: await similarTo(deps, { row, others, traits }) }
    },
  }
}

/** A fact as a timeline shows it. Notes on the case are written to be read; what else is personal is masked. */
export function timelineItem(fact: Fact, caseId: string | null): TimelineItem {
  const own = caseId !== null && fact.body.case === caseId
  const data = own ? fact.body : maskedBody(fact.body, personalPathsOf(fact.type))
  return {
    ...{ seq: fact.seq, type: fact.type, name: { ...factName(fact.type) }, who: whoIs(fact.actor), actor: fact.actor },
    ...{ at: isoOf(fact.occurredAt), recordedAt: isoOf(fact.recordedAt), own, data: { ...data } },
  }
}

interface Precedent {
  readonly row: CaseRowTable
  readonly others: readonly CaseRowTable[]
  readonly traits: ReadonlyMap<string, OrderTraits>
}

async function similarTo(deps: HttpDeps, { row, others, traits }: Precedent): Promise<SimilarCases> {
  const mine = traitsIn(row, traits)
  const ranked = others
    .map(other => ({ other, ...likeness(mine, traitsIn(other, traits)) }))
    .toSorted((a, b) => b.score - a.score || (b.other.ended_at ?? 0) - (a.other.ended_at ?? 0))
    .slice(0, NEAREST)
  const items = await withEvidence(
    deps,
    ranked.map(r => r.other),
  )
  const results = await Promise.all(ranked.map(({ other }) => resultOf(deps, other)))
  return {
    days: DAYS,
    count: others.length,
    endings: endingsOf(others.map(c => ({ cause: c.cause, ms: (c.ended_at ?? c.opened_at) - c.opened_at }))).map(
      ending => ({
        ...ending,
        name: causeName(ending),
      }),
    ),
    nearest: ranked.map(({ score, same }, i) => ({ case: items[i]!, score, same: [...same], result: results[i]! })),
  }
}

const causeName = ({ cause }: Ending) =>
  cause === null
    ? { zh: '自行消除', en: 'Went away by itself' }
    : { ...(isCause(cause) ? CAUSES[cause] : { zh: cause, en: cause }) }

function traitsIn(row: CaseRowTable, traits: ReadonlyMap<string, OrderTraits>): Traits {
  const order = traits.get(row.stream)
  const { channel, region, severity, amount } = row
  return {
    channel,
    region,
    severity,
    amount,
    carrier: order?.carrier ?? null,
    paymentMethod: order?.payment_method ?? null,
  }
}

/** What was written when a case was closed; null for one that went away by itself. */
async function resultOf(deps: HttpDeps, row: CaseRowTable): Promise<string | null> {
  if (row.cause === null) return null
  const head = await headOf(deps.db, row.stream)
  const about = { id: row.case_id, type: row.type, scope: row.scope }
  const asked = {
    stream: row.stream,
    bornMonth: head?.bornMonth ?? 0,
    about,
    whole: false,
    who: null,
    before: LAST,
    limit: 20,
  }
  const facts = await readTimeline(deps.db, loadsOf(deps), asked)
  const result = facts.find(f => f.type === 'case.closed' && f.body.case === row.case_id)?.body.result
  return typeof result === 'string' ? result : null
}
