import { HOUR } from '../src/kernel/instant.ts'
import type { Sql } from '../src/platform/database.ts'
import type { Bench, BenchOptions, BenchResult, Figure } from './kit/bench.ts'
import { Client, postEvents } from './kit/client.ts'
import { startCluster } from './kit/cluster.ts'
import { resetStatements, type StatementUse, statementsOf } from './kit/meters.ts'
import { batchesTogether, EVENTS_PER_ORDER } from './kit/orders.ts'
import { startServer } from './kit/server.ts'
import { factsOf, stepsDone } from './kit/settled.ts'
import { median, quantile } from './kit/stats.ts'
import { shown } from './kit/table.ts'

const IN_FLIGHT = 6
const ORDERS_WITH_CASES = 200
const LOAD_ORDERS = { quick: 2_500, full: 8_000 }
const IDLE_COMMANDS = { quick: 150, full: 400 }
/** ms between the commands of one user, of whom there are two. */
const PAUSE = 75

interface Round {
  /** ms of one durable INSERT by itself: what nothing that answers after its commit can be faster than. */
  readonly insert: readonly number[]
  readonly idle: readonly number[]
  readonly loaded: readonly number[]
  /** Of the idle commands, the costliest first. */
  readonly statements: readonly StatementUse[]
  /** Answered 202: it took longer than two seconds. */
  readonly late: number
  readonly ordersPerSecond: number
}

export const commands: Bench = {
  name: 'commands',
  about: 'notes on cases and orders through HTTP, from request to committed answer, idle and during a full import',
  run,
}

async function run(options: BenchOptions): Promise<BenchResult> {
  const cluster = await startCluster()
  const database = await cluster.create('commands')
  const server = await startServer({ databaseUrl: database.url })
  const client = new Client(server, IN_FLIGHT + 4)
  const size = options.quick ? 'quick' : 'full'
  try {
    const targets = await casesToWorkOn(client, database.db)
    await database.db.query('create table bench_row (id int generated always as identity primary key, body text)')
    const rounds: Round[] = []
    await loaded({ client, targets, db: database.db }, { orders: 500, prefix: 'W' })
    for (let round = 1; round <= options.rounds; round++) {
      const insert = await timed(IDLE_COMMANDS[size], () =>
        database.db.query('insert into bench_row (body) values ($1)', ['x'.repeat(300)]),
      )
      await resetStatements(database.db)
      const idle = await idleTimes(client, targets, IDLE_COMMANDS[size])
      const statements = await statementsOf(database.db)
      const load = await loaded(
        { client, targets, db: database.db },
        { orders: LOAD_ORDERS[size], prefix: `L${round}` },
      )
      rounds.push({ insert, idle: idle.times, statements, ...load, late: load.late + idle.late })
      options.say(
        `round ${round}: p99 ${shown(quantile(idle.times, 0.99))} ms idle, ${shown(quantile(load.loaded, 0.99))} ms loaded`,
      )
    }
    return { figures: figuresOf(rounds), rounds: rounds.map(summaryOf), notes: notesOf(rounds) }
  } finally {
    client.close()
    await server.stop()
    await database.drop()
    await cluster.close()
  }
}

function figuresOf(rounds: readonly Round[]): Figure[] {
  const of = (value: (round: Round) => number) => median(rounds.map(value))
  const at = (times: 'idle' | 'loaded' | 'insert', q: number) => of(r => quantile(r[times], q))
  return [
    { name: 'idle, p50', unit: 'ms', value: at('idle', 0.5) },
    { name: 'idle, p99', unit: 'ms', value: at('idle', 0.99), aim: { most: 50 } },
    { name: 'during an import, p50', unit: 'ms', value: at('loaded', 0.5) },
    { name: 'during an import, p99', unit: 'ms', value: at('loaded', 0.99), aim: { most: 250 } },
    { name: 'answered 202 after 2 s', unit: 'commands', value: of(r => r.late) },
    { name: 'the import meanwhile', unit: 'orders/s', value: of(r => r.ordersPerSecond) },
    { name: 'one durable INSERT, p50', unit: 'ms', value: at('insert', 0.5) },
    { name: 'statements of an idle command', unit: 'per command', value: of(r => perCommand(r, s => s.calls)) },
    { name: 'time in them', unit: 'ms/command', value: of(r => perCommand(r, s => s.ms)) },
    { name: 'idle p50 against it', unit: 'times', value: of(r => quantile(r.idle, 0.5) / quantile(r.insert, 0.5)) },
  ]
}

