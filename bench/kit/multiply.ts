import type pg from 'pg'
import { streamIdOf } from '../../src/contract/identity.ts'
import { bucketOf, groupOf } from '../../src/kernel/bucket.ts'
import { bucketOfKey } from '../../src/pipeline/keys.ts'
import { openText, SEALED, sealedText } from '../../src/pipeline/personal.ts'
import { newSalt, type Sealer } from '../../src/platform/seal.ts'
import type { Portion, TableRows, Values } from './copy.ts'

/**
 * Rows of many orders made from the rows that the product wrote for a few: another number and stream, every instant of
 * the order moved by the same time, personal fields sealed anew, ledger positions behind those that are taken.
 * Chain links are left out, so `verify-ledger` means nothing on such a database.
 */

/** The tables that the step writes for an order without cases; search and roll-ups are not needed to wake it. */
const TABLES = ['key', 'salt', 'ledger', 'head', 'order_row'] as const
/** Instants of the order; those at which it was written down stay as they are. */
const MOVED = new Set(
  'occurred_at wake_at timer_at placed_at promise_ends_at handed_over_at delivered_at last_event_at stage_since'.split(
    ' ',
  ),
)

export interface Template {
  readonly orderNo: string
  readonly stream: string
  readonly salt: Buffer
  readonly tables: readonly { readonly table: string; readonly columns: readonly string[]; readonly rows: Values[] }[]
}

export async function readTemplate(client: pg.Client, orderNo: string): Promise<Template> {
  const stream = streamIdOf('order', 'order_no', `bench/${orderNo}`)
  const tables = []
  for (const table of TABLES) {
    const order = table === 'ledger' ? ' order by seq' : ' order by 1, 2, 3'
    const text = `select * from ${table} where stream = $1${order}`
    const { rows, fields } = await client.query<(string | null)[]>({ text, values: [stream], rowMode: 'array' })
    if (rows.length === 0) throw new Error(`${orderNo} has no row in ${table}`)
    tables.push({ table, columns: fields.map(f => f.name), rows })
  }
  const { columns, rows } = tables.find(t => t.table === 'salt')!
  const salt = Buffer.from(rows[0]![columns.indexOf('salt')]!.slice(2), 'hex')
  return { orderNo, stream, salt, tables }
}

export interface Multiplier {
  readonly sealer: Sealer
  personalPaths(type: string): readonly string[]
  /** The next free position of a group. */
  position(group: number): number
}

interface Copy {
  readonly stream: string
  readonly orderNo: string
  readonly bucket: string
  readonly shift: number
  readonly salt: Buffer
}

type Column = (copy: Copy) => string | null

/** How the rows of a template become those of another order; what does not depend on the order is worked out once. */
export function multiplied(template: Template, by: Multiplier): (orderNo: string, shift: number) => TableRows[] {
  const makers = template.tables.map(({ table, columns, rows }) => ({
    table,
    columns: columns.join(', '),
    rows: rows.map(row => columnsOf(template, by, { table, columns, row })),
  }))
  return (orderNo, shift) => {
    const stream = streamIdOf('order', 'order_no', `bench/${orderNo}`)
    const copy: Copy = { stream, orderNo, bucket: String(bucketOf(stream)), shift, salt: newSalt() }
    return makers.map(({ table, columns, rows }) => ({
      table,
      columns,
      rows: rows.map(row => row.map(column => column(copy))),
    }))
  }
}

function columnsOf(
  { orderNo, stream, salt }: Template,
  by: Multiplier,
  { table, columns, row }: { table: string; columns: readonly string[]; row: Values },
): Column[] {
  const at = (name: string): string => row[columns.indexOf(name)] ?? ''
  return columns.map((name, i): Column => {
    const value = row[i] ?? null
    if (value === null) return () => null
    if (name === 'stream') return c => c.stream
    if (name === 'bucket') {
      if (table !== 'key') return c => c.bucket
      return c => String(bucketOfKey({ kind: at('kind'), value: at('value').replace(orderNo, c.orderNo) }))
    }
    if (name === 'salt') return c => `\\x${c.salt.toString('hex')}`
    if (name === 'pos') return c => String(by.position(groupOf(Number(c.bucket))))
    if (MOVED.has(name)) return c => String(Number(value) + c.shift)
    if (name === 'nodes') return c => shifted(value, c.shift)
    if (name === 'body') return bodyOf(value, { orderNo, stream, salt, type: at('type') }, by)
    return value.includes(orderNo) ? c => value.replaceAll(orderNo, c.orderNo) : () => value
  })
}

const INSTANT = /":(\d{13})(?=[,}])/g
const shifted = (json: string, by: number): string => json.replace(INSTANT, (_, at) => `":${Number(at) + by}`)

function bodyOf(
  stored: string,
  from: { orderNo: string; stream: string; salt: Buffer; type: string },
  { sealer, personalPaths }: Multiplier,
): Column {
  const renumbered = (text: string, c: Copy) => shifted(text.replaceAll(from.orderNo, c.orderNo), c.shift)
  if (!stored.includes(SEALED)) return c => renumbered(stored, c)
  const { type } = from
  const plain = JSON.stringify(openText(sealer, from, stored))
  const paths = personalPaths(type)
  return c => sealedText(sealer, { stream: c.stream, type, salt: c.salt, paths }, JSON.parse(renumbered(plain, c)))
}

/** Several orders in one portion, a part for each table. */
export function portionOf(orders: readonly (readonly TableRows[])[]): Portion {
  const tables = new Map<string, { table: string; columns: string; rows: Values[] }>()
  for (const { table, columns, rows } of orders.flat()) {
    const known = tables.get(table)
    if (known) known.rows.push(...rows)
    else tables.set(table, { table, columns, rows: [...rows] })
  }
  return [...tables.values()]
}

/** What two writings of the same order never share: when and where it was written, and under which salt. */
const OWN = new Set([
  'recorded_at',
  'known_at',
  'pos',
  'cause',
  'updated_at',
  'clock',
  'salt',
  'made_at',
  'recorded_month',
])

/** @throws when the made rows are not those that the product wrote for the same order */
export function compare(made: readonly TableRows[], real: Template): void {
  for (const { table, columns, rows } of real.tables) {
    const ours = made.find(t => t.table === table)!
    const text = (all: readonly Values[]) =>
      all
        .map(row =>
          columns
            .map((c, i) => (OWN.has(c) ? '' : `${c}=${row[i]?.replace(/,"\$sealed":"[^"]*"/, '') ?? ''}`))
            .join(' '),
        )
        .sort()
    const [a, b] = [text(ours.rows), text(rows)]
    const differs = a.findIndex((row, i) => row !== b[i])
    if (a.length !== b.length || differs >= 0)
      throw new Error(`${table} of ${real.orderNo} is made as\n${a[differs]}\nand was written as\n${b[differs]}`)
  }
}
