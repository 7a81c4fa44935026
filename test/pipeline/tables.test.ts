import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTables, saveTable, type TableBody, turnTable } from '../../src/modules/rules/index.ts'
import type { Database } from '../../src/platform/database.ts'
import { eventually } from '../support/process.ts'
import { openWorld } from './world.ts'

const label = (en: string) => ({ zh: en, en })
const body = (team: string): TableBody => ({
  ...{ name: label('Triage'), policy: 'first', constants: {}, rows: [{ when: [''], give: [team] }] },
  inputs: [{ id: 'type', label: label('Type'), expr: 'case.type' }],
  outputs: [{ id: 'team', label: label('Team'), type: 'string' }],
})
const WAITING = `
select count(*)::integer as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

test('a draft that is put into force at that moment is not written over', async t => {
  const world = await openWorld({}, t)
  const told = { id: 'triage', by: 'user:anna', reason: 'a test', at: world.clock.now() }
  const first = await saveTable(world.db, { ...told, body: body('one'), seen: null })
  const committing = Promise.withResolvers<void>()
  const turned = Promise.withResolvers<void>()
  // Has turned the table, and has yet to commit that.
  const slow: Pick<Database, 'transaction'> = {
    transaction: work =>
      world.db.transaction(async tx => {
        const result = await work(tx)
        turned.resolve()
        await committing.promise
        return result
      }),
  }
  // Safe: it uses nothing else of it.
  const turning = turnTable(slow as Database, { ...told, version: 1, activeFrom: told.at })
  await turned.promise
  let saved = false
  const saving = saveTable(world.db, { ...told, body: body('two'), seen: first.hash }).finally(() => {
    saved = true
  })
  await eventually(
    async () => saved || (await world.rows<{ n: number }>(WAITING))[0]!.n > 0,
    'the draft waits for its turn, or is saved',
  )
  committing.resolve()
  await turning
  assert.equal((await saving).version, 2)
  const stored = await readTables(world.db, 'triage')
  assert.deepEqual(
    stored.map(s => [s.version, s.body.rows[0]?.give[0]]),
    [
      [1, 'one'],
      [2, 'two'],
    ],
  )
})
