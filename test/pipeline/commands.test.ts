import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestVersionOf } from '../../src/contract/events/index.ts'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { DAY } from '../../src/kernel/instant.ts'
import type { JsonObject } from '../../src/kernel/json.ts'
import { outcomeOf } from '../../src/pipeline/commands.ts'
import { simulatedClock } from '../../src/platform/clock.ts'
import { incoming } from '../support/pipeline.ts'
import { caseOf, impossible, openWorld, placed, START, streamOf } from './world.ts'

// A wall clock that stands still and is far from the world's own shows who mixes the two.
const wallClock = simulatedClock(START + 400 * DAY)
/** Facts of this type cannot be written: what a defect in a reactor looks like. */
const DEFECT = 'case.severity_set'
const world = await openWorld({
  with: {
    wallClock,
    versionOf: type => {
      if (type === DEFECT) throw new Error('a defect')
      return newestVersionOf(type) ?? 1
    },
  },
})
const type = 'impossible_sequence'

let keys = 0
const submit = (orderNo: string, command: string, body: JsonObject, key = `k${++keys}`) =>
  world.pipeline.submit({ stream: streamOf(orderNo), type: command, body, actor: 'user:anna', idempotencyKey: key })
const about = (orderNo: string, body: JsonObject = {}): JsonObject => ({ case: caseOf(orderNo, type), ...body })
const open = (orderNo: string) => world.tell(...impossible(orderNo, world.clock.now()))
const lastFact = async (orderNo: string) => (await world.facts(streamOf(orderNo))).at(-1)!
const caseRow = async (orderNo: string) =>
  (await world.rows('select status, owner, cause, version from case_row where stream = $1', [streamOf(orderNo)]))[0]

test('a command is carried out when its caller gets the answer, and the rows show it', async () => {
  await open('A')
  const answer = await submit('A', 'case.acknowledge', about('A', { note: '马上看' }))
  assert.equal(answer.status, 200)
  const { version, body } = answer as { version: number; body: JsonObject }
  assert.deepEqual(body, about('A', { status: 'acknowledged' }))
  assert.deepEqual(await caseRow('A'), { status: 'acknowledged', owner: 'user:anna', cause: null, version })
  const fact = await lastFact('A')
  assert.deepEqual([fact.type, fact.seq, fact.actor], ['case.acknowledged', version, 'user:anna'])
  assert.equal(fact.body.note, '马上看')
})

test('a case goes from open to closed by commands', async () => {
  await open('B')
  const steps: [string, JsonObject][] = [
    ['case.acknowledge', {}],
    ['case.start', {}],
    ['case.resolve', { result: 'called the carrier' }],
    ['case.close', { cause: 'carrier', result: 'data corrected', override: { reason: 'the source will not mend it' } }],
  ]
  for (const [command, body] of steps) assert.equal((await submit('B', command, about('B', body))).status, 200, command)
  const row = await caseRow('B')
  assert.deepEqual([row!.status, row!.cause], ['closed', 'carrier'])
})

test('a refusal is answered with its code and stands in the ledger', async () => {
  await open('C')
  const answer = await submit('C', 'case.close', about('C', { cause: 'carrier', result: 'x' }))
  assert.equal(answer.status, 409)
  const { body } = answer as { body: JsonObject }
  assert.equal(body.code, 'anomaly_still_holds')
  const fact = await lastFact('C')
  assert.deepEqual([fact.type, fact.actor], ['command.refused', 'user:anna'])
  assert.deepEqual(fact.body, { command: 'case.close', ...body })
})

test('the same key again repeats the outcome, of a refusal too, and does nothing', async () => {
  await open('D')
  const note = { text: 'once' }
  for (const [command, body] of [
    ['order.note', note],
    ['case.close', about('D')],
  ] as const) {
    const first = await submit('D', command, body, `again-${command}`)
    const facts = await world.facts(streamOf('D'))
    assert.deepEqual(await submit('D', command, body, `again-${command}`), first)
    assert.deepEqual(await world.facts(streamOf('D')), facts)
  }
})

