/** What a spreadsheet takes for a formula, also after blanks. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\t\r\n|%＝＋－＠]/u
const NUMBER = /^-?\d+(\.\d+)?$/

/**
 * A cell as RFC 4180 has it, always quoted. What a spreadsheet would run as a formula begins with an apostrophe (OWASP,
 * CSV Injection): a person's name may be `=cmd|...`. A plain number stays one.
 */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  const safe = typeof value === 'string' && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

export const csvLine = (cells: readonly (string | number | boolean | null | undefined)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`

/** Tells spreadsheets that the file is UTF-8; without it they guess, and get Chinese wrong. */
export const CSV_START = '\uFEFF'
