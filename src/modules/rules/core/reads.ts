import { type HasTarget, isListType, type ScalarValue, type Term, type TermOf, termsIn } from '../dialect/term.ts'

/** Everything that a rule looks at. */
export interface Reads {
  /** Scalar facts by path, such as `order.paidAt`. */
  readonly facts: ReadonlyMap<string, { readonly root: string; readonly field: string }>
  /** Declared lists with the fields that are read of their elements. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>
  readonly constants: ReadonlyMap<string, ScalarValue>
  /** List conditions that do not sit inside of another one, in order. */
  readonly macros: readonly TermOf<'macro'>[]
  readonly now: boolean
}

export function readsOf(term: Term): Reads {
  const facts = new Map<string, { root: string; field: string }>()
  const lists = new Map<string, Set<string>>()
  const constants = new Map<string, ScalarValue>()
  const macros: TermOf<'macro'>[] = []
  let now = false
  visit(term)
  return { facts, lists, constants, macros, now }

  function visit(t: Term): void {
    if (t.kind === 'now') now = true
    else if (t.kind === 'literal' && t.constant !== undefined) constants.set(t.constant, t.value)
    else if (t.kind === 'items' && t.constant !== undefined) return
    else if (t.kind === 'list') listed(t.root)
    else if (t.kind === 'has') touch(t.target)
    else if (t.kind === 'fact') touch(t)
    else if (t.kind === 'element' && t.field !== null) listed(t.root).add(t.field)
    else if (t.kind === 'macro' && t.depth === 0 && isListType(t.list.type) && t.list.type.root) macros.push(t)
    for (const child of termsIn(t)) visit(child)
  }

  function touch(target: HasTarget | TermOf<'fact'>): void {
    if (target.kind === 'fact') facts.set(`${target.root}.${target.field}`, { root: target.root, field: target.field })
    else listed(target.root).add(target.field)
  }

  function listed(root: string): Set<string> {
    const fields = lists.get(root) ?? new Set<string>()
    lists.set(root, fields)
    return fields
  }
}

/** What a condition reads, as people write it: facts such as `order.paidAt`, fields of lists as `parcels.status`. */
export function termReads(term: Term): { readonly facts: string[]; readonly now: boolean } {
  const { facts, lists, now } = readsOf(term)
  const fields = [...lists].flatMap(([root, names]) =>
    names.size === 0 ? [root] : [...names].map(n => `${root}.${n}`),
  )
  return { facts: [...facts.keys(), ...fields], now }
}
