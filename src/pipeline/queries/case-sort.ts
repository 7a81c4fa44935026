import { type RawBuilder, sql as raw, type SqlBool } from 'kysely'
import type { CASE_SORTS } from '../../contract/api/index.ts'
import type { CaseRowTable } from './tables.ts'

export type CaseSort = (typeof CASE_SORTS)[number]

type Value = string | number | null

/** Where a page ended: the values of its last row, in the order of the sorting. */
export type CasePlace = readonly Value[]

interface By {
  readonly column: 'opened_at' | 'severity' | 'due_at' | 'amount' | 'case_id' | 'type' | 'owner'
  readonly down?: true
  /** Rows without it come last. */
  readonly optional?: true
}

const ID: By = { column: 'case_id' }
const SORTS: { readonly [S in CaseSort]: readonly By[] } = {
  opened: [{ column: 'opened_at', down: true }, ID],
  severity: [{ column: 'severity' }, { column: 'opened_at', down: true }, ID],
  due: [{ column: 'due_at', optional: true }, ID],
  urgency: [{ column: 'severity' }, { column: 'due_at', optional: true }, ID],
  oldest: [{ column: 'opened_at' }, ID],
  money: [{ column: 'amount', down: true, optional: true }, ID],
  type: [{ column: 'type' }, { column: 'due_at', optional: true }, ID],
  owner: [{ column: 'owner', optional: true }, { column: 'due_at', optional: true }, ID],
}

export const placeIn = (sort: CaseSort, row: CaseRowTable): CasePlace => SORTS[sort].map(by => row[by.column])

/** Of `case_row as o`. */
export const orderOf = (sort: CaseSort): RawBuilder<unknown> =>
  raw.join(
    SORTS[sort].map(({ column, down, optional }) => {
      // A descending order has what is missing first unless told otherwise, an ascending one last.
      const way = down ? (optional ? ' desc nulls last' : ' desc') : ''
      return raw`${raw.ref(`o.${column}`)}${raw.raw(way)}`
    }),
  )

/**
 * Rows that come after a place, as stretches that follow one another in the order of the sorting. Each begins at one
 * entry of an index; as one condition with `or` between them they begin at the first entry of all, however deep the page.
 */
export function stretchesAfter(sort: CaseSort, place: CasePlace): RawBuilder<SqlBool>[] {
  const by = SORTS[sort]
  return by.flatMap((_, i) => after(by, place, by.length - 1 - i))
}

/** What equals the place before the column `i`, and is beyond it there. */
function after(by: readonly By[], place: CasePlace, i: number): RawBuilder<SqlBool>[] {
  const { column, down, optional } = by[i]!
  const value = place[i] ?? null
  if (value === null) return []
  const ref = raw.ref(`o.${column}`)
  const equal = by.slice(0, i).map((earlier, k) => isEqual(earlier, place[k] ?? null))
  const beyond = raw`${ref} ${raw.raw(down ? '<' : '>')} ${value}`
  const ways = optional ? [beyond, raw`${ref} is null`] : [beyond]
  return ways.map(way => raw<SqlBool>`(${raw.join([...equal, way], raw` and `)})`)
}

const isEqual = ({ column }: By, value: Value) =>
  value === null ? raw`${raw.ref(`o.${column}`)} is null` : raw`${raw.ref(`o.${column}`)} = ${value}`
