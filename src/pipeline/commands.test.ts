import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from '../platform/database.ts'
import { Sealer } from '../platform/seal.ts'
import { type CommandDeps, submit } from './commands.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import { Waiters } from './waiters.ts'

async function offeredWhen(inserted: number): Promise<number> {
  const sql: Sql = {
    query: async text => ({ rows: [], rowCount: text === INSERT_INTAKE ? inserted : 0, command: 'INSERT' }),
  }
  let offered = 0
  const deps: CommandDeps = {
    waiters: new Waiters(),
    now: () => 0,
    offer: () => void offered++,
    // Nobody waits: the answer does not matter here.
    patience: () => AbortSignal.abort(),
    pause: async () => {},
    sealer: new Sealer(Buffer.alloc(32, 1)),
    personalPaths: () => [],
  }
  const command = { stream: 'o-1', type: 'case.acknowledge', body: {}, actor: 'user:anna', idempotencyKey: 'k' }
  assert.equal((await submit(sql, deps, command)).status, 202)
  return offered
}

test('a command that somebody else has put into the mailbox is not told to the lane again', async () => {
  assert.equal(await offeredWhen(1), 1)
  assert.equal(await offeredWhen(0), 0)
})
