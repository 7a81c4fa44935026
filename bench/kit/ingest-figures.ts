import * as loadSql from '../../src/pipeline/sql/load.ts'
import * as readRowSql from '../../src/pipeline/sql/read-rows.ts'
import * as writeSql from '../../src/pipeline/sql/write.ts'
import type { BenchOptions, BenchResult, Figure } from './bench.ts'
import { startCluster } from './cluster.ts'
import { type CopyRound, type Feed, IN_FLIGHT, type OursRound, runCopy, runOurs } from './ingest.ts'
import type { Spent, StatementUse } from './meters.ts'
import { EVENTS_PER_ORDER } from './orders.ts'
import { median, quantile } from './stats.ts'
import { shown } from './table.ts'

interface Pair {
  readonly ours: OursRound
  readonly copy: CopyRound
}

/** Rounds of the product and of COPY in turn, on one server; the ratio is taken within each round. */
export async function benchIngest(
  options: BenchOptions,
  given: { orders: number; feed: Feed; aim: number },
): Promise<BenchResult> {
  const cluster = await startCluster()
  try {
    const pairs: Pair[] = []
    for (let round = 1; round <= options.rounds; round++) {
      const { round: ours, database } = await runOurs(cluster, { name: `ours_${round}`, ...given })
      const copy = await runCopy(cluster, { name: `copy_${round}`, of: database })
      await database.drop()
      pairs.push({ ours, copy })
      options.say(
        `round ${round}: ${shown(rate(ours.orders, ours.stepped.ms))} orders/s, COPY ${shown(rate(copy.orders, copy.stepped.ms))}, ratio ${shown(ratio({ ours, copy }, 'stepped'))}`,
      )
    }
    const profiled = options.profile ? await runOurs(cluster, { name: 'profiled', ...given, profile: true }) : null
    await profiled?.database.drop()
    return {
      figures: figuresOf(pairs, given.aim),
      rounds: pairs.map(summaryOf),
      notes: notesOf(pairs, given.orders),
      profile: profiled?.profile ?? undefined,
    }
  } finally {
    await cluster.close()
  }
}

const rate = (count: number, ms: number): number => (count / ms) * 1000

const ratio = ({ ours, copy }: Pair, until: 'stepped' | 'followed'): number =>
  rate(ours.orders, ours[until].ms) / rate(copy.orders, copy[until].ms)

/** ms of CPU per order, of both sides of the connection; of the product without the client that sends. */
const cpu = (spent: Spent, orders: number): number =>
  (spent.postgresCpu + (spent.serverCpu || spent.clientCpu)) / orders

