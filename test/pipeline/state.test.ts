import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestVersionOf } from '../../src/contract/events/index.ts'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import type { JsonObject } from '../../src/kernel/json.ts'
import { foldFacts, initialSlices } from '../../src/pipeline/decide.ts'
import { type LoadDeps, loadStreams } from '../../src/pipeline/load.ts'
import { reactorsOf } from '../../src/pipeline/reactors.ts'
import { LOAD_TAILS } from '../../src/pipeline/sql/load.ts'
import type { Sql } from '../../src/pipeline/sql.ts'
import { BLOB_EVERY } from '../../src/pipeline/step.ts'
import { simulatedClock } from '../../src/platform/clock.ts'
import { about, caseOf, loadDeps, message, openWorld, paid, placed, START, streamOf, type World } from './world.ts'

const load = async (world: World, orderNo: string, deps: LoadDeps = loadDeps()) => {
  const stream = streamOf(orderNo)
  const loaded = await loadStreams(world.look, deps, [{ stream, bucket: bucketOf(stream), kind: 'order' }])
  return loaded.get(stream)!
}
const asJson = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value))
/** What all of the ledger folds to, as JSON keeps it. */
async function foldOf(world: World, orderNo: string): Promise<JsonObject> {
  const reactors = reactorsOf('order')
  return JSON.parse(JSON.stringify(foldFacts(initialSlices(reactors), await world.facts(streamOf(orderNo)), reactors)))
}
const blobOf = async (world: World, orderNo: string) =>
  (await world.rows('select version, body from state where stream = $1', [streamOf(orderNo)]))[0]

/** A busy order: 40 scans, a payment that is too low, a case that somebody works on. */
async function live(
  world: World,
  orderNo: string,
  between: (n: number) => Promise<void> = async () => {},
): Promise<void> {
  const at = world.clock.now()
  await world.tell(placed(orderNo, at), paid(orderNo, at, 1), about(orderNo, 'order.approved', at))
  for (let n = 0; n < 40; n++) {
    await between(n)
    const ref = { orderNo, trackingNo: `T${n % 2}` }
    await world.pass(HOUR)
    await world.tell(message('parcel.in_transit', at + n * HOUR, { ref }))
  }
}

test('few facts are their own state; from so many on a blob is written, now and then', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('A', START))
  for (let n = 1; n < BLOB_EVERY - 1; n++) await world.tell(about('A', 'order.confirmed', START + n))
  assert.equal(await blobOf(world, 'A'), undefined)
  await world.tell(about('A', 'order.confirmed', START))
  assert.equal((await blobOf(world, 'A'))!.version, BLOB_EVERY)
  for (let n = 0; n < 5; n++) await world.tell(about('A', 'order.confirmed', START))
  assert.equal((await blobOf(world, 'A'))!.version, BLOB_EVERY)
  const { memo, stored } = await load(world, 'A')
  assert.deepEqual([memo.version, stored!.version, stored!.blobVersion], [BLOB_EVERY + 5, BLOB_EVERY + 5, BLOB_EVERY])
  assert.deepEqual(asJson(memo.slices), await foldOf(world, 'A'))
})

test('a node that knows nothing goes on as the one before it would have: facts, cases and rows are the same', async t => {
  const calm = await openWorld({}, t)
  await live(calm, 'A')
  const shaken = await openWorld({}, t)
  let nodes = 0
  let pipeline = shaken.pipeline
  const restarted: World = {
    ...shaken,
    tell: async (...raw) => {
      await send(raw)
      await pipeline.drained()
    },
    pass: async ms => {
      shaken.clock.advanceTo(shaken.clock.now() + ms)
      await pipeline.drained()
    },
  }
  let send: (raw: readonly object[]) => Promise<void> = shaken.send
  await live(restarted, 'A', async n => {
    if (n % 7 !== 3) return
    await pipeline.stop()
    const next = await shaken.node({ node: `n${++nodes}` })
    pipeline = next.pipeline
    send = next.send
  })
  const told = async (world: World) => (await world.facts(streamOf('A'))).map(({ cause: _, ...fact }) => fact)
  const facts = await told(calm)
  assert.ok(facts.length > 2 * BLOB_EVERY - 6 && facts.some(f => f.type === 'case.opened'))
  assert.deepEqual(await told(shaken), facts)
  for (const table of ['order_row', 'case_row', 'finding_row', 'head'])
    assert.deepEqual(await shaken.rows(`select * from ${table}`), await calm.rows(`select * from ${table}`), table)
})

