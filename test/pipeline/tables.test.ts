import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, SECOND } from '../../src/kernel/instant.ts'
import { readTables, saveTable, type TableBody, turnTable } from '../../src/modules/rules/index.ts'
import type { Database } from '../../src/platform/database.ts'
import { eventually } from '../support/process.ts'
import { feedOf, message, openWorld } from './world.ts'

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

test('a table that comes into force reaches the cases of feeds that nobody took up', async t => {
  const world = await openWorld({}, t)
  const waits = message(
    'order.confirmed',
    world.clock.now(),
    { ref: { orderNo: 'K', channel: 'shop' } },
    { source: '/channels/slow' },
  )
  await world.tell(waits)
  await world.pass(3 * DAY)
  const owner = async () =>
    (await world.rows<{ owner: string | null }>('select owner from case_row where stream = $1', [feedOf('slow')]))[0]
      ?.owner
  await eventually(async () => (await owner()) === null, 'the message is a case of its feed')
  const told = { id: 'triage', by: 'user:anna', reason: 'a test', at: world.clock.now() }
  await saveTable(world.db, { ...told, body: body('control'), seen: null })
  await turnTable(world.db, { ...told, version: 1, activeFrom: told.at + SECOND })
  await world.pipeline.references.refresh(world.db)
  await world.pass(2 * SECOND)
  await world.pipeline.ruleWatch.sweep()
  await world.pipeline.drained()
  await eventually(async () => (await owner()) === 'team:control', 'its table gave it a team')
})
