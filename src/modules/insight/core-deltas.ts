import type { Cell } from './types.ts'

/** By how much a figure changes. */
export interface Delta extends Cell {
  readonly n: number
}

const keyOf = (c: Cell): string => `${c.measure}\t${c.hour}\t${c.channel}\t${c.dimension}\t${c.currency}`

/** Minus what streams counted as, plus what they count as now, figure by figure; figures that stay are left out. */
export function deltasOf(before: readonly Cell[], after: readonly Cell[]): Delta[] {
  const deltas = new Map<string, { n: number; amount: number; ms: number; cell: Cell }>()
  const add = (cell: Cell, sign: 1 | -1): void => {
    const key = keyOf(cell)
    const known = deltas.get(key) ?? { n: 0, amount: 0, ms: 0, cell }
    known.n += sign
    known.amount += sign * cell.amount
    known.ms += sign * cell.ms
    deltas.set(key, known)
  }
  for (const cell of before) add(cell, -1)
  for (const cell of after) add(cell, 1)
  return [...deltas.values()]
    .filter(d => d.n !== 0 || d.amount !== 0 || d.ms !== 0)
    .map(({ cell, n, amount, ms }) => ({ ...cell, n, amount, ms }))
}

type Packed = readonly [
  measure: string,
  hour: number | null,
  channel: string,
  dimension: string,
  currency: string,
  amount: number,
  ms: number,
]

/** Cells as they are stored, short. */
export const packCells = (cells: readonly Cell[]): string =>
  JSON.stringify(cells.map((c): Packed => [c.measure, c.hour, c.channel, c.dimension, c.currency, c.amount, c.ms]))

/** Safe: only `packCells` writes what this reads. */
export const unpackCells = (text: string): Cell[] =>
  (JSON.parse(text) as readonly Packed[]).map(([measure, hour, channel, dimension, currency, amount, ms]) => ({
    ...{ measure: measure as Cell['measure'], hour, channel, dimension, currency, amount, ms },
  }))