test('a blob of another shape is not used: the stream is folded again from its first fact', async t => {
  const world = await openWorld({}, t)
  await live(world, 'A')
  const { memo } = await load(world, 'A')
  assert.ok(await blobOf(world, 'A'))
  const raised: LoadDeps = {
    ...loadDeps(),
    reactorsOf: kind => reactorsOf(kind).map(r => (r.slice === 'cases' ? { ...r, shape: r.shape + 1 } : r)),
  }
  // So that the blob would be noticed if it were used.
  await world.look.query(`update state set body = (body::jsonb || '{"marked":true}')::json`)
  assert.equal((await load(world, 'A')).memo.slices.marked, true)
  assert.deepEqual(asJson((await load(world, 'A', raised)).memo.slices), asJson(memo.slices))
})

test('a release that raised a shape carries on with streams of the one before, and writes its own blobs', async t => {
  const world = await openWorld({}, t)
  await live(world, 'A')
  await world.pipeline.stop()
  const shapes = `'{"orders":0,"rules":0,"cases":0}'`
  await world.look.query(`update state set shapes = ${shapes}, body = '{"orders":{},"rules":{},"cases":{}}'`)
  const next = await world.node({ node: 'n2' })
  const id = caseOf('A', 'amount_mismatch')
  const command = { stream: streamOf('A'), type: 'case.acknowledge', body: { case: id }, actor: 'user:anna' }
  assert.equal((await next.pipeline.submit({ ...command, idempotencyKey: 'k' })).status, 200)
  for (let n = 0; n < BLOB_EVERY; n++) {
    await next.send([about('A', 'order.confirmed', START + n)])
    await next.pipeline.drained()
  }
  const { memo } = await load(world, 'A')
  assert.deepEqual(asJson(memo.slices), await foldOf(world, 'A'))
  assert.notEqual((await world.rows('select shapes::text from state'))[0]!.shapes, shapes)
})

test('a new release reads what an old one stored: ledger, mailbox and what waits for its order', async t => {
  const world = await openWorld({}, t)
  const type = 'order.edited'
  await world.tell(placed('A', START), placed('C', START), about('C', type, START), about('B', type, START))
  await world.pipeline.stop()
  // A node that has stopped still accepts: what it takes stays in the mailbox.
  await world.send([about('A', type, START)])
  const before = await world.rows('select body::text, v from ledger order by bucket, seq')
  const seen: JsonObject[] = []
  // What the next release would bring: version 2 of a type, with what lifts version 1.
  const versionOf = (name: string) => (name === type ? 2 : (newestVersionOf(name) ?? 1))
  const upcast = (name: string, v: number, body: JsonObject) => {
    if (name !== type || v === 2) return { v: versionOf(name), body }
    seen.push(body)
    return { v: 2, body: { ...body, freight: 700, lifted: true } }
  }
  const next = await world.node({ node: 'n2', with: { versionOf, upcast } })
  await next.pipeline.drained()
  await next.send([placed('B', START)])
  await next.pipeline.drained()
  // What the reactors saw of it, not only what a later reader makes of the text.
  const totals = await world.rows('select total from order_row where stream in ($1, $2)', [
    streamOf('A'),
    streamOf('B'),
  ])
  assert.deepEqual(totals, [{ total: 2700 }, { total: 2700 }])
  const loads: LoadDeps = { ...loadDeps(), upcast }
  for (const [order, count] of [
    ['A', 1],
    ['B', 1],
    ['C', 1],
  ] as const) {
    const facts = (await world.facts(streamOf(order), loads)).filter(f => f.type === type)
    assert.deepEqual(
      facts.map(f => [f.v, f.body.lifted]),
      Array(count).fill([2, true]),
      order,
    )
  }
  // Stored rows say which shape their text has, and nothing stored was touched.
  const rows = await world.rows<{ body: string; v: number }>('select body::text, v from ledger where type = $1', [type])
  for (const { body, v } of rows) assert.equal(v, body.includes('lifted') ? 2 : 1)
  const after = await world.rows('select body::text, v from ledger order by bucket, seq')
  for (const row of before) assert.ok(after.some(r => r.body === row.body && r.v === row.v))
})

