import { create } from 'zustand'
import type { Search } from './filters.ts'

/** The list that a case was opened from: for the case before and after it, and for the way back. */
export interface Trail {
  /** Those that were read, in the order of the list; places from 0. */
  readonly rows: readonly { readonly id: string; readonly place: number }[]
  /** Of the whole list. */
  readonly total: number
  readonly search: Search
}

export const useTrail = create<Trail>(() => ({ rows: [], total: 0, search: {} }))

export interface OnTrail {
  /** From 1. */
  readonly place: number
  readonly total: number
  readonly before: string | null
  readonly after: string | null
}

/**
 * Where a case stands in the list that one came from; null when one did not come from a list that has it. Over a place
 * that was not read nobody steps: the case behind it is not the next one.
 */
export function placeOn({ rows, total }: Trail, id: string): OnTrail | null {
  const at = rows.findIndex(row => row.id === id)
  const row = rows[at]
  if (row === undefined) return null
  const beside = (by: 1 | -1): string | null => {
    const other = rows[at + by]
    return other?.place === row.place + by ? other.id : null
  }
  return { place: row.place + 1, total: Math.max(total, row.place + 1), before: beside(-1), after: beside(1) }
}
