import type { TableDef, TableRow } from '../types.ts'

/**
 * Tables to and from the clipboard of a spreadsheet: lines of cells with tabs between them; a cell with a tab, a line break
 * or a quote in it stands in quotes, with its quotes doubled.
 */
export function tableToSheet(def: TableDef, language: 'zh' | 'en'): string {
  const head = [...def.inputs, ...def.outputs].map(column => column.label[language])
  const rows = def.rows.map(row => [...row.when, ...row.give])
  return [head, ...rows].map(cells => cells.map(shown).join('\t')).join('\r\n')
}

/** What a spreadsheet would take for a formula is marked as text, as a person would do it. */
const shown = (cell: string): string => {
  const safe = /^[=+@'-]/.test(cell) && cell !== '-' ? `'${cell}` : cell
  return /[\t\r\n"]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export type PastedRows =
  | { readonly ok: true; readonly rows: readonly TableRow[] }
  /** The line, counted from 1, that has another number of cells than the table has columns. */
  | { readonly ok: false; readonly line: number; readonly cells: number; readonly wanted: number }

/** Rows from a clipboard; a first line with the names of the columns, in either language, is left out. */
export function rowsFromSheet(text: string, def: Pick<TableDef, 'inputs' | 'outputs'>): PastedRows {
  const columns = [...def.inputs, ...def.outputs]
  const lines = linesOf(text)
  const isHead = (cells: readonly string[]): boolean =>
    cells.length === columns.length &&
    cells.every((cell, i) => [columns[i]!.label.zh, columns[i]!.label.en, columns[i]!.id].includes(cell))
  const first = lines[0] && isHead(lines[0]) ? 1 : 0
  const rows: TableRow[] = []
  for (let i = first; i < lines.length; i++) {
    const cells = lines[i]!
    if (cells.length === 1 && cells[0] === '') continue
    if (cells.length !== columns.length) return { ok: false, line: i + 1, cells: cells.length, wanted: columns.length }
    rows.push({ when: cells.slice(0, def.inputs.length), give: cells.slice(def.inputs.length) })
  }
  return { ok: true, rows }
}

function linesOf(text: string): string[][] {
  const lines: string[][] = [[]]
  let cell = ''
  let quoted = false
  const end = (): void => {
    lines.at(-1)!.push(plain(cell))
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const at = text[i]!
    if (quoted) {
      if (at !== '"') cell += at
      else if (text[i + 1] === '"') cell += text[i++]
      else quoted = false
    } else if (at === '"' && cell === '') quoted = true
    else if (at === '\t') end()
    else if (at === '\n' || at === '\r') {
      if (at === '\r' && text[i + 1] === '\n') i++
      end()
      lines.push([])
    } else cell += at
  }
  end()
  return lines
}

/** The mark that made a formula a text is not part of it. */
const plain = (cell: string): string => (/^'[=+@'-]/.test(cell) ? cell.slice(1) : cell)