function figuresOf(pairs: readonly Pair[], aim: number): Figure[] {
  const of = (value: (pair: Pair) => number) => median(pairs.map(value))
  const figure = (name: string, unit: string, value: (pair: Pair) => number): Figure => ({
    name,
    unit,
    value: of(value),
  })
  return [
    { ...figure('ratio to COPY, until committed', '', p => ratio(p, 'stepped')), aim: { least: aim } },
    { ...figure('ratio to COPY, until followers caught up', '', p => ratio(p, 'followed')), aim: { least: aim } },
    // Steadier than the clock where others use the machine as well.
    figure(
      'ratio to COPY by CPU of all processes',
      '',
      p => cpu(p.copy.followed, p.copy.orders) / cpu(p.ours.followed, p.ours.orders),
    ),
    figure('until committed', 'orders/s', p => rate(p.ours.orders, p.ours.stepped.ms)),
    figure('until committed', 'events/s', p => rate(p.ours.orders * EVENTS_PER_ORDER, p.ours.stepped.ms)),
    figure('until followers caught up', 'orders/s', p => rate(p.ours.orders, p.ours.followed.ms)),
    figure('COPY of what the step writes', 'orders/s', p => rate(p.copy.orders, p.copy.stepped.ms)),
    figure('COPY of everything', 'orders/s', p => rate(p.copy.orders, p.copy.followed.ms)),
    figure('followers behind when committed', 'ms', p => p.ours.followed.ms - p.ours.stepped.ms),
    figure('CPU of the server', 'ms/order', p => p.ours.followed.serverCpu / p.ours.orders),
    figure('CPU of PostgreSQL', 'ms/order', p => p.ours.followed.postgresCpu / p.ours.orders),
    figure('CPU of the client', 'ms/order', p => p.ours.stepped.clientCpu / p.ours.orders),
    figure('COPY: CPU of Node', 'ms/order', p => p.copy.followed.clientCpu / p.copy.orders),
    figure('COPY: CPU of PostgreSQL', 'ms/order', p => p.copy.followed.postgresCpu / p.copy.orders),
    figure('WAL', 'bytes/order', p => p.ours.followed.walBytes / p.ours.orders),
    figure('COPY: WAL', 'bytes/order', p => p.copy.followed.walBytes / p.copy.orders),
    figure('on disk, tables', 'bytes/order', p => p.ours.size.heap / p.ours.orders),
    figure('on disk, indexes', 'bytes/order', p => p.ours.size.index / p.ours.orders),
    figure('COPY: on disk, tables', 'bytes/order', p => p.copy.size.heap / p.copy.orders),
    figure('COPY: on disk, indexes', 'bytes/order', p => p.copy.size.index / p.copy.orders),
    { ...figure('ledger rows', 'per order', p => p.ours.factsPerOrder), aim: { most: 16 } },
    figure('rows of all tables', 'per order', p => p.copy.rows / p.copy.orders),
    figure('steps', 'per 1,000 events', p => (p.ours.steps / (p.ours.orders * EVENTS_PER_ORDER)) * 1000),
    figure('statements of a step', 'per step', p => stepStatements(p.ours) / p.ours.steps),
    figure('POST of a batch, p50', 'ms', p => quantile(p.ours.postMs, 0.5)),
    figure('POST of a batch, p99', 'ms', p => quantile(p.ours.postMs, 0.99)),
  ]
}

const start = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 40)
const STEP_STARTS = new Set(
  [loadSql, readRowSql, writeSql].flatMap(texts => Object.values(texts).map(text => start(text))),
)
const ofStep = (s: StatementUse): boolean => STEP_STARTS.has(start(s.query))

/** Statements that the lanes sent, with begin and commit of each step. */
const stepStatements = ({ statements, steps }: OursRound): number =>
  statements.filter(ofStep).reduce((sum, s) => sum + s.calls, 0) + 2 * steps

function notesOf(pairs: readonly Pair[], orders: number): string[] {
  const last = pairs.at(-1)!.ours
  const total = last.statements.reduce((sum, s) => sum + s.ms, 0)
  const top = last.statements
    .slice(0, 12)
    .map(
      s =>
        `${shown((s.ms / total) * 100)} %  ${shown(s.calls)} x ${shown(s.ms / s.calls)} ms (plan ${shown(s.planMs / s.calls)})  ${s.query.slice(0, 90)}`,
    )
  const warnings = pairs.flatMap(p => p.ours.warnings)
  return [
    ...(warnings.length > 0
      ? [`${warnings.length} warnings of the server, such as ${warnings[0]!.slice(0, 200)}`]
      : []),
    `${orders} orders of ${EVENTS_PER_ORDER} events a round, ${pairs.length} rounds, ${IN_FLIGHT} posts in flight, 2 lanes on both sides`,
    `ratios of the rounds: ${pairs.map(p => `${shown(ratio(p, 'stepped'))} (${shown(ratio(p, 'followed'))})`).join(', ')}`,
    `time in PostgreSQL statements, last round: ${shown(total / last.orders)} ms/order, of which`,
    ...top,
  ]
}

const summaryOf = ({ ours, copy }: Pair): object => ({
  ratio: ratio({ ours, copy }, 'stepped'),
  ratioFollowed: ratio({ ours, copy }, 'followed'),
  ours: {
    ...ours,
    postMs: undefined,
    statements: ours.statements.map(s => ({ ...s, query: s.query.slice(0, 200), ofStep: ofStep(s) })),
  },
  copy,
})
