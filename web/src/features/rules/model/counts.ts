import { type Expr, type Group, parse, type Row, textOfRows } from '../../../../../src/modules/rules/browser.ts'

/** Conditions that `&&` joins at the top, as the server counts them. */
const joinedIn = (e: Expr): number =>
  e.kind === 'junction' && e.op === '&&' ? e.operands.reduce((sum, o) => sum + joinedIn(o), 0) : 1

const sizeOf = (row: Row): number => {
  if (row.kind === 'group' && row.rows.length === 0) return 0
  const parsed = parse(textOfRows({ kind: 'group', match: 'all', not: false, rows: [row] }))
  return parsed.ok ? joinedIn(parsed.expr) : 1
}

/**
 * The counts of a preview by row: for how many orders each row holds by itself. A row that asks for its field first is two
 * conditions of the text, of which the second counts; null where a row cannot be told apart.
 */
export function countsByRow(group: Group, counts: readonly { readonly holds: number }[]): (number | null)[] {
  if (group.match === 'any' || group.not) return group.rows.map(() => null)
  const sizes = group.rows.map(sizeOf)
  if (sizes.reduce((sum, n) => sum + n, 0) !== counts.length) return group.rows.map(() => null)
  let at = 0
  return sizes.map((size, i) => {
    at += size
    const isWhole = size === 1 || (size === 2 && group.rows[i]?.kind !== 'group')
    return isWhole ? (counts[at - 1]?.holds ?? null) : null
  })
}
