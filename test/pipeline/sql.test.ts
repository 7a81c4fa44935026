import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { rebuildReadRows } from '../../src/pipeline/rebuild.ts'
import * as ingress from '../../src/pipeline/sql/ingress.ts'
import * as load from '../../src/pipeline/sql/load.ts'
import * as project from '../../src/pipeline/sql/project.ts'
import * as readRows from '../../src/pipeline/sql/read-rows.ts'
import * as write from '../../src/pipeline/sql/write.ts'
import { verifyLedger } from '../../src/pipeline/verify.ts'
import { followed } from '../support/followed.ts'
import { lintSql } from '../support/sql-lint.ts'
import { gateOf } from './gate.ts'
import { about, impossible, loadDeps, openWorld, paid, placed, START, streamOf } from './world.ts'

// Every world lints what it emitted when it ends. This one makes sure that nothing of the pipeline goes unseen: all of
// its statements are run here, on the pool and on the lanes' own connections.
test('every statement of the pipeline was seen by the lint', async t => {
  const seen = new Set<string>()
  let broken = true
  const versionOf = (type: string) => (broken && type === 'finding.raised' ? 99_999 : 1)
  const world = await openWorld({ with: { versionOf, deliver: async () => {} }, expected: /given up/ }, t)
  world.db.onQuery(text => seen.add(text))
  const lines = Array.from({ length: 202 }, (_, i) => ({ sku: `S${i}`, qty: 1, price: 10 }))
  await world.tell(paid('A', START), placed('A', START, { lines, customer: { name: '王' } }))
  const late = paid('B', START, 1)
  await world.tell(late, placed('B', START), paid('B', START, 1))
  await world.tell(late)
  // A wake that cannot be written, and a row.
  await world.pass(2 * HOUR)
  broken = false
  await world.tell(about('A', 'order.edited', START + 1, { lines: lines.slice(0, 100) }), ...impossible('C', START))
  for (let n = 0; n < 30; n++) await world.tell(about('B', 'order.confirmed', START + n))
  const command = { stream: streamOf('B'), type: 'order.note', body: { text: 'x' }, actor: 'user:anna' }
  await world.pipeline.submit({ ...command, idempotencyKey: 'k' })
  await world.tell(about('A', 'parcel.delivered', START + DAY))
  await followed(world.db)
  // A row of a pack that is only half done: one lane, one stream with more rows than a step takes.
  await world.tell(...Array.from({ length: 80 }, (_, n) => about('A', 'order.confirmed', START + DAY + n)))
  await world.pipeline.stop()
  await rebuildReadRows(world.db, loadDeps())
  await verifyLedger(world.db, loadDeps().sealer)
  // A commit that is lost makes its lane read positions again.
  const gate = gateOf(world)
  const again = await world.node({ node: 'n2', lanes: 1, db: gate.db })
  gate.loseNext('commit')
  await again.send([paid('D', START)])
  await again.send([placed('D', START)])
  await again.pipeline.drained()
  // Erasure has tests of its own; here its statement is only run.
  await world.db.query(project.STRIP_SEARCH, ['[]'])
  const all = [ingress, load, project, readRows, write].flatMap(module => Object.entries(module))
  // A single word is a name that statements are given, such as that of a follower.
  const missed = all.filter(([, text]) => typeof text === 'string' && / /.test(text) && !seen.has(text))
  t.diagnostic(`${seen.size} different statements`)
  assert.deepEqual(
    missed.map(([name]) => name),
    [],
  )
})

test('the lint would have seen one that a cluster refuses', () => {
  assert.deepEqual(
    lintSql('update head set wake_at = null where stream = $1').map(p => p.code),
    ['bucket_missing'],
  )
})
