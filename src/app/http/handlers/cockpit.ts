import type { Cockpit } from '../../../contract/api/index.ts'
import { type Principal, permits, type Reach } from '../../../contract/principal.ts'
import { type Instant, isoOf, monthOf, SECOND } from '../../../kernel/instant.ts'
import { isZone } from '../../../kernel/zone.ts'
import type { Measure } from '../../../modules/insight/index.ts'
import { countDue, openByDimension, overdueAt } from '../../../pipeline/queries/case-counts.ts'
import type { CaseSort } from '../../../pipeline/queries/case-sort.ts'
import { type CaseFilter, listCases } from '../../../pipeline/queries/cases.ts'
import * as rollups from '../../../pipeline/queries/rollups.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { systemClock } from '../../../platform/clock.ts'
import { Figures, LIMIT_DAYS } from '../cockpit/figures.ts'
import { kpisOf, SOON } from '../cockpit/kpis.ts'
import { Links } from '../cockpit/links.ts'
import { flowOf, HEAT_STAGES, heatOf, openOf, p95Of, paretoOf, shown } from '../cockpit/parts.ts'
import { type CockpitTime, cockpitTime, instantOf } from '../cockpit/time.ts'
import type { HttpDeps } from '../deps.ts'
import type { HeardFeeds } from '../heard.ts'
import { latestItems } from '../live-items.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { withEvidence } from './cases.ts'
import { feedItems } from './operations.ts'

/** The same figures are made once for everybody who sees the same and asks within this time. */
const FRESH = 2 * SECOND
const KEPT = 200
const [URGENT, FEW, FACTS] = [8, 5, 30]
/** The usual p95 of a stage is that of the stays of so many days. */
const P95_DAYS = 30

const BY_HOUR = [
  ...(['order.placed', 'order.touched', 'promise'] as const),
  ...(['case.opened', 'case.ended', 'case.acknowledged', 'case.resolved'] as const),
] satisfies Measure[]

type Query = Parameters<Handlers['getCockpit']>[0]['query']

interface Asked {
  readonly query: Query
  readonly principal: Principal
  readonly now: Instant
  readonly time: CockpitTime
  /** Of the roll-ups; null: they do not tell what the caller may see. */
  readonly channels: rollups.Channels | 'beyond'
  readonly filter: CaseFilter
  readonly links: Links
}

export function cockpitHandlers(deps: HttpDeps, heard: HeardFeeds): Pick<Handlers, 'getCockpit'> {
  const kept = new Map<string, { readonly at: Instant; readonly made: Instant; readonly body: Promise<Cockpit> }>()
  return {
    async getCockpit({ query }, { principal }) {
      const now = deps.now()
      const key = keyOf(query, principal)
      const known = kept.get(key)
      // By both clocks: that of a practice world may run fast, and may stand while people go on working.
      const made = systemClock.now()
      if (known && now - known.at < FRESH && made - known.made < FRESH)
        // What came since then is not in them, and nobody tells the caller of it again.
        return { status: 200, body: { ...(await known.body), settled: false } }
      const body = cockpitOf(deps, heard, askedOf(query, principal, now))
      if (kept.size >= KEPT) kept.clear()
      kept.set(key, { at: now, made, body })
      body.catch(() => kept.delete(key))
      return { status: 200, body: await body }
    },
  }
}

const keyOf = (query: Query, principal: Principal): string =>
  JSON.stringify([
    query,
    reachOf(principal, 'case.read'),
    reachOf(principal, 'order.read'),
    permits(principal, 'operations.read'),
  ])

/** @throws ApiProblem invalid_request */
function askedOf(query: Query, principal: Principal, now: Instant): Asked {
  if (!isZone(query.zone)) {
    const message = 'use an IANA time zone such as Asia/Shanghai'
    const errors = [{ pointer: '/query/zone', code: 'bad_zone', message }]
    throw new ApiProblem('invalid_request', `/query/zone: ${message}.`, { errors })
  }
  const reach = reachOf(principal, 'case.read')
  return {
    ...{ query, principal, now, time: cockpitTime(query.range, query.zone, now) },
    channels: channelsIn(principal, query.channel),
    filter: { reach, state: 'active', channel: query.channel, snoozed: 'hide', now },
    links: new Links(query.channel),
  }
}

/**
 * Roll-ups are kept by channel: somebody who is narrowed in another way gets nothing of them. They count cases and orders,
 * so they are for whoever sees both.
 */
function channelsIn(principal: Principal, asked: readonly string[] | undefined): Asked['channels'] {
  const ofCases = shopsOf(reachOf(principal, 'case.read'))
  const ofOrders = shopsOf(reachOf(principal, 'order.read'))
  if (ofCases === 'beyond' || ofOrders === 'beyond') return 'beyond'
  return both(both(ofCases, ofOrders), asked ?? null)
}

const both = (one: rollups.Channels, other: rollups.Channels): rollups.Channels =>
  one === null || other === null ? (one ?? other) : one.filter(channel => other.includes(channel))

