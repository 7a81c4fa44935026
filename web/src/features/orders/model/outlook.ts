import type { OrderOutlook } from '../../../../../src/contract/api/orders.ts'
import type { NodeName } from './nodes.ts'

/** When the nodes ahead usually come, epoch ms by the name of the node. */
export type Usual = ReadonlyMap<string, number>

export const usualIn = (outlook: OrderOutlook | undefined): Usual =>
  new Map((outlook?.steps ?? []).map(({ node, at }) => [node, Date.parse(at)]))

export const usualAt = (usual: Usual, node: NodeName): number | null => usual.get(node) ?? null
