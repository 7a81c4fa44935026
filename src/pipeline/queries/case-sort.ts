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

/** Rows that come after a place. The bound on the first column is what an index starts at. */
export function afterPlace(sort: CaseSort, place: CasePlace): RawBuilder<SqlBool> {
  const sides = SORTS[sort].map((by, i) => {
    const equal = SORTS[sort].slice(0, i).map((earlier, k) => isEqual(earlier, place[k] ?? null))
    return raw`(${raw.join([...equal, isAfter(by, place[i] ?? null)], raw` and `)})`
  })
  const first = SORTS[sort][0]!
  const beyond = raw<SqlBool>`(${raw.join(sides, raw` or `)})`
  if (first.optional) return beyond
  const bound = raw`${raw.ref(`o.${first.column}`)} ${raw.raw(first.down ? '<=' : '>=')} ${place[0]}`
  return raw<SqlBool>`(${bound} and ${beyond})`
}

const isEqual = ({ column }: By, value: Value) =>
  value === null ? raw`${raw.ref(`o.${column}`)} is null` : raw`${raw.ref(`o.${column}`)} = ${value}`

function isAfter({ column, down, optional }: By, value: Value) {
  if (value === null) return raw`false`
  const ref = raw.ref(`o.${column}`)
  const beyond = raw`${ref} ${raw.raw(down ? '<' : '>')} ${value}`
  return optional ? raw`(${beyond} or ${ref} is null)` : beyond
}
