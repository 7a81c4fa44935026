import type { TableText } from '../../../../../src/contract/api/tables.ts'

/** Changes of a table: pure, so that the grid only draws. Columns count on from the tested ones to the results. */

export const widthOf = ({ inputs, outputs }: Pick<TableText, 'inputs' | 'outputs'>): number =>
  inputs.length + outputs.length

type Row = TableText['rows'][number]

const cellsOf = (row: Row): string[] => [...row.when, ...row.give]
const rowOf = (row: Row, cells: readonly string[], inputs: number): Row => ({
  ...row,
  when: cells.slice(0, inputs),
  give: cells.slice(inputs),
})

export const cellAt = (row: Row, column: number): string => cellsOf(row)[column] ?? ''

export function withCell(text: TableText, at: { row: number; column: number }, cell: string): TableText {
  const put = (row: Row): Row =>
    rowOf(
      row,
      cellsOf(row).map((old, i) => (i === at.column ? cell : old)),
      text.inputs.length,
    )
  return { ...text, rows: text.rows.map((row, i) => (i === at.row ? put(row) : row)) }
}

const emptyRow = ({ inputs, outputs }: TableText): Row => ({
  when: inputs.map(() => ''),
  give: outputs.map(() => ''),
})

export const withRowAfter = (text: TableText, at: number): TableText => ({
  ...text,
  rows: text.rows.toSpliced(at + 1, 0, emptyRow(text)),
})
export const withoutRow = (text: TableText, at: number): TableText => ({ ...text, rows: text.rows.toSpliced(at, 1) })

export function movedRow(text: TableText, at: number, by: -1 | 1): TableText {
  const row = text.rows[at]
  const to = at + by
  if (row === undefined || to < 0 || to >= text.rows.length) return text
  return { ...text, rows: text.rows.toSpliced(at, 1).toSpliced(to, 0, row) }
}

/** Cells that were copied of a spreadsheet, from this cell on to the right and down; what stands beyond the table is new rows. */
export function withBlock(text: TableText, from: { row: number; column: number }, sheet: string): TableText {
  const lines = sheet
    .replace(/\r\n?/g, '\n')
    .replace(/\n$/, '')
    .split('\n')
    .map(line => line.split('\t'))
  let next = text
  while (next.rows.length < from.row + lines.length) next = withRowAfter(next, next.rows.length - 1)
  lines.forEach((cells, down) => {
    cells.slice(0, widthOf(text) - from.column).forEach((cell, right) => {
      next = withCell(next, { row: from.row + down, column: from.column + right }, cell)
    })
  })
  return next
}

/** A text is a block when it has more than one cell. */
export const isBlock = (text: string): boolean => /[\t\n\r]/.test(text.replace(/\r?\n$/, ''))

type Input = TableText['inputs'][number]
type Output = TableText['outputs'][number]

export const withInput = (text: TableText, input: Input): TableText => ({
  ...text,
  inputs: [...text.inputs, input],
  rows: text.rows.map(row => ({ ...row, when: [...row.when, ''] })),
})
export const withoutInput = (text: TableText, at: number): TableText => ({
  ...text,
  inputs: text.inputs.toSpliced(at, 1),
  rows: text.rows.map(row => ({ ...row, when: row.when.toSpliced(at, 1) })),
})
export const withOutput = (text: TableText, output: Output): TableText => ({
  ...text,
  outputs: [...text.outputs, output],
  rows: text.rows.map(row => ({ ...row, give: [...row.give, ''] })),
  ...(text.otherwise && { otherwise: [...text.otherwise, ''] }),
})
export const withoutOutput = (text: TableText, at: number): TableText => ({
  ...text,
  outputs: text.outputs.toSpliced(at, 1),
  rows: text.rows.map(row => ({ ...row, give: row.give.toSpliced(at, 1) })),
  ...(text.otherwise && { otherwise: text.otherwise.toSpliced(at, 1) }),
})
