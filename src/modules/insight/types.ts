import type { Stage } from '../../contract/stages.ts'
import type { Duration, Instant } from '../../kernel/instant.ts'

/** What a stream adds to one figure of a roll-up: it counts once, with an amount and a duration. */
export interface Cell {
  readonly measure: Measure
  /** UTC hour since 1970; null: what stands now. */
  readonly hour: number | null
  readonly channel: string
  /** What the figure is broken down by; empty for none. */
  readonly dimension: string
  readonly currency: string
  /** Minor units. */
  readonly amount: number
  readonly ms: Duration
}

export const MEASURES = [
  'order.placed',
  'order.touched',
  'order.delivered',
  'promise',
  'case.opened',
  'case.acknowledged',
  'case.resolved',
  'case.ended',
  'case.open',
  'stay',
] as const
export type Measure = (typeof MEASURES)[number]

/** What the roll-ups read of an order's row. */
export interface OrderFigures {
  readonly channel: string | null
  readonly currency: string | null
  readonly total: number
  readonly placedAt: Instant | null
  readonly promiseEndsAt: Instant | null
  readonly deliveredAt: Instant | null
  readonly cancelled: boolean
  readonly touched: boolean
  /** The status says that it arrived, with or without an instant. */
  readonly arrived: boolean
  readonly nodes: { readonly [S in Stage]?: Instant }
}

/** What the roll-ups read of a case's row. */
export interface CaseFigures {
  readonly channel: string | null
  readonly type: string
  readonly severity: string
  readonly currency: string | null
  readonly amount: number | null
  readonly openedAt: Instant
  readonly acknowledgedAt: Instant | null
  readonly resolvedAt: Instant | null
  readonly endedAt: Instant | null
  readonly over: boolean
  /** It went away by itself: nobody resolved it. */
  readonly cleared: boolean
  readonly reopened: number
  readonly pausedMs: Duration
}

/** That an order was in a stage, from when to when. */
export interface Stay {
  readonly stage: Stage
  readonly enteredAt: Instant
  readonly leftAt: Instant
}
