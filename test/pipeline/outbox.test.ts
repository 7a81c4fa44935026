import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUPS } from '../../src/kernel/bucket.ts'
import { HOUR, SECOND } from '../../src/kernel/instant.ts'
import { Dispatcher, MAX_ATTEMPTS, type OutMessage } from '../../src/pipeline/dispatch.ts'
import { simulatedClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { caseOf, impossible, openWorld, placed, START, streamOf, until, type World } from './world.ts'

/** A receiver that takes nothing while `down`. */
function receiver() {
  const got: OutMessage[] = []
  const state = { down: false, tries: 0 }
  const deliver = async (message: OutMessage) => {
    state.tries++
    if (state.down) throw new Error('503 from the receiver')
    got.push(message)
  }
  return { got, state, deliver }
}

/** A dispatcher of its own, moved round by round, over everything. */
function dispatcher(
  world: World,
  deliver: (message: OutMessage, signal: AbortSignal) => Promise<void>,
  { random = 0.5, db = world.db }: { random?: number; db?: Pick<World['db'], 'query'> } = {},
) {
  const wallClock = simulatedClock(START)
  const log = createLog({ clock: wallClock, level: 'error', write: () => {} })
  const groups = () => Array.from({ length: GROUPS }, (_, i) => i)
  return {
    wallClock,
    dispatcher: new Dispatcher({ db, wallClock, log, deliver, groups, random: () => random }),
  }
}

const outbox = (world: World) => world.rows('select status, attempts, next_at, error from outbox')

/** A world whose own dispatcher never gets rid of anything, so that the test's one is alone with the rows. */
async function withOneMessage(t: Parameters<typeof openWorld>[1]): Promise<World> {
  const world = await openWorld({ with: { deliver: async () => {}, wallClock: simulatedClock(START - HOUR) } }, t)
  await world.tell(...impossible('A', START))
  return world
}

test('an opened case goes out once, with an id that says which occasion it was', async t => {
  const { got, deliver } = receiver()
  const world = await openWorld({ with: { deliver } }, t)
  await world.tell(...impossible('A', START))
  await until(() => got.length === 1)
  const [message] = got
  assert.deepEqual([message!.channel, message!.type, message!.stream], ['webhook', 'case.opened', streamOf('A')])
  const body = JSON.parse(message!.body)
  assert.deepEqual(
    [body.case, body.type, body.stream],
    [caseOf('A', 'impossible_sequence'), 'impossible_sequence', streamOf('A')],
  )
  await until(async () => (await outbox(world))[0]!.status === 'sent')
  assert.deepEqual(await world.rows('select id, status, attempts, error from outbox'), [
    { id: message!.id, status: 'sent', attempts: 1, error: null },
  ])
})

test('a receiver that is down gets it later: pauses double, the id stays, and it goes out once', async t => {
  const world = await withOneMessage(t)
  const { got, state, deliver } = receiver()
  const { wallClock, dispatcher: sender } = dispatcher(world, deliver)
  state.down = true
  const pauses: number[] = []
  for (let i = 0; i < 5; i++) {
    const next = await sender.round()
    pauses.push((next - wallClock.now()) / SECOND)
    // Before its time it is left alone.
    wallClock.advanceTo(next - 1)
    await sender.round()
    assert.equal(state.tries, i + 1)
    wallClock.advanceTo(next)
  }
  assert.deepEqual(pauses, [5, 10, 20, 40, 80])
  const [row] = await outbox(world)
  assert.deepEqual([row!.status, row!.attempts, row!.error], ['waiting', 5, 'Error: 503 from the receiver'])
  state.down = false
  await sender.round()
  await sender.round()
  assert.deepEqual(
    got.map(m => m.id),
    (await world.rows<{ id: string }>('select id from outbox')).map(r => r.id),
  )
  const [sent] = await outbox(world)
  assert.deepEqual([sent!.status, sent!.attempts, sent!.error], ['sent', 6, null])
})

test('after the last attempt it is dead: visible, and not tried again', async t => {
  const world = await withOneMessage(t)
  const { state, deliver } = receiver()
  const { wallClock, dispatcher: sender } = dispatcher(world, deliver)
  state.down = true
  for (let i = 0; i < MAX_ATTEMPTS + 3; i++) wallClock.advanceTo(Math.min(await sender.round(), wallClock.now() + HOUR))
  assert.equal(state.tries, MAX_ATTEMPTS)
  const [row] = await outbox(world)
  assert.deepEqual([row!.status, row!.attempts], ['dead', MAX_ATTEMPTS])
})

test('retries are spread, and never more than an hour and a quarter apart', async t => {
  const world = await withOneMessage(t)
  const { state, deliver } = receiver()
  state.down = true
  const { wallClock, dispatcher: sender } = dispatcher(world, deliver, { random: 1 })
  let longest = 0
  for (let i = 0; i < MAX_ATTEMPTS - 1; i++) {
    const next = await sender.round()
    longest = Math.max(longest, next - wallClock.now())
    wallClock.advanceTo(next)
  }
  assert.equal(longest, 1.25 * HOUR)
})

test('one receiver that fails does not hold up the message behind it', async t => {
  const world = await withOneMessage(t)
  await world.tell(...impossible('B', START))
  const got: string[] = []
  const { dispatcher: sender } = dispatcher(world, async message => {
    if (message.stream === streamOf('A')) throw new Error('no')
    got.push(message.stream)
  })
  await sender.round()
  assert.deepEqual(got, [streamOf('B')])
})

test('a receiver that is slow about one order gets the others meanwhile; the messages of an order keep their turn', async t => {
  const world = await withOneMessage(t)
  await world.tell(...impossible('B', START), ...impossible('C', START))
  const rows = await world.rows<{ id: string }>('select id from outbox where stream = $1', [streamOf('A')])
  await world.look.query(
    `insert into outbox (bucket, id, stream, channel, type, status, attempts, next_at, created_at, body)
     select bucket, id || 'z', stream, channel, 'case.cleared', status, attempts, next_at + 1, created_at, body
     from outbox where id = $1`,
    [rows[0]!.id],
  )
  const taken: string[] = []
  const slow = Promise.withResolvers<void>()
  const { dispatcher: sender, wallClock } = dispatcher(world, async message => {
    if (message.stream === streamOf('A') && message.type === 'case.opened') await slow.promise
    taken.push(`${message.stream} ${message.type}`)
  })
  wallClock.advanceTo(START + HOUR)
  const round = sender.round()
  await until(() => taken.length === 2)
  assert.deepEqual(taken.toSorted(), [`${streamOf('B')} case.opened`, `${streamOf('C')} case.opened`].toSorted())
  slow.resolve()
  await round
  assert.deepEqual(taken.slice(2), [`${streamOf('A')} case.opened`, `${streamOf('A')} case.cleared`])
})

/** `count` messages more like the one of the world, for a receiver of this name, each of an order of its own. */
const more = (world: World, { channel, count, dueAt }: { channel: string; count: number; dueAt: number }) =>
  world.look.query(
    `insert into outbox (bucket, id, stream, channel, type, status, attempts, next_at, created_at, body)
     select bucket, $1 || n, 'o-' || n, $1, type, 'waiting', 0, $3, created_at, body
     from (select * from outbox limit 1) one, generate_series(1, $2::int) n`,
    [channel, count, dueAt],
  )

test('whoever is slow holds up itself alone, however much waits for it, and the end waits for what is under way', async t => {
  const world = await withOneMessage(t)
  await more(world, { channel: 'slow', count: 400, dueAt: START - SECOND })
  await more(world, { channel: 'quick', count: 120, dueAt: START })
  const slow = Promise.withResolvers<void>()
  const got = new Map<string, number>()
  let taken = 0
  const db: Pick<World['db'], 'query'> = {
    query: async <R>(text: string, values?: readonly unknown[]) => {
      const result = await world.db.query<R>(text, values)
      taken += result.rows.filter(row => Object(row).channel === 'slow').length
      return result
    },
  }
  const deliver = async ({ channel, id }: OutMessage) => {
    if (channel === 'slow') await slow.promise
    got.set(id, (got.get(id) ?? 0) + 1)
  }
  const { dispatcher: sender, wallClock } = dispatcher(world, deliver, { db })
  t.after(() => slow.resolve())
  t.after(() => sender.stop())
  wallClock.advanceTo(START + HOUR)
  sender.start()
  await until(() => got.size === 121)
  // And what comes later as well.
  await world.look.query(
    `insert into outbox (bucket, id, stream, channel, type, status, attempts, next_at, created_at, body)
     select bucket, id || 'z', stream, channel, type, 'waiting', 0, next_at, created_at, body
     from outbox where id in ('quick1', 'quick2')`,
  )
  sender.poke()
  await until(() => got.has('quick1z') && got.has('quick2z'))
  assert.ok(taken < 100, `${taken} taken: what waits for the slow one waits in the database, not in memory`)
  const ended = sender.stop()
  slow.resolve()
  await ended
  assert.deepEqual([...new Set(got.values())], [1], 'nothing goes out twice')
  const sent = await world.rows<{ id: string }>(`select id from outbox where status = 'sent'`)
  assert.deepEqual(sent.map(r => r.id).toSorted(), [...got.keys()].toSorted(), 'all that was taken is noted')
  assert.ok(got.size > 123, 'also of the slow one')
})

test('what was sent and could not be noted is noted later, and is not sent again meanwhile', async t => {
  const world = await withOneMessage(t)
  await more(world, { channel: 'webhook', count: 20, dueAt: START })
  const sent: string[] = []
  const state = { down: true, refused: 0 }
  const db: Pick<World['db'], 'query'> = {
    query: (text, values) => {
      if (!state.down || !text.startsWith('update')) return world.db.query(text, values)
      state.refused++
      throw new Error('the database is away')
    },
  }
  const { dispatcher: sender, wallClock } = dispatcher(world, async ({ id }) => void sent.push(id), { db })
  t.after(() => sender.stop())
  wallClock.advanceTo(START + HOUR)
  sender.start()
  await until(() => state.refused === 8)
  sender.poke()
  state.down = false
  await until(async () => {
    wallClock.advanceTo(wallClock.now() + SECOND)
    return (await outbox(world)).every(r => r.status === 'sent')
  })
  assert.equal(sent.length, 21)
  assert.equal(new Set(sent).size, 21)
})

test('nothing goes out for imported history, nor when nobody listens', async t => {
  const world = await openWorld({ with: { deliver: async () => {} } }, t)
  await world.send(impossible('A', START), { historical: true })
  await world.pipeline.drained()
  assert.equal((await world.rows('select 1 from case_row')).length, 1)
  assert.deepEqual(await outbox(world), [])
  const deaf = await openWorld({}, t)
  await deaf.tell(...impossible('A', START), placed('B', START))
  assert.equal((await deaf.rows('select 1 from case_row')).length, 1)
  assert.deepEqual(await outbox(deaf), [])
})

test('a node that was stopped between sending and noting it sends again under the same id', async t => {
  const world = await withOneMessage(t)
  const { got, deliver } = receiver()
  const first = dispatcher(world, deliver)
  await first.dispatcher.round()
  // As if the note had been lost.
  await world.look.query(`update outbox set status = 'waiting', attempts = 0`)
  await dispatcher(world, deliver).dispatcher.round()
  assert.equal(got.length, 2)
  assert.equal(new Set(got.map(m => m.id)).size, 1)
})