function shopsOf(reach: Reach): rollups.Channels | 'beyond' {
  if (reach === 'all') return null
  const isNarrower = reach.length === 0 || reach.some(scope => scope.warehouses || scope.owners || !scope.shops)
  return isNarrower ? 'beyond' : reach.flatMap(scope => scope.shops ?? [])
}

async function cockpitOf(deps: HttpDeps, heard: HeardFeeds, asked: Asked): Promise<Cockpit> {
  const { query, now, time, channels, principal } = asked
  // Before the figures are read: no lag now means that they have at least all of this moment.
  const lag = await rollups.rollupLag(deps.db)
  const [rolled, lists, facts] = await Promise.all([
    channels === 'beyond' ? beyond(deps, asked) : rolledUp(deps, asked, channels),
    listsOf(deps, asked),
    latestItems(deps, { principal, limit: FACTS, fromMonth: monthOf(now) - 1, channel: query.channel }),
  ])
  return {
    ...{ now: isoOf(now), range: query.range, zone: query.zone, slot: time.slot },
    ...{ time: shown(time.hours), before: shown(time.before), lag, settled: lag === 0, limited: channels === 'beyond' },
    ...rolled,
    ...lists,
    facts,
    feeds: permits(principal, 'operations.read') ? await feedItems(deps, heard) : null,
  }
}

type RolledUp = Pick<Cockpit, 'kpis' | 'flow' | 'pareto' | 'open' | 'stages'>

const beyond = async ({ db }: HttpDeps, { filter, links }: Asked): Promise<RolledUp> => ({
  ...{ kpis: null, flow: null, pareto: null, stages: null },
  open: openOf(await openByDimension(db, filter), links),
})

async function rolledUp({ db }: HttpDeps, asked: Asked, channels: rollups.Channels): Promise<RolledUp> {
  const { now, time, links, filter } = asked
  const { hours } = time
  const wide = { from: Math.min(hours.from - LIMIT_DAYS * 24, time.before.from), to: hours.to }
  const within = { from: Math.min(hours.from, time.before.from), to: hours.to }
  const starts = time.slots.map(slot => slot.from)
  const measures = ['case.opened', 'case.ended'] as const
  const [rows, totals, levels, moved, movedBySlot, due, overdueBefore] = await Promise.all([
    rollups.figuresByHour(db, { measures: BY_HOUR, hours: within, channels }),
    rollups.totalsByHour(db, { measures: ['case.opened', 'order.placed'], hours: wide, channels }),
    rollups.levelsOf(db, 'case.open', channels),
    rollups.figuresOfTime(db, { measures, hours, channels }),
    rollups.moneyBySlot(db, { measures, starts, to: hours.to, channels }),
    countDue(db, { ...filter, snoozed: 'all' }, { now, soon: now + SOON }),
    overdueAt(db, { ...filter, snoozed: 'all' }, starts.map(instantOf)),
  ])
  const figures = new Figures(rows, time)
  return {
    kpis: kpisOf({ now, time, figures, levels, moved, movedBySlot, due, overdueBefore, links }),
    flow: flowOf(figures, openedByHour(totals), { time, links }),
    pareto: paretoOf(moved, hours, links),
    open: openOf(levels, links),
    stages: await stagesOf(db, asked, channels),
  }
}

/** Hours in which orders came and no case was opened are hours of zero cases; hours before the first order are none. */
function openedByHour(totals: Awaited<ReturnType<typeof rollups.totalsByHour>>): Map<number, number> {
  const hours = new Map<number, number>()
  for (const { measure, hour, n } of totals)
    hours.set(hour, (hours.get(hour) ?? 0) + (measure === 'case.opened' ? n : 0))
  return hours
}

async function stagesOf(db: HttpDeps['db'], { now, time, links }: Asked, channels: rollups.Channels) {
  const { hours } = time
  const starts = time.slots.map(slot => slot.from)
  const [stays, usual] = await Promise.all([
    rollups.staysBySlot(db, { starts, to: hours.to, channels }),
    rollups.staysBySlot(db, { starts: [hours.to - P95_DAYS * 24], to: hours.to, channels }),
  ])
  const p95 = p95Of(usual)
  const limits = HEAT_STAGES.flatMap(stage => (p95.has(stage) ? [{ stage, before: now - p95.get(stage)! }] : []))
  const sitting = await rollups.sittingNow(db, limits, channels)
  return heatOf({ now, time, stays, p95, sitting, links })
}

async function listsOf(deps: HttpDeps, { filter }: Asked): Promise<Pick<Cockpit, 'urgent' | 'oldest' | 'atRisk'>> {
  const first = async (sort: CaseSort, limit: number) =>
    withEvidence(deps, (await listCases(deps.db, filter, { sort, limit, after: null })).rows)
  const [urgent, oldest, atRisk] = await Promise.all([
    first('urgency', URGENT),
    first('oldest', FEW),
    first('money', FEW),
  ])
  return { urgent, oldest, atRisk }
}
