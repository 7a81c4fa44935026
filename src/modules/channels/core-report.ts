import type { FileAccount, Report, ReportCode, RowRef } from './types.ts'

/** What to do about a row that could not be used; one sentence a code. */
const FIX: { readonly [code in ReportCode]: string } = {
  bad_columns: 'Give the row as many cells as the first line of the file has, then import again.',
  bad_number: 'Write the number with digits and a point, then import again.',
  bad_quoting: 'Close the quotes of this line (a quote inside of a cell is written twice), then import again.',
  bad_text: 'Shorten the text or remove the character, then import again.',
  bad_time: 'Write the time as YYYY-MM-DD HH:MM:SS of a day that exists, then import again.',
  bad_value: 'Use one of the values that the data set describes, then import again.',
  duplicate_id: 'Remove one of the two rows; the first one was used.',
  line_too_long: 'Look for a missing line end; the line is longer than any row can be.',
  missing_value: 'Fill the cell, then import again.',
  no_order_row: 'Add the row of this order to the orders file and import again; without it there is no order.',
  not_needed: 'Nothing: no event holds anything of this table.',
  not_referenced: 'Nothing: no order of this folder refers to these rows.',
  order_row_unusable: "Repair the order's own row (see its report) and import again.",
  too_many: 'Split the order, or ask for a higher limit.',
  unknown_file: 'Rename the file as the data set names it, or take it out of the folder.',
}

export function reportOf(at: RowRef, id: string | null, why: { code: ReportCode; reason: string }): Report {
  return { file: at.file, row: at.row, id, code: why.code, reason: why.reason, fix: FIX[why.code], count: 1 }
}

/** Collects what became of the rows of each file; used and reported rows are counted apart, so that they can disagree. */
export interface Tally {
  /** One more row was read. */
  row(file: string): void
  rowsOf(file: string): number
  use(rows: readonly RowRef[]): void
  isUsed(row: RowRef): boolean
  report(report: Report): void
  /** Rows of one file that share a fate and are not worth a line each. */
  bulk(file: string, code: ReportCode, reason: string): void
  reports(): readonly Report[]
  accounts(): readonly FileAccount[]
}

interface Entry {
  rows: number
  /** Lines that stand in an event; a master row stands in many. */
  readonly used: Set<number>
  readonly single: Report[]
  readonly bulk: Map<ReportCode, { reason: string; count: number }>
}

export function tally(files: readonly string[]): Tally {
  const entries = new Map<string, Entry>()
  const entryOf = (file: string): Entry => {
    let entry = entries.get(file)
    if (!entry) {
      entry = { rows: 0, used: new Set(), single: [], bulk: new Map() }
      entries.set(file, entry)
    }
    return entry
  }
  for (const file of files) entryOf(file)
  const ofFile = (file: string, entry: Entry): Report[] => [
    ...entry.single,
    ...[...entry.bulk].map(([code, { reason, count }]) => ({
      file,
      row: null,
      id: null,
      code,
      reason,
      fix: FIX[code],
      count,
    })),
  ]
  return {
    row: file => void entryOf(file).rows++,
    rowsOf: file => entryOf(file).rows,
    use: rows => {
      for (const { file, row } of rows) entryOf(file).used.add(row)
    },
    isUsed: ({ file, row }) => entryOf(file).used.has(row),
    report: report => void entryOf(report.file).single.push(report),
    bulk: (file, code, reason) => {
      const { bulk } = entryOf(file)
      bulk.set(code, { reason, count: (bulk.get(code)?.count ?? 0) + 1 })
    },
    reports: () => [...entries].flatMap(([file, entry]) => ofFile(file, entry)),
    accounts: () => [...entries].map(([file, entry]) => accountOf(file, entry, ofFile(file, entry))),
  }
}

function accountOf(file: string, entry: Entry, reports: readonly Report[]): FileAccount {
  const codes: Record<string, number> = {}
  for (const { code, count } of reports) codes[code] = (codes[code] ?? 0) + count
  const reported = reports.reduce((sum, { count }) => sum + count, 0)
  return { file, rows: entry.rows, used: entry.used.size, reported, codes }
}

/** The accounting as plain text, one line a file and a line of sums. */
export function accountTable(accounts: readonly FileAccount[]): string {
  const sum = (pick: (a: FileAccount) => number): number => accounts.reduce((n, a) => n + pick(a), 0)
  const lines = [
    ['file', 'rows', 'used', 'reported', 'why'],
    ...accounts.map(a => [a.file, String(a.rows), String(a.used), String(a.reported), why(a)]),
    ['all', String(sum(a => a.rows)), String(sum(a => a.used)), String(sum(a => a.reported)), ''],
  ]
  const widths = [0, 1, 2, 3].map(i => Math.max(...lines.map(line => line[i]?.length ?? 0)))
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : i < 4 ? cell.padStart(widths[i] ?? 0) : cell
  return lines.map(line => line.map(pad).join('  ').trimEnd()).join('\n')
}

const why = (account: FileAccount): string =>
  Object.entries(account.codes)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ')
