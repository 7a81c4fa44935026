import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { reportOf, type Tally, tally } from '../core-report.ts'
import { type CsvFault, type CsvRecord, isFault } from '../files/core-csv.ts'
import { readCsv } from '../files/read.ts'
import { ChannelError } from '../types.ts'
import {
  type CellReader,
  cellReader,
  readCustomer,
  readItem,
  readOrder,
  readPayment,
  readProduct,
  readReview,
  readTranslation,
} from './core-rows.ts'
import {
  type CustomerRow,
  type ItemRow,
  type OrderRow,
  type PaymentRow,
  type ProductRow,
  type ReviewRow,
  stemOf,
  type Table,
  type TranslationRow,
  tableOf,
} from './wire.ts'

export interface LoadProgress {
  readonly file: string
  readonly rows: number
}

/** The rows of a folder that can be used, joined by their ids. */
export interface Loaded {
  readonly orders: ReadonlyMap<string, OrderRow>
  readonly customers: ReadonlyMap<string, CustomerRow>
  readonly products: ReadonlyMap<string, ProductRow>
  readonly translations: ReadonlyMap<string, TranslationRow>
  readonly items: ReadonlyMap<string, readonly ItemRow[]>
  readonly payments: ReadonlyMap<string, readonly PaymentRow[]>
  readonly reviews: ReadonlyMap<string, readonly ReviewRow[]>
  readonly tally: Tally
}

/**
 * Reads a folder. Rows that no order needs are counted and dropped at once, so memory follows the orders
 * (about 5 KB each) and not the files.
 * Throws ChannelError when the folder, one of its files or a first line cannot be read, or when it has no orders.
 */
export async function loadOlist(dir: string, onProgress?: (at: LoadProgress) => void): Promise<Loaded> {
  const files = await filesOf(dir)
  const load = newLoad(files.map(f => f.file))
  for (const { file, table } of files) {
    let header: Header | null = null
    for await (const batch of readCsv(join(dir, file))) {
      for (const record of batch) {
        if (header) takeRecord(load, { file, table, header, record })
        else header = headerFrom(record)
      }
      onProgress?.({ file, rows: load.tally.rowsOf(file) })
    }
  }
  return load
}

interface OlistFile {
  readonly file: string
  readonly table: Table | null
}

/** The order of reading: what others refer to comes after what refers to it, the extra files after their tables. */
const ORDER: readonly (Table | null)[] = [
  'orders',
  'customers',
  'items',
  'payments',
  'reviews',
  'products',
  'sellers',
  'translation',
  'geolocation',
  'provenance',
  null,
]

async function filesOf(dir: string): Promise<OlistFile[]> {
  const names = await readdir(dir).catch(error => {
    throw new ChannelError('folder_unreadable', `${dir} cannot be listed (${error.code}): name a folder of CSV files`)
  })
  const files: OlistFile[] = []
  for (const file of names.filter(name => stemOf(name) !== null).sort()) {
    const twin = files.find(f => stemOf(f.file) === stemOf(file))
    if (twin) throw new ChannelError('file_twice', `${file} and ${twin.file} hold the same table: keep one of them`)
    files.push({ file, table: tableOf(file, await headerOf(join(dir, file))) })
  }
  if (!files.some(f => f.table === 'orders'))
    throw new ChannelError(
      'orders_missing',
      `${dir} has no olist_orders_dataset.csv or .csv.gz: there is no order in it`,
    )
  const isExtra = (file: string): number => (file.startsWith('extra_') ? 1 : 0)
  const rank = (f: OlistFile): number => ORDER.indexOf(f.table) * 2 + isExtra(f.file)
  return files.sort((a, b) => rank(a) - rank(b))
}

async function headerOf(path: string): Promise<readonly string[]> {
  for await (const batch of readCsv(path)) {
    const first = batch[0]
    if (first) return [...headerFrom(first).index.keys()]
  }
  return []
}

interface Header {
  readonly width: number
  readonly index: ReadonlyMap<string, number>
}

function headerFrom(record: CsvRecord): Header {
  const names = isFault(record) ? [] : record.cells.map(name => name.trim())
  return { width: names.length, index: new Map(names.map((name, i) => [name, i])) }
}

// ---- rows ----------------------------------------------------------------------------------------------------------

interface Load extends Loaded {
  readonly orders: Map<string, OrderRow>
  readonly customers: Map<string, CustomerRow>
  readonly products: Map<string, ProductRow>
  readonly translations: Map<string, TranslationRow>
  readonly items: Map<string, ItemRow[]>
  readonly payments: Map<string, PaymentRow[]>
  readonly reviews: Map<string, ReviewRow[]>
  /** Ids of orders whose own row cannot be used. */
  readonly lost: Set<string>
  /** Ids that usable rows refer to. */
  readonly wanted: { readonly customers: Set<string>; readonly products: Set<string>; readonly categories: Set<string> }
}

const newLoad = (files: readonly string[]): Load => ({
  orders: new Map(),
  customers: new Map(),
  products: new Map(),
  translations: new Map(),
  items: new Map(),
  payments: new Map(),
  reviews: new Map(),
  lost: new Set(),
  wanted: { customers: new Set(), products: new Set(), categories: new Set() },
  tally: tally(files),
})

