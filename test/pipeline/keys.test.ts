import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoOf } from '../../src/kernel/instant.ts'
import { RESOLVE_KEYS } from '../../src/pipeline/sql/ingress.ts'
import { connect } from '../../src/platform/database.ts'
import { incoming, startHarness } from '../support/pipeline.ts'
import { until } from './world.ts'

const START = Date.UTC(2026, 0, 5)
let count = 0
const message = (type: string, ref: object, data: object = {}, time: number | null = START): object => ({
  specversion: '1.0',
  id: `k-${++count}`,
  source: '/channels/shop',
  type,
  ...(time === null ? {} : { time: isoOf(time) }),
  data: { ref, ...data },
})
const placed = (orderNo: string, more: object = {}) =>
  message(
    'order.placed',
    { orderNo, ...more },
    { currency: 'CNY', lines: [{ lineNo: '1', sku: 'S', qty: 1, price: 100 }] },
  )

test('a message that waited brings its other keys: what names only those finds the order', async t => {
  const world = await startHarness({ start: START })
  t.after(() => world.close())
  await world.send([message('parcel.handed_over', { orderNo: 'A', trackingNo: 'T1' })])
  await world.send([placed('A')])
  await world.pipeline.drained()
  await world.send([message('parcel.in_transit', { trackingNo: 'T1' })])
  await world.pipeline.drained()
  assert.deepEqual((await world.db.query('select id from unmatched')).rows, [])
  const { rows } = await world.db.query("select type from ledger where stream like 'o-%' order by seq")
  assert.deepEqual(
    rows.map(r => r.type),
    ['order.placed', 'parcel.handed_over', 'parcel.in_transit'],
  )
})

test('two orders that share a payment stay two orders', async t => {
  const world = await startHarness({ start: START })
  t.after(() => world.close())
  await world.send([placed('A', { paymentId: 'P' })])
  await world.send([placed('B', { paymentId: 'P' })])
  await world.pipeline.drained()
  const { rows } = await world.db.query('select order_no from order_row order by order_no')
  assert.deepEqual(
    rows.map(r => r.order_no),
    ['A', 'B'],
  )
})

test('a message without a time that is sent again later is the same one', async t => {
  const world = await startHarness({ start: START })
  t.after(() => world.close())
  await world.send([placed('A')])
  await world.pipeline.drained()
  const note = message('order.note_added', { orderNo: 'A' }, { text: 'x' }, null)
  const give = () => world.pipeline.ingest([incoming(note, { now: world.clock.now() })])
  assert.equal((await give())[0]!.status, 'accepted')
  world.clock.advanceTo(START + 60_000)
  assert.equal((await give())[0]!.status, 'duplicate')
  await world.pipeline.drained()
})

test('a message is looked at while the one before it commits: it finds the order that one begins', async t => {
  const held = Promise.withResolvers<void>()
  t.after(() => held.resolve())
  const world = await startHarness({ start: START })
  t.after(() => world.close())
  const other = await connect({ connection: world.db.connection() })
  t.after(() => other.close())
  let looks = 0
  t.after(
    world.db.onQuery(text => {
      if (text === RESOLVE_KEYS) looks++
    }),
  )
  const locked = Promise.withResolvers<void>()
  const holding = other.transaction(async tx => {
    await tx.query('lock table intake in share mode')
    locked.resolve()
    await held.promise
  })
  await locked.promise
  const give = (raw: object) => world.pipeline.ingest([incoming(raw, { now: START })])
  const paid = message('payment.received', { orderNo: 'A' }, { method: 'card', amount: 100, currency: 'CNY' })
  const answers = [give(placed('A')), give(paid)]
  await until(() => looks === 2)
  held.resolve()
  await holding
  const receipts = (await Promise.all(answers)).flat()
  assert.deepEqual(
    receipts.map(r => r.status),
    ['accepted', 'accepted'],
  )
  // The second look, after the first message had its order.
  assert.equal(looks, 3)
  await world.pipeline.drained()
  const { rows } = await world.db.query("select type from ledger where stream like 'o-%' order by seq")
  assert.deepEqual(
    rows.map(r => r.type),
    ['order.placed', 'payment.received'],
  )
  assert.deepEqual(world.warnings, [])
})
