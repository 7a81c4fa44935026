import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Dedicated } from '../database.ts'
import { pagesOf } from './pages.ts'
import { columnList, identifier, type Table } from './tables.ts'

/** The rows of one page as PostgreSQL's COPY writes them: text, one line a row. */
export async function readPage({ client }: Dedicated, query: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of client.query(copyTo(`copy (${query}) to stdout`))) parts.push(part)
  return Buffer.concat(parts)
}

/** Puts a page into the table of the same name. */
export async function writePage({ client }: Dedicated, table: Table, page: Readable | Buffer): Promise<void> {
  const text = `copy ${identifier(table.name)} (${columnList(table)}) from stdin`
  await pipeline(Buffer.isBuffer(page) ? Readable.from([page]) : page, client.query(copyFrom(text)))
}

/** All rows of a table, page by page; none is empty. */
export async function* readTable(source: Dedicated, table: Table): AsyncGenerator<Buffer> {
  for await (const query of pagesOf(source, table)) {
    const page = await readPage(source, query)
    if (page.length > 0) yield page
  }
}
