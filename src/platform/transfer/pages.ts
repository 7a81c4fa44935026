import type { Sql } from '../database.ts'
import { columnList, identifier, type Table } from './tables.ts'

/** Rows of one page. A page is one short statement, so that no transaction is open for long. */
const PAGE_ROWS = 2_000

/**
 * The pages of a table, each as the text of a query over its rows: by the primary key, from the end of the page before to
 * the row that ends this one. Only for a table that nobody writes to meanwhile.
 */
export async function* pagesOf(sql: Sql, table: Table, rows = PAGE_ROWS): AsyncGenerator<string> {
  const from = `select ${columnList(table)} from ${identifier(table.name)}`
  if (table.key.length === 0) return yield from
  const key = table.key.map(column => identifier(column.name)).join(', ')
  let above = ''
  for (;;) {
    const bound = await boundOf(sql, table, { above, rows })
    const below = bound === null ? [] : [`(${key}) <= ${bound}`]
    const conditions = [...(above === '' ? [] : [`(${key}) > ${above}`]), ...below]
    yield `${from}${conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''} order by ${key}`
    if (bound === null) return
    above = bound
  }
}

/** The key of the last row of a page as SQL text, quoted by the server; null when the page is the last one. */
async function boundOf(sql: Sql, table: Table, after: { above: string; rows: number }): Promise<string | null> {
  const key = table.key.map(column => identifier(column.name)).join(', ')
  const values = table.key.map(({ name, type }) => `quote_literal(${identifier(name)}::text) || '::${type}'`)
  const text = `select '(' || ${values.join(` || ', ' || `)} || ')' as bound from ${identifier(table.name)}
    ${after.above === '' ? '' : `where (${key}) > ${after.above}`} order by ${key} offset ${after.rows - 1} limit 1`
  return (await sql.query<{ bound: string }>(text)).rows[0]?.bound ?? null
}