const perCommand = ({ idle, statements }: Round, of: (s: StatementUse) => number): number =>
  statements.reduce((sum, s) => sum + of(s), 0) / idle.length

const notesOf = (rounds: readonly Round[]): string[] => [
  `${rounds.length} rounds; commands a round: ${rounds[0]!.idle.length} idle, ${rounds.map(r => r.loaded.length).join(', ')} loaded`,
  `two users, a note every ${PAUSE} ms each, half on cases and half on orders; import: ${IN_FLIGHT} posts of 100 events in flight`,
]

const summaryOf = ({ insert, idle, loaded, statements, ...rest }: Round): object => ({
  ...rest,
  statements: statements.map(s => ({ ...s, query: s.query.slice(0, 120) })),
  ...Object.fromEntries(
    Object.entries({ insert, idle, loaded }).map(([name, times]) => [
      name,
      {
        n: times.length,
        p50: quantile(times, 0.5),
        p90: quantile(times, 0.9),
        p99: quantile(times, 0.99),
        max: quantile(times, 1),
      },
    ]),
  ),
})

interface Target {
  readonly caseId: string
  readonly order: string
}

/** Orders without items, three hours old: each has a case at once. */
async function casesToWorkOn(client: Client, db: Sql): Promise<Target[]> {
  const time = new Date(Date.now() - 3 * HOUR).toISOString()
  const events = Array.from({ length: ORDERS_WITH_CASES }, (_, i) => ({
    specversion: '1.0',
    id: `case-${i}`,
    source: '/channels/bench',
    type: 'order.placed',
    time,
    data: { ref: { orderNo: `CASE${i}` }, currency: 'CNY', lines: [] },
  }))
  await postEvents(client, [Buffer.from(JSON.stringify(events))], 1)
  await stepsDone(db, events.length)
  const { body } = await client.get(`/v1/cases?limit=${ORDERS_WITH_CASES}`)
  const page = JSON.parse(body) as { items: { id: string; stream: string }[] }
  if (page.items.length === 0) throw new Error('no order got a case')
  return page.items.map(({ id, stream }) => ({ caseId: id, order: stream }))
}

interface Answered {
  readonly times: number[]
  late: number
}

async function command(client: Client, targets: readonly Target[], at: { n: number; to: Answered }): Promise<void> {
  const target = targets[at.n % targets.length]!
  const path = at.n % 2 === 0 ? `/v1/cases/${target.caseId}/note` : `/v1/orders/${target.order}/notes`
  const body = Buffer.from(JSON.stringify({ text: `客户来电询问进度，已回复 ${at.n}` }))
  const { status, body: answer, ms } = await client.post(path, body)
  if (status !== 200 && status !== 202) throw new Error(`${path} answered ${status}: ${answer.slice(0, 300)}`)
  if (status === 202) at.to.late++
  at.to.times.push(ms)
}

async function idleTimes(client: Client, targets: readonly Target[], count: number): Promise<Answered> {
  const to: Answered = { times: [], late: 0 }
  for (let n = 0; n < count; n++) {
    await command(client, targets, { n, to })
    await pause(5)
  }
  return to
}

async function loaded(
  on: { client: Client; targets: readonly Target[]; db: Sql },
  { orders, prefix }: { orders: number; prefix: string },
): Promise<Pick<Round, 'loaded' | 'late' | 'ordersPerSecond'>> {
  const to: Answered = { times: [], late: 0 }
  const before = await factsOf(on.db)
  const batches = batchesTogether(0, orders, { prefix, now: Date.now() })
  const started = performance.now()
  let importing = true
  const user = async (first: number) => {
    for (let n = first; importing; n += 2) {
      await command(on.client, on.targets, { n, to })
      await pause(PAUSE)
    }
  }
  const feed = async () => {
    await postEvents(on.client, batches, IN_FLIGHT)
    await stepsDone(on.db, before + orders * EVENTS_PER_ORDER)
    importing = false
  }
  await Promise.all([feed(), user(0), user(1)])
  return { loaded: to.times, late: to.late, ordersPerSecond: (orders / (performance.now() - started)) * 1000 }
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return times
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
