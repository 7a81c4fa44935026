import assert from 'node:assert/strict'
import { after, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { newestVersionOf, upcastFact } from '../../src/contract/events/index.ts'
import { streamIdOf } from '../../src/contract/identity.ts'
import type { Fact } from '../../src/contract/stream.ts'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { type Instant, isoOf } from '../../src/kernel/instant.ts'
import { caseIdOf } from '../../src/modules/cases/index.ts'
import { type LoadDeps, openFacts, type TailRow } from '../../src/pipeline/load.ts'
import { reactorsOf } from '../../src/pipeline/reactors.ts'
import { verifyLedger } from '../../src/pipeline/verify.ts'
import { connect, type Database, type Row } from '../../src/platform/database.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { type Harness, type HarnessOptions, startHarness, TEST_MASTER } from '../support/pipeline.ts'
import { inTime } from '../support/process.ts'
import { CATALOGUE_QUERIES, type Catalogue, catalogueProblems } from '../support/sql-catalogue.ts'
import { lintSql } from '../support/sql-lint.ts'

/** A pipeline on a database of its own, with ways to look at what became of it. */
export interface World extends Harness {
  /** A second connection for the test's own questions, which no lint sees. */
  readonly look: Database
  rows<R = Row>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** All of a stream's ledger with its personal fields opened. */
  facts(stream: string, loads?: LoadDeps): Promise<Fact[]>
  /** Sends and waits until nothing is left to do. */
  tell(...raw: readonly object[]): Promise<void>
  /** Moves the clock and waits until what fell due is done. */
  pass(ms: number): Promise<void>
  /** A further node, or the same one again after it was stopped, on this database. */
  node(options?: HarnessOptions): Promise<Harness>
  /** Is done before the nodes are stopped, also when the test failed: what a test holds, a node that stops would wait for. */
  beforeEnd(work: () => void): void
}

export interface WorldOptions extends HarnessOptions {
  /** Warnings that the test provokes; any other one fails it at the end. */
  readonly expected?: RegExp
}

export const START = Date.UTC(2026, 0, 5)

/**
 * Opens a world for the tests of a file, or for one test alone when its context is given: a database costs a quarter of
 * a second, so most tests share one and keep to orders of their own. When they end the world is put to the questions that every one of ours must pass:
 * nothing waits, the chain holds, no unexpected warning, and every statement on any connection would run on a cluster.
 */
export async function openWorld(options: WorldOptions = {}, t?: TestContext): Promise<World> {
  const owned = await testDatabase()
  const db = await connect({ connection: owned.connection })
  const look = await connect({ connection: owned.connection, poolSize: 2 })
  const emitted = new Set<string>()
  db.onQuery(text => emitted.add(text))
  const harness = await startHarness({ start: START, ...options, db })
  const nodes = [harness]
  const held: (() => void)[] = []
  const atEnd = t ? (work: () => Promise<void>) => t.after(work) : after
  atEnd(async () => {
    for (const letGo of held) letGo()
    try {
      for (const node of nodes) await inTime(node.pipeline.stop(), 'a node of the world that was to stop')
      checkSql(emitted)
      await checkEnd(look, nodes, options.expected)
    } finally {
      await db.close()
      await look.close()
      await owned.drop()
    }
  })
  return {
    ...harness,
    look,
    rows: async <R>(text: string, values?: readonly unknown[]) => (await look.query<R>(text, values)).rows,
    facts: async (stream, loads = loadDeps()) => openFacts(look, loads, await ledgerOf(look, stream)),
    async tell(...raw) {
      await harness.send(raw)
      await harness.pipeline.drained()
    },
    async pass(ms) {
      harness.clock.advanceTo(harness.clock.now() + ms)
      await harness.pipeline.drained()
    },
    async node(more) {
      const other = await startHarness({ clock: harness.clock, ...options, db, ...more })
      nodes.push(other)
      return other
    },
    beforeEnd: work => void held.push(work),
  }
}

export const loadDeps = (): LoadDeps => ({
  sealer: new Sealer(TEST_MASTER),
  reactorsOf,
  upcast: (type, v, body) => ({ v: newestVersionOf(type) ?? v, body: upcastFact(type, v, body) }),
})

const ledgerOf = async (db: Database, stream: string): Promise<TailRow[]> =>
  (
    await db.query<TailRow>('select * from ledger where bucket = $1 and stream = $2 order by seq', [
      bucketOf(stream),
      stream,
    ])
  ).rows

function checkSql(emitted: Iterable<string>): void {
  const problems = [...emitted].flatMap(text => lintSql(text).map(p => `${p.code}: ${p.message}\n  ${text.trim()}`))
  assert.deepEqual(problems, [])
}

async function checkEnd(look: Database, nodes: readonly Harness[], expected?: RegExp): Promise<void> {
  const { rows } = await look.query('select * from intake')
  assert.deepEqual(rows, [], 'rows wait that nobody takes')
  assert.deepEqual((await verifyLedger(look, loadDeps().sealer)).problems, [])
  assert.deepEqual(catalogueProblems(await catalogueOf(look)), [])
  const warnings = nodes.flatMap(node => node.warnings).filter(line => !expected?.test(line))
  assert.deepEqual(warnings, [])
}

async function catalogueOf(look: Database): Promise<Catalogue> {
  const parts = Object.entries(CATALOGUE_QUERIES).map(async ([part, text]) => [part, (await look.query(text)).rows])
  // Safe: the queries are named after the parts they read.
  return Object.fromEntries(await Promise.all(parts)) as unknown as Catalogue
}

// ---- messages ------------------------------------------------------------------------------------------------------

let count = 0

/** A CloudEvent of the channel `shop`; ids are given in order. */
export const message = (type: string, at: Instant, data: object, more: object = {}): object => ({
  specversion: '1.0',
  id: `m-${++count}`,
  source: '/channels/shop',
  type,
  time: isoOf(at),
  data,
  ...more,
})

export const placed = (orderNo: string, at: Instant, more: object = {}): object =>
  message('order.placed', at, {
    ref: { orderNo },
    currency: 'CNY',
    lines: [{ sku: 'A', qty: 2, price: 1000 }],
    ...more,
  })

/** An event about an order of the shop. */
export const about = (orderNo: string, type: string, at: Instant, more: object = {}): object =>
  message(type, at, { ref: { orderNo }, ...more })

export const paid = (orderNo: string, at: Instant, amount = 2000): object =>
  about(orderNo, 'payment.received', at, { amount, currency: 'CNY', method: 'card' })

/** The stream of an order of the shop. */
export const streamOf = (orderNo: string): string => streamIdOf('order', 'order_no', `shop/${orderNo}`)
export const feedOf = (feed: string): string => streamIdOf('feed', 'feed', feed)

/** Messages of an order that is handed over before it was placed: a case at once, without waiting for any clock. */
export const impossible = (orderNo: string, at: Instant): object[] => [
  placed(orderNo, at),
  about(orderNo, 'parcel.handed_over', at - 1000),
]
export const caseOf = (orderNo: string, type: string): string => caseIdOf(streamOf(orderNo), type, '')

/** Waits for something that happens by itself and soon, such as a failure that a lane goes on trying; 20 s at most. */
export async function until(holds: () => boolean | Promise<boolean>, turns = 4000): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    if (await holds()) return
    await delay(5)
  }
  throw new Error('what was waited for did not happen')
}