interface Arrived extends OlistFile {
  readonly header: Header
  readonly record: CsvRecord
}

function takeRecord(load: Load, { file, table, header, record }: Arrived): void {
  load.tally.row(file)
  const at = { file, row: record.line }
  if (isFault(record)) {
    load.tally.report(reportOf(at, null, { code: record.fault, reason: FAULTS[record.fault] }))
  } else if (table === null) {
    load.tally.bulk(file, 'unknown_file', 'the data set has no table of this name')
  } else if (record.cells.length !== header.width) {
    const reason = `${record.cells.length} cells where the first line has ${header.width}`
    // The first cell is an id in all tables, and good enough to find the row again.
    load.tally.report(reportOf(at, record.cells[0] ?? null, { code: 'bad_columns', reason }))
  } else TAKE[table](load, cellReader(header.index, record.cells, at))
}

const FAULTS: { readonly [fault in CsvFault['fault']]: string } = {
  bad_quoting: 'the quotes of this line do not match',
  line_too_long: 'the line is longer than a million characters',
}

/** What is done with a row of each table. */
const TAKE: { readonly [table in Table]: (load: Load, cells: CellReader) => void } = {
  orders: (load, cells) => {
    const row = readOrder(cells)
    if (unusable(load, cells, row.orderId)) load.lost.add(row.orderId)
    else if (unique(load, load.orders, { id: row.orderId, row })) load.wanted.customers.add(row.customerId)
  },
  customers: (load, cells) => {
    const row = readCustomer(cells)
    takeMaster(load, cells, { id: row.customerId, row, into: load.customers, wanted: load.wanted.customers })
  },
  products: (load, cells) => {
    const row = readProduct(cells)
    takeMaster(load, cells, { id: row.productId, row, into: load.products, wanted: load.wanted.products })
    if (load.products.get(row.productId) === row) load.wanted.categories.add(row.category)
  },
  items: (load, cells) => {
    const row = readItem(cells)
    const taken = takePart(load, cells, { id: `${row.orderId}/${row.itemNo}`, row, into: load.items })
    if (taken) load.wanted.products.add(row.productId)
  },
  payments: (load, cells) => {
    const row = readPayment(cells)
    takePart(load, cells, { id: `${row.orderId}/${row.sequential}`, row, into: load.payments })
  },
  reviews: (load, cells) => {
    const row = readReview(cells)
    takePart(load, cells, { id: `${row.reviewId}/${row.orderId}`, row, into: load.reviews })
  },
  translation: (load, cells) => {
    const row = readTranslation(cells)
    takeMaster(load, cells, { id: row.category, row, into: load.translations, wanted: load.wanted.categories })
  },
  sellers: (load, { at }) => load.tally.bulk(at.file, 'not_needed', NOT_NEEDED),
  geolocation: (load, { at }) => load.tally.bulk(at.file, 'not_needed', NOT_NEEDED),
  provenance: (load, { at }) => load.tally.bulk(at.file, 'not_needed', NOT_NEEDED),
}
const NOT_NEEDED = 'no event holds anything of this table'

function unusable(load: Load, cells: CellReader, id: string): boolean {
  const fault = cells.fault()
  if (fault) load.tally.report(reportOf(cells.at, id, { code: fault.fault, reason: fault.reason }))
  return fault !== null
}

/** Keeps the first row of an id and reports the others. */
function unique<R extends { file: string; row: number }>(
  load: Load,
  into: Map<string, R>,
  given: { id: string; row: R },
): boolean {
  const first = into.get(given.id)
  if (first) {
    const reason = `the same id stands in line ${first.row} of ${first.file}`
    load.tally.report(reportOf(given.row, given.id, { code: 'duplicate_id', reason }))
    return false
  }
  into.set(given.id, given.row)
  return true
}

interface Master<R> {
  readonly id: string
  readonly row: R
  readonly into: Map<string, R>
  readonly wanted: ReadonlySet<string>
}

function takeMaster<R extends { file: string; row: number }>(load: Load, cells: CellReader, master: Master<R>): void {
  if (unusable(load, cells, master.id)) return
  if (master.wanted.has(master.id)) unique(load, master.into, master)
  else load.tally.bulk(cells.at.file, 'not_referenced', 'no order of this folder refers to them')
}

interface Part<R> {
  readonly id: string
  readonly row: R
  readonly into: Map<string, R[]>
}

/** A row that belongs to an order. Twins within an order are found by the mapper, which sees them side by side. */
function takePart<R extends { orderId: string }>(load: Load, cells: CellReader, part: Part<R>): boolean {
  if (unusable(load, cells, part.id)) return false
  const { orderId } = part.row
  if (!load.orders.has(orderId)) {
    const code = load.lost.has(orderId) ? 'order_row_unusable' : 'no_order_row'
    const reason =
      code === 'no_order_row' ? 'the orders file has no row of its order' : "its order's own row is unusable"
    load.tally.report(reportOf(cells.at, part.id, { code, reason }))
    return false
  }
  const list = part.into.get(orderId)
  if (list) list.push(part.row)
  else part.into.set(orderId, [part.row])
  return true
}
