import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { isOver, ms, nodeAt, shipDue } from './nodes.ts'
import type { Usual } from './outlook.ts'

/**
 * Terms. Stage: what happens between two nodes. Planned: by when it was promised. Actual: from its first sign to its node.
 * Queue: waiting for its start. Stop: it should have ended and has not. Forecast: as it usually goes from now on. All
 * instants are epoch ms.
 */

export const STAGES = ['approve', 'allocate', 'pick', 'ship', 'collect', 'haul', 'deliver'] as const
export type Stage = (typeof STAGES)[number]

export interface Bar {
  readonly kind: 'planned' | 'actual' | 'queue' | 'stop' | 'forecast'
  readonly from: number
  readonly to: number
}

export interface StageRow {
  readonly stage: Stage
  readonly bars: readonly Bar[]
  /** How long the order has been standing in this stage, ms; only where it stands now. */
  readonly standing: number | null
}

export interface Stages {
  readonly rows: readonly StageRow[]
  readonly promise: number | null
}

/** The node that ends each stage, and the one that shows that it has begun, where there is one. */
const ENDS: Readonly<Record<Stage, { readonly end: string; readonly start?: string }>> = {
  approve: { end: 'approved' },
  allocate: { end: 'allocated' },
  pick: { end: 'packed', start: 'picking' },
  ship: { end: 'handedOver' },
  collect: { end: 'collected' },
  haul: { end: 'outForDelivery', start: 'inTransit' },
  deliver: { end: 'delivered' },
}

/** What is usual is known of the way's own stages, in which the first scan on the road ends the collection. */
const USUAL_END: Readonly<Partial<Record<Stage, string>>> = { collect: 'inTransit' }

/** The stages of an order as they stand at `now`; null before anything is known. */
export function stagesOf(order: OrderDetail, now: number, usual: Usual = new Map()): Stages | null {
  const placed = nodeAt(order, 'placed') ?? earliestNode(order)
  if (placed === null) return null
  return { rows: forecast(stageRows(order, placed, now), now, usual), promise: ms(order.promise?.endsAt) }
}

/** What is ahead, from now on, each stage after the one before it. */
function forecast(rows: readonly StageRow[], now: number, usual: Usual): StageRow[] {
  let from = now
  return rows.map(row => {
    const to = usual.get(USUAL_END[row.stage] ?? ENDS[row.stage].end)
    if (to === undefined || to <= from) return row
    const bar: Bar = { kind: 'forecast', from, to }
    from = to
    return { ...row, bars: [...row.bars, bar] }
  })
}

const earliestNode = (order: OrderDetail): number | null => {
  const known = Object.values(order.nodes).map(at => Date.parse(at))
  return known.length === 0 ? null : Math.min(...known)
}

function stageRows(order: OrderDetail, placed: number, now: number): StageRow[] {
  const plans = plansOf(order, placed)
  const current = currentStage(order)
  let before = placed
  return STAGES.map(stage => {
    const end = nodeAt(order, ENDS[stage].end)
    const start = startOf(order, stage)
    const plan = plans[stage]
    const bars: Bar[] = plan === undefined ? [] : [plan]
    if (stage === current) bars.push(...standing({ before, start, now, due: plan?.to ?? null }))
    else bars.push(...done({ before, start, end }))
    const since = start ?? before
    if (end !== null) before = Math.max(before, end)
    else if (start !== null) before = Math.max(before, start)
    return { stage, bars, standing: stage === current ? Math.max(0, now - since) : null }
  })
}

const startOf = (order: OrderDetail, stage: Stage): number | null => {
  const { start } = ENDS[stage]
  return start === undefined ? null : nodeAt(order, start)
}

interface Span {
  readonly before: number
  readonly start: number | null
}

function done({ before, start, end }: Span & { readonly end: number | null }): Bar[] {
  const from = start ?? before
  const queue: Bar[] = start !== null && start > before ? [{ kind: 'queue', from: before, to: start }] : []
  if (end === null || end < from) return start === null ? [] : queue
  return [...queue, { kind: 'actual', from, to: end }]
}

function standing({ before, start, now, due }: Span & { readonly now: number; readonly due: number | null }): Bar[] {
  const bars: Bar[] = start !== null && start > before ? [{ kind: 'queue', from: before, to: start }] : []
  const since = start ?? before
  const over = due !== null && now > due ? Math.max(due, since) : null
  const kind = start === null ? 'queue' : 'actual'
  if (over === null) return now > since ? [...bars, { kind, from: since, to: now }] : bars
  if (over > since) bars.push({ kind, from: since, to: over })
  return [...bars, { kind: 'stop', from: over, to: now }]
}

/** The stage in which the order stands: the first without its node after the last that has it. */
function currentStage(order: OrderDetail): Stage | null {
  if (isOver(order)) return null
  const last = STAGES.findLastIndex(stage => nodeAt(order, ENDS[stage].end) !== null || startOf(order, stage) !== null)
  const stage = STAGES[last]
  const isOpen = stage !== undefined && nodeAt(order, ENDS[stage].end) === null
  return STAGES[isOpen ? last : last + 1] ?? null
}

/** What was promised: the day of dispatch for all up to the carrier, the promise for the way. */
function plansOf(order: OrderDetail, placed: number): Partial<Record<Stage, Bar>> {
  const ship = shipDue(order)
  const promise = ms(order.promise?.endsAt)
  const handed = nodeAt(order, 'handedOver')
  const way = handed ?? ship
  return {
    ...(ship !== null && ship > placed && { ship: { kind: 'planned' as const, from: placed, to: ship } }),
    ...(promise !== null &&
      promise > (way ?? placed) && { deliver: { kind: 'planned' as const, from: way ?? placed, to: promise } }),
  }
}
