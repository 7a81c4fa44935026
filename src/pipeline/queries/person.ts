import type { Fact } from '../../contract/stream.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import { ordersOfPerson } from '../erase.ts'
import { findRefused, findWaiting, type LooseDeps } from '../erase-loose.ts'
import { type LoadDeps, openFacts, type TailRow } from '../load.ts'
import { jsonRows, type Sql } from '../sql.ts'
import type { OrderRowTable } from './tables.ts'

const ORDERS = `
select o.* from json_to_recordset($1) as r(b smallint, s text)
join order_row o on o.bucket = r.b and o.stream = r.s order by o.bucket, o.stream`
const FACTS = `
select l.bucket, l.stream, l.seq, l.type, l.v, l.actor, l.cause, l.occurred_at, l.recorded_at, l.known_at, l.body
from json_to_recordset($1) as r(b smallint, s text)
join head h on h.bucket = r.b and h.stream = r.s
join ledger l on l.bucket = r.b and l.stream = r.s and l.recorded_month >= h.born_month
order by l.bucket, l.stream, l.seq`
const MESSAGES = `
select m.bucket, m.stream, m.channel, m.type, m.status, m.created_at, m.body
from json_to_recordset($1) as r(b smallint, s text)
join outbox m on m.bucket = r.b and m.stream = r.s order by m.created_at`

export interface SentMessage {
  readonly stream: string
  readonly channel: string
  readonly type: string
  readonly status: string
  readonly created_at: Instant
  /** JSON text. */
  readonly body: string
}

export interface PersonsOrder {
  readonly row: OrderRowTable
  readonly facts: readonly Fact[]
  readonly messages: readonly SentMessage[]
}

/** Orders of a page that are read at once: an order may have thousands of facts. */
const TOGETHER = 20

/** Every order that says anything of the person, whole and in plain. */
export async function* personsOrders(
  db: Sql,
  loads: LoadDeps,
  asked: { readonly tokens: readonly string[]; readonly until: Instant },
): AsyncGenerator<PersonsOrder> {
  for await (const page of ordersOfPerson(db, asked)) {
    for (let i = 0; i < page.length; i += TOGETHER) {
      const ask = jsonRows(page.slice(i, i + TOGETHER).map(o => ({ b: o.bucket, s: o.stream })))
      const tails = (await db.query<TailRow>(FACTS, [ask])).rows
      const facts = await openFacts(db, { ...loads, broken: 'mark' }, tails)
      const byStream = Map.groupBy(
        facts.map((fact, n) => ({ fact, stream: tails[n]!.stream })),
        f => f.stream,
      )
      const messages = Map.groupBy((await db.query<SentMessage>(MESSAGES, [ask])).rows, m => m.stream)
      for (const row of (await db.query<OrderRowTable>(ORDERS, [ask])).rows)
        yield {
          row,
          facts: (byStream.get(row.stream) ?? []).map(f => f.fact),
          messages: messages.get(row.stream) ?? [],
        }
    }
  }
}

/** What is kept of the person and belongs to no order: each as text. */
export async function* personsLooseMessages(
  deps: LooseDeps,
  asked: { readonly tokens: readonly string[]; readonly until: Instant },
): AsyncGenerator<{ readonly at: Instant; readonly why: 'waiting' | 'refused'; readonly said: string }> {
  const persons = new Map(asked.tokens.map(token => [token, asked.until]))
  for await (const page of findWaiting(deps, persons))
    for (const { row, body } of page) yield { at: row.recorded_at, why: 'waiting', said: JSON.stringify(body) }
  for await (const page of findRefused(deps, persons))
    for (const { row, said } of page) yield { at: row.at, why: 'refused', said }
}

const TYPED = `
select bucket, stream, seq, type, v, actor, cause, occurred_at, recorded_at, known_at, body from ledger
where bucket = $1 and stream = $2 and recorded_month >= $3
  and (type = any($4::text[]) or seq = any($5::integer[])) order by seq limit 2000`

/** The facts of an order that may say who the customer is, and those of the given numbers; in plain. */
export async function revealableFacts(
  db: Sql,
  loads: LoadDeps,
  asked: {
    readonly stream: string
    readonly bornMonth: number
    readonly types: readonly string[]
    readonly rows: readonly number[]
  },
): Promise<Fact[]> {
  const values = [bucketOf(asked.stream), asked.stream, asked.bornMonth, asked.types, asked.rows]
  return openFacts(db, loads, (await db.query<TailRow>(TYPED, values)).rows)
}
