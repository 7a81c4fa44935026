/** One record of a CSV file (RFC 4180), or the first line of one that cannot be read. */
export type CsvRecord = CsvRow | CsvFault
export interface CsvRow {
  /** Line of the file on which the record starts, from 1, as an editor shows it. */
  readonly line: number
  readonly cells: readonly string[]
}
export interface CsvFault {
  readonly line: number
  readonly fault: 'bad_quoting' | 'line_too_long'
}
export const isFault = (record: CsvRecord): record is CsvFault => 'fault' in record

export interface CsvSplitter {
  /** The records that are complete after this piece of text. */
  push(text: string): CsvRecord[]
  /** What is left when the file has ended. */
  end(): CsvRecord[]
}

/** Longest line in characters, and longest quoted record in lines: beyond them it is damage, and memory stays bounded. */
const MAX_LINE = 1_000_000
const MAX_LINES = 500

/**
 * Splits CSV text that arrives in pieces. Unlike the usual parsers it recovers: after a quote that never closes or
 * text behind a closing quote only that one line is given up and reading goes on with the next, so a broken row
 * cannot swallow its neighbours and every line is accounted for. Blank lines are not records.
 */
export function csvSplitter(): CsvSplitter {
  let line = 1
  let rest = ''
  let dropping = false
  let lines: string[] = []

  const take = (final: boolean): CsvRecord[] => {
    const out: CsvRecord[] = []
    let at = 0
    while (at < lines.length) {
      const read = recordAt(lines, at, final)
      if (read === 'more') break
      if (read === 'bad') out.push({ line: line + at, fault: 'bad_quoting' })
      else if (read === 'dropped') out.push({ line: line + at, fault: 'line_too_long' })
      else if (bare(lines[at] ?? '') !== '') out.push({ line: line + at, cells: read.cells })
      at += typeof read === 'string' ? 1 : read.lines
    }
    line += at
    lines = lines.slice(at)
    return out
  }

  const add = (text: string): void => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      lines.push(dropping ? DROPPED : part)
      dropping = false
    }
    if (rest.length > MAX_LINE) {
      dropping = true
      rest = ''
    }
  }
  return {
    push(text) {
      add(text)
      return take(false)
    },
    end() {
      if (dropping || rest !== '') lines.push(dropping ? DROPPED : rest)
      rest = ''
      return take(true)
    },
  }
}

/** Stands for a line whose text was thrown away; a real line cannot hold a line feed. */
const DROPPED = '\n'

type Read = { cells: string[]; lines: number } | 'more' | 'bad' | 'dropped'

function recordAt(lines: readonly string[], at: number, final: boolean): Read {
  let text = lines[at] ?? ''
  if (text === DROPPED) return 'dropped'
  if (!text.includes('"')) return { cells: bare(text).split(','), lines: 1 }
  for (let used = 1; ; used++) {
    const cells = quotedCells(text)
    if (cells === 'bad') return 'bad'
    if (cells !== 'open') return { cells, lines: used }
    const next = lines[at + used]
    if (next === undefined && !final) return 'more'
    if (next === undefined || next === DROPPED || used >= MAX_LINES) return 'bad'
    text = `${text}\n${next}`
  }
}

const bare = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)

/** Cells of a record that holds quotes; `open` when it ends inside of a quoted cell. */
function quotedCells(text: string): string[] | 'open' | 'bad' {
  const cells: string[] = []
  let i = 0
  for (;;) {
    if (text[i] === '"') {
      const cell = quotedCell(text, i + 1)
      if (typeof cell === 'string') return cell
      cells.push(cell.value)
      i = cell.next
    } else {
      const comma = text.indexOf(',', i)
      const value = comma < 0 ? bare(text.slice(i)) : text.slice(i, comma)
      if (value.includes('"')) return 'bad'
      cells.push(value)
      i = comma < 0 ? text.length : comma
    }
    if (i >= text.length || text.slice(i) === '\r') return cells
    if (text[i] !== ',') return 'bad'
    i++
  }
}

function quotedCell(text: string, from: number): { value: string; next: number } | 'open' {
  let value = ''
  let i = from
  for (;;) {
    const quote = text.indexOf('"', i)
    if (quote < 0) return 'open'
    value += text.slice(i, quote)
    if (text[quote + 1] !== '"') return { value, next: quote + 1 }
    value += '"'
    i = quote + 2
  }
}
