import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { isOver, ms, nodeAt, shipDue } from './nodes.ts'

/**
 * Terms. Stage: what happens between two nodes. Planned: by when it was promised. Actual: from its first sign to its node.
 * Queue: waiting for its start. Stop: it should have ended and has not. All instants are epoch ms.
 */

export const STAGES = ['approve', 'allocate', 'pick', 'ship', 'collect', 'haul', 'deliver'] as const
export type Stage = (typeof STAGES)[number]

export interface Bar {
  readonly kind: 'planned' | 'actual' | 'queue' | 'stop'
  readonly from: number
  readonly to: number
}

export interface StageRow {
  readonly stage: Stage
  readonly bars: readonly Bar[]
  /** How long the order has been standing in this stage, ms; only where it stands now. */
  readonly standing: number | null
}

export interface Gantt {
  readonly from: number
  readonly to: number
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

/** The stages of an order as they stand at `now`; null before anything is known. */
export function ganttOf(order: OrderDetail, now: number): Gantt | null {
  const placed = nodeAt(order, 'placed') ?? earliestNode(order)
  if (placed === null) return null
  const rows = stageRows(order, placed, now)
  const promise = ms(order.promise?.endsAt)
  const ends = rows.flatMap(row => row.bars.map(bar => bar.to))
  const end = Math.max(placed + 3_600_000, ...ends, isOver(order) ? 0 : now, promise ?? 0)
  // Room on the right, so that a note at the last bar can be read.
  return { from: placed, to: end + (end - placed) * 0.06, rows, promise }
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

/** Marks of a time axis: whole hours, days or weeks, at most eight. */
export function axisMarks(from: number, to: number): { readonly at: number; readonly day: boolean }[] {
  const HOUR = 3_600_000
  const step =
    [1, 2, 4, 6, 12, 24, 48, 96, 168, 336, 744, 2208, 4416, 8784].find(h => (to - from) / (h * HOUR) <= 8) ?? 17_568
  const size = step * HOUR
  // Days begin where the reader is.
  const shift = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - shift) / size) * size + shift
  const marks = []
  for (let at = first; at < to; at += size) marks.push({ at, day: step >= 24 })
  return marks
}
