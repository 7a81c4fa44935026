/** Which rows of a list are selected, and where a range began. Keys of rows; the list gives their order. */
export interface Selection {
  readonly keys: ReadonlySet<string>
  /** The row from which Shift reaches out. */
  readonly anchor: string | null
}

export type SelectionChange =
  | { readonly type: 'toggle'; readonly key: string }
  | { readonly type: 'range'; readonly to: string; readonly order: readonly string[] }
  | { readonly type: 'all'; readonly order: readonly string[] }
  | { readonly type: 'clear' }

export const NOTHING: Selection = { keys: new Set(), anchor: null }

export function select(before: Selection, change: SelectionChange): Selection {
  switch (change.type) {
    case 'toggle':
      return { keys: before.keys.symmetricDifference(new Set([change.key])), anchor: change.key }
    case 'range':
      return {
        keys: before.keys.union(new Set(between(change.order, before.anchor ?? change.to, change.to))),
        anchor: change.to,
      }
    case 'all': {
      const all = new Set(change.order)
      return before.keys.isSupersetOf(all) ? NOTHING : { keys: all, anchor: before.anchor }
    }
    case 'clear':
      return before.keys.size === 0 ? before : NOTHING
  }
}

function between(order: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)]
  if (a < 0 || b < 0) return [to]
  return order.slice(Math.min(a, b), Math.max(a, b) + 1)
}
