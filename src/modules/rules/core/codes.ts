import type { FactSchema, Label } from '../../../contract/facts.ts'
import { didYouMean } from '../dialect/refusal.ts'
import { type Term, termsIn } from '../dialect/term.ts'

/** A text that a field of codes is compared with, and that is none of them: most often one that was mistyped. */
export interface OddCode {
  readonly code: string
  readonly field: Label
  /** The way out: the nearest one, or those that there are. */
  readonly instead: Label
}

/** A source may send codes that were not declared, so this is for a look and no refusal. */
export function oddCodes(term: Term, schema: FactSchema): OddCode[] {
  const found = new Map<string, OddCode>()
  visit(term)
  return [...found.values()]

  function visit(t: Term): void {
    if (t.kind === 'compare' && (t.op === '==' || t.op === '!=')) {
      look(t.left, [t.right])
      look(t.right, [t.left])
    }
    if (t.kind === 'in' && t.list.kind === 'items') look(t.item, t.list.items)
    for (const child of termsIn(t)) visit(child)
  }

  function look(of: Term, values: readonly Term[]): void {
    if ((of.kind !== 'fact' && of.kind !== 'element') || of.field === null) return
    const field = schema[of.root]?.of[of.field]
    if (!field?.values || field.several || field.open) return
    const known = Object.keys(field.values)
    for (const value of values) {
      if (value.kind !== 'literal' || typeof value.value !== 'string' || known.includes(value.value)) continue
      const code = value.value
      found.set(`${of.root}.${of.field} ${code}`, { code, field: field.label, instead: didYouMean(code, known) })
    }
  }
}
