import { STAGES, type Stage } from '../../../contract/stages.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { OrderState } from '../types.ts'
import { lastPaidAt } from './money-moves.ts'
import type { ParcelMilestones } from './status.ts'

export type { Stage }

/** When an order reached each node that it has reached. */
export type Nodes = { readonly [S in Stage]?: Instant }

/** The nodes of an order in the order of the way it should go, whatever the order in which they came. Asked after every fact. */
export function nodesOf(state: OrderState, parcels: ParcelMilestones): Nodes {
  const { at } = state.nodes
  const known: { readonly [S in Stage]: Instant | undefined } = {
    placed: at.placed,
    paid: at.paid ?? lastPaidAt(state.payments),
    approved: at.approved,
    allocated: at.allocated,
    picking: at.picking,
    packed: at.packed,
    handedOver: parcels.handedOver,
    inTransit: parcels.inTransit,
    outForDelivery: parcels.outForDelivery,
    delivered: parcels.delivered,
  }
  const nodes: { [S in Stage]?: Instant } = {}
  for (const stage of STAGES) if (known[stage] !== undefined) nodes[stage] = known[stage]
  return nodes
}

/** The furthest node that was reached; null for an order of which nothing has a time. */
export const stageOf = (nodes: Nodes): Stage | null => STAGES.findLast(stage => nodes[stage] !== undefined) ?? null
