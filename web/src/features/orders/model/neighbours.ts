/** The list that one came from, so that one can go on to its next order without going back. */

let listed: readonly string[] = []
let all = 0

/** The list as it is on the screen now. @param total of the whole list, which may not be read to its end */
export function rememberList(ids: readonly string[], total: number): void {
  listed = ids
  all = total
}

export interface Neighbours {
  readonly before: string | null
  readonly after: string | null
  /** From 1. */
  readonly place: number
  readonly total: number
}

/** Null for an order that was not in the list, as when its address was opened by itself. */
export function neighboursOf(id: string): Neighbours | null {
  const i = listed.indexOf(id)
  if (i < 0) return null
  return { before: listed[i - 1] ?? null, after: listed[i + 1] ?? null, place: i + 1, total: all }
}
