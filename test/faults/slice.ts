import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { ROOT } from '../support/process.ts'

const DIR = join(ROOT, '..', 'shared', 'data', 'olist')

export const noData = existsSync(DIR) ? false : 'no ../shared/data/olist beside the repository'

/** Writes a folder with every n-th order of the real one and all that belongs to them; returns the folder. */
export function sliceOf(dir: string, orders: number): string {
  mkdirSync(dir, { recursive: true })
  const all = read('olist_orders_dataset')
  const every = Math.max(1, Math.floor((all.length - 1) / orders))
  const chosen = [all[0] as string[], ...all.slice(1).filter((_, i) => i % every === 0)].slice(0, orders + 1)
  write(dir, 'olist_orders_dataset', chosen)
  const ids = new Set(chosen.map(row => row[0]))
  const customers = new Set(chosen.map(row => row[1]))
  for (const name of ['olist_order_items_dataset', 'olist_order_payments_dataset'])
    write(dir, name, keep(read(name), 0, ids))
  write(dir, 'olist_order_reviews_dataset', keep(read('olist_order_reviews_dataset'), 1, ids))
  write(dir, 'olist_customers_dataset', keep(read('olist_customers_dataset'), 0, customers))
  return dir
}

const read = (name: string): string[][] => parse(gunzipSync(readFileSync(join(DIR, `${name}.csv.gz`))))

const keep = (rows: readonly string[][], column: number, wanted: ReadonlySet<string | undefined>): string[][] =>
  rows.filter((row, i) => i === 0 || wanted.has(row[column]))

const write = (dir: string, name: string, rows: readonly string[][]): void => {
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
  writeFileSync(join(dir, `${name}.csv`), rows.map(row => `${row.map(quoted).join(',')}\n`).join(''))
}
