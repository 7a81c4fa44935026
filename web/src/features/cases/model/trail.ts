import { create } from 'zustand'
import type { Search } from './filters.ts'

/** The list that a case was opened from: for the case before and after it, and for the way back. */
export interface Trail {
  readonly ids: readonly string[]
  /** Of the whole list, of which `ids` may be the part that was read. */
  readonly total: number
  readonly search: Search
}

export const useTrail = create<Trail>(() => ({ ids: [], total: 0, search: {} }))

export interface OnTrail {
  /** From 1. */
  readonly place: number
  readonly total: number
  readonly before: string | null
  readonly after: string | null
}

/** Where a case stands in the list that one came from; null when one did not come from a list that has it. */
export function placeOn({ ids, total }: Trail, id: string): OnTrail | null {
  const at = ids.indexOf(id)
  if (at < 0) return null
  return { place: at + 1, total: Math.max(total, ids.length), before: ids[at - 1] ?? null, after: ids[at + 1] ?? null }
}
