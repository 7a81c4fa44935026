import type { OrderOutlook } from '../../../contract/api/index.ts'
import { isStage, STAGES, type Stage } from '../../../contract/stages.ts'
import { DAY, HOUR, type Instant, isoOf, MINUTE } from '../../../kernel/instant.ts'
import { type BinCount, quantileOf } from '../../../modules/insight/index.ts'
import { listOrders } from '../../../pipeline/queries/orders.ts'
import { type StayFigure, staysBySlot } from '../../../pipeline/queries/rollups.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'

const DAYS = 30
/** Fewer stays say nothing of what is usual. */
const ENOUGH = 20
/** What is usual does not change from one page to the next. */
const FRESH = 5 * MINUTE
const KEPT = 200

export interface UsualStay {
  readonly ms: number
  readonly stays: number
}
type Usual = ReadonlyMap<Stage, UsualStay>

export function outlookHandlers(deps: HttpDeps): Pick<Handlers, 'getOrderOutlook'> {
  const kept = new Map<string, { readonly at: Instant; readonly usual: Promise<Usual> }>()
  const usualIn = (channel: string, now: Instant): Promise<Usual> => {
    const known = kept.get(channel)
    if (known && now - known.at < FRESH) return known.usual
    const usual = readUsual(deps, channel, now)
    if (kept.size >= KEPT) kept.clear()
    kept.set(channel, { at: now, usual })
    usual.catch(() => kept.delete(channel))
    return usual
  }
  return {
    async getOrderOutlook({ params: { id } }, { principal }) {
      const filter = { reach: reachOf(principal, 'order.read'), found: [{ kind: 'streams' as const, streams: [id] }] }
      const row = (await listOrders(deps.db, filter, { limit: 1, after: null })).rows[0]
      if (row === undefined)
        throw new ApiProblem('order_not_found', `There is no order ${id}: look it up with GET /v1/orders?q=.`)
      const now = deps.now()
      const { stage, stage_since: since } = row
      const steps =
        !row.open || stage === null || !isStage(stage) || since === null
          ? []
          : stepsAhead({ stage, since, now, usual: await usualIn(row.channel, now) })
      const last = steps.at(-1)
      return {
        status: 200,
        body: { days: DAYS, steps, deliveredAt: last?.node === 'delivered' ? last.at : null },
      }
    },
  }
}

async function readUsual(deps: HttpDeps, channel: string, now: Instant): Promise<Usual> {
  const hour = Math.floor(now / HOUR)
  const starts = [hour - (DAYS * DAY) / HOUR]
  return usualOf(await staysBySlot(deps.db, { starts, to: hour + 1, channels: [channel] }))
}

/** The median stay in each stage that has enough of them. */
export function usualOf(stays: readonly StayFigure[]): Usual {
  const found = new Map<Stage, UsualStay>()
  for (const [stage, all] of Map.groupBy(stays, stay => stay.stage)) {
    const bins = all.map(({ bin, n }): BinCount => ({ bin, n }))
    const count = bins.reduce((sum, { n }) => sum + n, 0)
    const ms = quantileOf(bins, 0.5)
    if (ms !== null && count >= ENOUGH) found.set(stage, { ms, stays: count })
  }
  return found
}

interface Standing {
  readonly stage: Stage
  readonly since: Instant
  readonly now: Instant
  readonly usual: Usual
}

/**
 * Node after node, each after the usual stay before it; what should have come already may come any moment. A node that
 * the channel never tells of is passed over: nobody stays there.
 */
export function stepsAhead({ stage, since, now, usual }: Standing): OrderOutlook['steps'] {
  const ahead = STAGES.slice(STAGES.indexOf(stage) + 1).filter(node => usual.has(node) || node === 'delivered')
  const steps: OrderOutlook['steps'] = []
  let here = stage
  let at = since
  for (const node of ahead) {
    const stay = usual.get(here)
    if (stay === undefined) break
    at = Math.max(now, at + stay.ms)
    steps.push({ node, at: isoOf(at), stays: stay.stays })
    here = node
  }
  return steps
}
