import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Connection, urlOf } from '../../src/platform/connection.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { attachPostgres } from '../../src/platform/postgres/index.ts'
import { keyOn } from '../support/key.ts'
import { type Andon, andon, endedIn, eventually, killHard, scratchDir } from '../support/process.ts'
import { startServer } from '../support/server.ts'
import { assertLived, type Plan } from './load.ts'
import { KEY_ENV, stateOf } from './state.ts'

export interface Node {
  readonly run: Andon
  readonly name: string
  readonly url: string
}

/** A database server of our own and the nodes of Andon that work on it. */
export interface Cluster {
  readonly connection: Connection
  readonly version: string
  readonly db: Database
  /** Starts a node and waits until it serves. @param through another way to the database, such as a proxy */
  node(name: string, through?: Connection): Promise<Node>
  /** A key for all of its nodes. */
  key(): Promise<string>
  /** How many groups each node owns. */
  owners(): Promise<Readonly<Record<string, number>>>
  /** Rows that wait for a node, or for their order. */
  waiting(): Promise<number>
  /** Waits until nothing is left to do, stops all nodes, holds the end to the plans. */
  finish(plans: readonly Plan[]): Promise<void>
}

export async function openCluster(t: TestContext): Promise<Cluster> {
  const dir = scratchDir(t)
  const server = await startServer(join(dir, 'server'))
  const { connection, version } = server
  const db = await connect({ connection })
  const runs: Andon[] = []
  let key: Promise<string> | undefined
  t.after(async () => {
    killHard(runs.map(run => run.pid))
    try {
      await Promise.all(runs.map(run => endedIn(60_000, run)))
      await db.close()
    } finally {
      await server.stop()
    }
  })
  const waiting = async (): Promise<number> => {
    const sum = 'select (select count(*) from intake) + (select count(*) from unmatched) as n'
    return (await db.query<{ n: number }>(sum)).rows[0]?.n ?? -1
  }
  return {
    connection,
    version,
    db,
    waiting,
    key: () => (key ??= keyOn(db)),
    node: async (name, through = connection) => {
      const env = { ...KEY_ENV, DATABASE_URL: urlOf(through), ANDON_NODE_ID: name }
      const run = andon(['start', '--data', join(dir, name), '--port', '0'], { env })
      // Also when it never serves it is ended with the test.
      runs.push(run)
      return { run, name, url: await urlWhenServing(run) }
    },
    owners: async () => {
      const text = 'select owner, count(*) as n from lease where owner is not null group by owner'
      const { rows } = await db.query<{ owner: string; n: number }>(text)
      return Object.fromEntries(rows.map(r => [r.owner, r.n]))
    },
    finish: async plans => {
      await eventually(async () => (await waiting()) === 0, 'nothing waits any more')
      for (const run of runs) run.signal('SIGTERM')
      for (const run of runs) {
        const ended = await endedIn(90_000, run)
        assert.ok(ended.signal === 'SIGKILL' || ended.code === 0, run.err)
      }
      assertLived(await stateOf(connection, 'live'), plans)
    },
  }
}

/** The URL that `start` prints when it is ready. Fails with what it said when it ends instead. */
export async function urlWhenServing(run: Andon): Promise<string> {
  const found = (): string => /Andon runs at (\S+)/.exec(run.out)?.[1] ?? ''
  let over = false
  void run.exited.then(() => {
    over = true
  })
  await eventually(() => found() !== '' || over, 'Andon serves')
  assert.ok(!over, run.err)
  return found()
}

const WORK = `
select (select count(*) from intake) + (select count(*) from unmatched) + (
  select count(*) from (select bucket / 32 as g, max(pos) as pos from ledger group by 1) l
  left join follower f on f.bucket / 32 = l.g and f.name = 'project' where f.pos is distinct from l.pos
) as n`

/** True when a running Andon with the built-in database has no work, its follower included. */
export async function nothingWaits(dataDir: string): Promise<boolean> {
  const connection = await attachPostgres(dataDir)
  assert.ok(connection)
  const db = await connect({ connection, poolSize: 1 })
  try {
    return (await db.query<{ n: number }>(WORK)).rows[0]?.n === 0
  } finally {
    await db.close()
  }
}
