import type { Fact } from '../../../contract/stream.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { WAREHOUSES_KEPT } from '../types.ts'
import type { Draft } from './draft.ts'

/** Adds the warehouses that a message names, as a whole or line by line; the order of arrival does not matter. */
export function foldWarehouses(draft: Draft, { body }: Fact): void {
  // Most messages can name none.
  if (body.warehouse === undefined && body.lines === undefined) return
  const known = draft.warehouses ?? []
  const added = namesIn(body).filter(name => !known.includes(name))
  if (added.length === 0) return
  draft.warehouses = [...new Set([...known, ...added])].sort().slice(0, WAREHOUSES_KEPT)
}

function namesIn({ warehouse, lines }: JsonObject): string[] {
  const ofLines = Array.isArray(lines) ? lines.map(line => warehouseOf(line)) : []
  return [warehouse, ...ofLines].filter(name => typeof name === 'string')
}

const warehouseOf = (line: unknown): unknown =>
  typeof line === 'object' && line !== null && 'warehouse' in line ? line.warehouse : undefined
