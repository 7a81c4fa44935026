import type { CaseSummary, DueGroup } from '../../../contract/api/index.ts'
import { exceptionLabel } from '../../../contract/exceptions.ts'
import type { Label } from '../../../contract/facts.ts'
import { DAY, HOUR, type Instant, isoOf } from '../../../kernel/instant.ts'
import { dayOf, endOfDay, isZone } from '../../../kernel/zone.ts'
import {
  type Counted,
  caseFigures,
  FACETS,
  type Facet,
  facetOf,
  groupsOf,
  SUMMARY_LIMIT,
} from '../../../pipeline/queries/case-summary.ts'
import type { CaseFilter } from '../../../pipeline/queries/cases.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { caseFilterOf } from './cases.ts'
import { isoOrNull } from './orders.ts'

const SOON = 2 * HOUR

export function caseSummaryHandlers(deps: HttpDeps): Pick<Handlers, 'summariseCases'> {
  return {
    async summariseCases({ query: { zone, facets, group, ...asked } }, caller) {
      const now = deps.now()
      const bounds = dueBounds(now, zone)
      const filter = await caseFilterOf(deps, asked, caller)
      const figures = filter === null ? NOTHING : await caseFigures(deps.db, filter, bounds)
      const { count, money, due, none } = figures
      const body: CaseSummary = {
        ...{ now: isoOf(now), count, exact: count < SUMMARY_LIMIT, money: money.map(m => ({ ...m })) },
        due: GROUPS.map((group, i) => ({
          ...{ group, count: group === 'none' ? none : (due[i] ?? 0) },
          ...(group === 'none' ? { from: null, to: null } : rangeOf(bounds, i)),
        })),
        groups: group && filter ? await groupsIn(deps, filter, group) : null,
        facets: facets && filter ? await facetsOf(deps, filter) : null,
      }
      return { status: 200, body }
    },
  }
}

const GROUPS: readonly DueGroup[] = ['overdue', 'soon', 'today', 'tomorrow', 'later', 'none']
const NOTHING = { count: 0, money: [], due: [], none: 0 }

const rangeOf = (bounds: readonly Instant[], i: number) => ({
  ...{ from: isoOrNull(bounds[i - 1]), to: isoOrNull(bounds[i]) },
})

/**
 * Where the groups of deadlines end, ascending: now, in two hours, the end of today, the end of tomorrow in the zone. Late
 * in the evening the two hours reach into tomorrow; then there is nothing left of today.
 * @throws ApiProblem invalid_request
 */
function dueBounds(now: Instant, zone: string): Instant[] {
  if (!isZone(zone)) {
    const message = 'use an IANA time zone such as Asia/Shanghai'
    const errors = [{ pointer: '/query/zone', code: 'bad_zone', message }]
    throw new ApiProblem('invalid_request', `/query/zone: ${message}.`, { errors })
  }
  const soon = now + SOON
  const today = Math.max(endOfDay(dayOf(now, zone), zone), soon)
  return [now, soon, today, Math.max(endOfDay(dayOf(now + DAY, zone), zone), today)]
}

async function facetsOf({ db }: HttpDeps, filter: CaseFilter): Promise<NonNullable<CaseSummary['facets']>> {
  const of = async (facet: Facet) => named(facet, await facetOf(db, filter, facet))
  const [severity, type, status, owner, channel, region] = await Promise.all(FACETS.map(of))
  const none = [] as Awaited<ReturnType<typeof of>>
  return {
    ...{ severity: severity ?? none, type: type ?? none, status: status ?? none },
    ...{ owner: owner ?? none, channel: channel ?? none, region: region ?? none },
  }
}

const groupsIn = async ({ db }: HttpDeps, filter: CaseFilter, by: 'type' | 'owner') =>
  named(by, await groupsOf(db, filter, by))

const named = (facet: Facet, values: readonly Counted[]) =>
  values.map(({ value, count }) => ({ value, label: labelOf(facet, value), count }))

const labelOf = (facet: Facet, value: string | null): Label | null =>
  facet === 'type' && value !== null ? { ...exceptionLabel(value) } : null
