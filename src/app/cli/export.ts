import { createWriteStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { BUCKETS, bucketsOf, GROUPS } from '../../kernel/bucket.ts'
import { isoOf } from '../../kernel/instant.ts'
import { openFacts, type TailRow } from '../../pipeline/load.ts'
import type { CaseRowTable, OrderRowTable } from '../../pipeline/queries/tables.ts'
import { READ_PAGE } from '../../pipeline/sql/project.ts'
import { systemClock } from '../../platform/clock.ts'
import { makeDirectory } from '../../platform/directory.ts'
import { loadsWith } from '../compose.ts'
import { dataConfig } from '../config.ts'
import { caseItem } from '../http/handlers/cases.ts'
import { ledgerItem } from '../http/handlers/order.ts'
import { orderItem } from '../http/handlers/orders.ts'
import { demandWhole, type World } from '../world.ts'
import { textFlag } from './flags.ts'
import { oftenEnough } from './often.ts'
import { countText } from './pace.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'
import { inWorld } from './world-verbs.ts'

const PAGE = 2000

export const exportVerb: Verb = {
  name: 'export',
  summary: 'write orders, cases and the ledger as JSON lines',
  about: [
    'Writes orders.jsonl, cases.jsonl and ledger.jsonl, in the shapes of the API; personal fields are masked. Reads only,',
    'and may run beside `andon start`.',
  ],
  flags: {
    ...DATA_FLAGS,
    out: { kind: 'text', value: 'dir', help: 'where to write (default <data>/exports/<time>)' },
  },
  run: call => inWorld(call, { mayAttach: true }, world => exportAll(call, world)),
}

async function exportAll({ flags, terminal, stop }: Call, world: World): Promise<Ending> {
  demandWhole(world.values)
  const stamp = isoOf(systemClock.now()).replace(/[:.]/g, '-')
  const dir = resolve(textFlag(flags, 'out') ?? join(dataConfig(flags).dataDir, 'exports', stamp))
  makeDirectory(dir)
  const say = oftenEnough(terminal)
  const write = (name: string, rows: AsyncGenerator<object>): Promise<number> =>
    writeLines(join(dir, `${name}.jsonl`), rows, {
      stop,
      seen: n => say(() => `Writing ${name}: ${countText(n)}`),
    })
  const orders = await write('orders', rowsOf<OrderRowTable>(world, ORDERS, orderItem))
  const cases = await write(
    'cases',
    rowsOf<CaseRowTable>(world, CASES, row => caseItem(row)),
  )
  const facts = await write('ledger', ledgerRows(world))
  const whole = stop.aborted ? 'Interrupted, so not all: ' : ''
  terminal.line(
    `${whole}${countText(orders)} orders, ${countText(cases)} cases and ${countText(facts)} ledger rows: ${dir}`,
  )
  return { ok: !stop.aborted, counts: { orders, cases, facts, dir } }
}

const ORDERS = 'select * from order_row where bucket = $1 order by stream'
const CASES = 'select * from case_row where bucket = $1 order by stream, case_id'

async function* rowsOf<R>({ db }: World, text: string, item: (row: R) => object): AsyncGenerator<object> {
  for (let bucket = 0; bucket < BUCKETS; bucket++)
    for (const row of (await db.query<R>(text, [bucket])).rows) yield item(row)
}

async function* ledgerRows({ db, sealer }: World): AsyncGenerator<object> {
  for (let group = 0; group < GROUPS; group++) {
    let pos = 0
    for (;;) {
      const { rows } = await db.query<TailRow & { pos: number }>(READ_PAGE, [group, pos, PAGE, bucketsOf(group)])
      const facts = await openFacts(db, loadsWith(sealer), rows)
      for (const [i, row] of rows.entries()) yield { stream: row.stream, group, pos: row.pos, ...ledgerItem(facts[i]!) }
      if (rows.length < PAGE) break
      pos = rows.at(-1)!.pos
    }
  }
}

/** Writes one line a row, as fast as the disk takes them; returns how many. */
async function writeLines(
  path: string,
  rows: AsyncGenerator<object>,
  to: { readonly stop: AbortSignal; readonly seen: (count: number) => void },
): Promise<number> {
  const file = createWriteStream(path)
  const done = finished(file)
  let count = 0
  for await (const row of rows) {
    if (to.stop.aborted) break
    if (!file.write(`${JSON.stringify(row)}\n`)) await Promise.race([drain(file), done])
    if (++count % 1000 === 0) to.seen(count)
  }
  file.end()
  await done
  return count
}

const drain = (file: NodeJS.WritableStream): Promise<void> =>
  new Promise(resolve => file.once('drain', () => resolve()))