test('lines beyond those that the state keeps are parts, and follow an edit', async t => {
  const world = await openWorld({}, t)
  const lines = (n: number) => Array.from({ length: n }, (_, i) => ({ sku: `S${i}`, qty: 1, price: 10 }))
  const parts = () => world.rows<{ part: string }>(`select part, body from part where kind = 'line' order by part`)
  await world.tell(placed('A', START, { lines: lines(203) }))
  assert.deepEqual(
    (await parts()).map(p => p.part),
    ['00201', '00202', '00203'],
  )
  await world.pass(DAY)
  await world.tell(about('A', 'order.edited', START + 1, { lines: lines(201) }))
  assert.deepEqual(
    (await parts()).map(p => p.part),
    ['00201'],
  )
})

test('nodes whose clocks disagree about midnight of a new month: no fact of the stream is lost from sight', async t => {
  const midnight = Date.UTC(2026, 1, 1)
  const world = await openWorld({ start: midnight + 1000 }, t)
  // History keeps the time of the node that took it in.
  await world.send([placed('A', midnight - 5000)], { historical: true })
  await world.pipeline.drained()
  await world.pipeline.stop()
  const slow = await world.node({ node: 'n2', clock: simulatedClock(midnight - 1000) })
  await slow.send([about('A', 'order.confirmed', midnight - 4000)], { historical: true })
  await slow.pipeline.drained()
  await slow.pipeline.stop()
  const months = await world.rows<{ recorded_month: number }>('select recorded_month from ledger order by seq')
  assert.equal(new Set(months.map(row => row.recorded_month)).size, 2)
  // Read by one that has never seen the stream.
  const loaded = await load(world, 'A')
  assert.equal(loaded.memo.version, 2)
})

test('a state that would be too large in bytes is kept as it was, at once and with a clear error; the order goes on', async t => {
  const world = await openWorld({}, t)
  // Few characters, three bytes each: 107 lines fit what an order keeps of its lines.
  const wide = (i: number) => `${String(i).padStart(3, '0')}${'货'.repeat(97)}`
  const lines = Array.from({ length: 107 }, (_, i) => ({ sku: wide(i), seller: wide(i), qty: 1, price: 1000 }))
  await world.tell(placed('A', START), about('A', 'order.edited', START + 1, { lines }), paid('A', START + 2))
  const set = await world.rows<{ code: string; type: string; error: string }>(
    'select code, type, error from quarantine',
  )
  assert.deepEqual(
    set.map(q => [q.code, q.type]),
    [['state_too_large', 'order.edited']],
  )
  assert.match(set[0]!.error, /the state of o-\w+ would have \d{5} bytes, and 65536 at most are kept/)
  const types = async () => (await world.facts(streamOf('A'))).map(f => f.type)
  assert.deepEqual(await types(), ['order.placed', 'payment.received'])
  // As many lines with short codes fit, also for a node that knows only what is stored.
  await world.pipeline.stop()
  const next = await world.node({ node: 'n2' })
  const short = lines.map((line, i) => ({ ...line, sku: `S${i}`, seller: 'X' }))
  await next.send([about('A', 'order.edited', START + 3, { lines: short })])
  await next.pipeline.drained()
  assert.deepEqual(await types(), ['order.placed', 'payment.received', 'order.edited'])
})

test('what is written while a stream is read is of the next look', async t => {
  const world = await openWorld({}, t)
  const at = world.clock.now()
  await world.tell(placed('A', at))
  const stream = streamOf('A')
  const meanwhile: Sql = {
    query: async (text, values) => {
      if (text === LOAD_TAILS) await world.tell(paid('A', at, 1))
      return world.look.query(text, values)
    },
  }
  const loaded = await loadStreams(meanwhile, loadDeps(), [{ stream, bucket: bucketOf(stream), kind: 'order' }])
  const { memo } = await load(world, 'A')
  assert.ok(memo.version > (loaded.get(stream)?.memo.version ?? memo.version))
})