test('sent many times at once it is carried out once, and everybody gets the outcome', async () => {
  await open('E')
  const answers = await Promise.all(Array.from({ length: 5 }, () => submit('E', 'order.note', { text: 'x' }, 'burst')))
  await world.pipeline.drained()
  const facts = await world.facts(streamOf('E'))
  assert.equal(facts.filter(f => f.type === 'order.note_added').length, 1)
  assert.deepEqual([...new Set(answers.map(a => a.id))].length, 1)
  for (const answer of answers) assert.equal(answer.status, 200)
})

test('another key is another command', async () => {
  await open('F')
  await submit('F', 'order.note', { text: 'x' })
  await submit('F', 'order.note', { text: 'x' })
  assert.equal((await world.facts(streamOf('F'))).filter(f => f.type === 'order.note_added').length, 2)
})

test('a stream that nobody knows is not found, and is not made', async () => {
  const heads = await world.rows('select stream from head order by stream')
  for (const [command, body] of [
    ['order.note', { text: 'x' }],
    ['case.close', about('nowhere')],
    ['no.such', {}],
  ] as const) {
    const answer = await submit('nowhere', command, body)
    assert.deepEqual([answer.status, (answer as { body: JsonObject }).body], [409, { code: 'stream_not_found' }])
  }
  assert.deepEqual(await world.rows('select stream from head order by stream'), heads)
  await world.tell(placed('nowhere', world.clock.now()))
  assert.deepEqual(
    (await world.facts(streamOf('nowhere'))).map(f => f.type),
    ['order.placed'],
  )
})

test('a command that hits a defect is answered as quarantined, at once, and kept', async () => {
  await open('G')
  const ask = () => submit('G', 'case.set_severity', about('G', { severity: 'P0', reason: 'big' }), 'once')
  const answer = await ask()
  const { body } = answer as { body: JsonObject }
  assert.deepEqual([answer.status, body], [409, { code: 'quarantined', reason: 'threw' }])
  const kept = await world.rows('select id, type, code, status, stage from quarantine')
  assert.deepEqual(kept, [{ id: answer.id, type: 'case.set_severity', code: 'threw', status: 'open', stage: 'step' }])
  // Whoever looks again, or asks again, is told the same; it is not carried out behind anybody's back.
  const outcome = await outcomeOf(world.look, bucketOf(streamOf('G')), answer.id)
  assert.deepEqual([outcome?.status, outcome?.body], [409, body])
  assert.deepEqual(await ask(), { ...outcome, id: answer.id })
  assert.equal((await submit('G', 'order.note', { text: 'still alive' })).status, 200)
})

test('whoever waits for an event learns that it took effect', async () => {
  const event = incoming(placed('H', world.clock.now()), { now: world.clock.now() })
  const [receipt] = await world.pipeline.ingest([event])
  const settled = await world.pipeline.waitFor(receipt!.row!, 5000)
  assert.deepEqual(settled, { status: 200, version: 1, body: {}, request: '' })
})

test('a key that was used for another command is refused, and the other command is not carried out', async () => {
  await open('K')
  const ask = (text: string) =>
    world.pipeline.submit({
      stream: streamOf('K'),
      type: 'order.note',
      body: { text },
      actor: 'user:anna',
      idempotencyKey: 'one-key',
    })
  assert.equal((await ask('first')).status, 200)
  const answer = await ask('second')
  assert.ok(answer.status === 409 && answer.body.code === 'idempotency_mismatch')
  assert.equal((await ask('first')).status, 200)
})

test('while its caller waits, a command is looked for now and then, not all the time', async () => {
  await open('I')
  let looks = 0
  const stop = world.db.onQuery(text => {
    if (text.includes('from outcome')) looks++
  })
  const answer = await world.look.transaction(async tx => {
    await tx.query('select 1 from head where stream = $1 for update', [streamOf('I')])
    const waiting = submit('I', 'order.note', { text: 'x' })
    for (let i = 0; i < 100; i++) await tx.query('select 1')
    // Before its row, and once after it.
    assert.ok(looks <= 2, `${looks} looks`)
    return { waiting }
  })
  assert.equal((await answer.waiting).status, 200)
  stop()
})

test('the outcome of every command is one row', async () => {
  await world.pipeline.drained()
  const outcomes = await world.rows<{ status: number }>('select status from outcome')
  assert.ok(outcomes.length > 10)
  assert.deepEqual([...new Set(outcomes.map(o => o.status))].toSorted(), [200, 409])
})
