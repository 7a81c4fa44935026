import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/kernel/instant.ts'
import { UNMATCHED_PATIENCE } from '../../src/pipeline/ingress.ts'
import { incoming } from '../support/pipeline.ts'
import { about, feedOf, message, openWorld, paid, placed, streamOf, until } from './world.ts'

const world = await openWorld({ lanes: 3 })
const now = () => world.clock.now()
const give = (...raw: object[]) => world.pipeline.ingest(raw.map(r => incoming(r, { now: now() })))
const typesIn = async (stream: string) => (await world.facts(stream)).map(f => f.type)
const waiting = (id: string) => world.rows('select * from unmatched where keys::text like $1', [`%${id}%`])
const statuses = async (...raw: object[]) => (await give(...raw)).map(r => r.status)

test('two lanes that are the first of a month both get their partition', async () => {
  // Must be the first test: nothing has been written to this database yet.
  await Promise.all(Array.from({ length: 8 }, (_, i) => give(placed(`first-${i}`, now()))))
  await world.pipeline.drained()
  assert.deepEqual(await world.rows('select code, error from quarantine'), [])
  assert.equal((await world.rows('select * from head')).length, 8)
})

test('what is accepted becomes the first fact of its stream, body and times as sent', async () => {
  const [receipt] = await give(placed('A', now() - HOUR))
  assert.deepEqual([receipt!.status, receipt!.stream], ['accepted', streamOf('A')])
  await world.pipeline.drained()
  const [fact] = await world.facts(streamOf('A'))
  assert.deepEqual(
    [fact!.type, fact!.seq, fact!.occurredAt, fact!.recordedAt, fact!.knownAt, fact!.actor, fact!.cause],
    ['order.placed', 1, now() - HOUR, now(), now(), 'feed:shop', receipt!.row],
  )
  assert.deepEqual(fact!.body.lines, [{ sku: 'A', qty: 2, price: 1000 }])
})

test('the same message again is a duplicate, with another body a conflict; neither changes anything', async () => {
  const event = placed('B', now())
  const other = { ...event, data: { ...(event as { data: object }).data, freight: 9 } }
  await world.tell(event)
  const before = await world.rows('select * from seen order by bucket, digest')
  assert.deepEqual(await statuses(event, other), ['duplicate', 'conflict'])
  await world.pipeline.drained()
  assert.deepEqual(await typesIn(streamOf('B')), ['order.placed'])
  assert.deepEqual(await world.rows('select * from seen order by bucket, digest'), before)
})

test('twice in one batch, and in several batches at once: one counts', async () => {
  const first = placed('C', now())
  assert.deepEqual(await statuses(first, first), ['accepted', 'duplicate'])
  const second = paid('C', now())
  const answers = await Promise.all(Array.from({ length: 6 }, () => statuses(second)))
  assert.deepEqual(answers.flat().toSorted(), ['accepted', ...Array(5).fill('duplicate')])
  await world.pipeline.drained()
  assert.deepEqual(await typesIn(streamOf('C')), ['order.placed', 'payment.received'])
})

test('one id with two bodies at once: one is taken, the other is a conflict, and only the first is in the ledger', async () => {
  await world.tell(placed('N', now()))
  const events = [1, 2, 3].map(amount => ({ ...paid('N', now(), amount), id: 'same-id' }))
  const answers = await Promise.all(events.map(event => statuses(event)))
  assert.deepEqual(answers.flat().toSorted(), ['accepted', 'conflict', 'conflict'])
  await world.pipeline.drained()
  assert.deepEqual(await typesIn(streamOf('N')), ['order.placed', 'payment.received'])
})

test('senders that place the same order at once make one stream', async () => {
  await Promise.all(Array.from({ length: 8 }, () => give(placed('D', now()))))
  await world.pipeline.drained()
  assert.equal((await world.facts(streamOf('D'))).length, 8)
  const heads = await world.rows('select version from head where stream = $1', [streamOf('D')])
  assert.deepEqual(heads, [{ version: 8 }])
})

test('within a batch an order is known before it is placed', async () => {
  assert.deepEqual(await statuses(paid('E', now()), placed('E', now())), ['accepted', 'accepted'])
  await world.pipeline.drained()
  assert.deepEqual(await typesIn(streamOf('E')), ['order.placed', 'payment.received'])
})

test('a message that waited comes after the order that it waited for, also when both stand in the mailbox', async () => {
  await world.look.transaction(async tx => {
    // Holds every lane in a step, so that the rest must wait.
    await tx.query('select 1 from position for update')
    await give(...Array.from({ length: 6 }, (_, i) => placed(`busy-${i}`, now())))
    await give(paid('M', now()), about('M', 'order.approved', now()))
    await give(placed('M', now()))
    await until(async () => (await waiting('shop/M')).length === 0)
  })
  await world.pipeline.drained()
  assert.deepEqual(await typesIn(streamOf('M')), ['order.placed', 'payment.received', 'order.approved'])
})

test('all or nothing: a batch that the database refuses leaves nothing behind', async () => {
  const tables = ['seen', 'key', 'intake', 'unmatched', 'ledger', 'head']
  const counts = () => Promise.all(tables.map(async table => (await world.rows(`select 1 from ${table}`)).length))
  const before = await counts()
  const events = [placed('F', now()), placed('G', now(), { currency: 'ZMW' })].map(r => incoming(r, { now: now() }))
  // The mailbox is what the transaction writes last.
  await world.look.query(`alter table intake add constraint refused check (body::text not like '%ZMW%')`)
  await assert.rejects(world.pipeline.ingest(events), { code: '23514' })
  await world.look.query('alter table intake drop constraint refused')
  // The doors refuse such texts with their reason; what came past them is refused all the same.
  for (const currency of ['C\0Y', 'C\ud800Y']) {
    Object.assign(events[1]!.body, { currency })
    await assert.rejects(world.pipeline.ingest(events), { code: '22P05' })
  }
  await world.pipeline.drained()
  assert.deepEqual(await counts(), before)
})

test('messages without their order wait, and are delivered when it appears, in the order of arrival', async () => {
  const at = now()
  const early = [paid('H', at), about('H', 'order.approved', at)]
  assert.deepEqual(
    (await give(...early)).map(r => [r.status, r.stream]),
    [
      ['unmatched', null],
      ['unmatched', null],
    ],
  )
  await world.pass(MINUTE)
  assert.equal((await waiting('shop/H')).length, 2)
  assert.deepEqual(await statuses(...early), ['duplicate', 'duplicate'])
  await world.tell(placed('H', at))
  assert.deepEqual(
    (await world.facts(streamOf('H'))).map(f => [f.type, f.occurredAt, f.recordedAt]),
    [
      ['order.placed', at, at + MINUTE],
      ['payment.received', at, at + MINUTE],
      ['order.approved', at, at + MINUTE],
    ],
  )
  assert.deepEqual(await waiting('shop/H'), [])
})

test('a carrier that knows only its tracking number is matched by the hand-over that names both', async () => {
  const at = now()
  const scan = (later: number) =>
    message('parcel.in_transit', at + later, { ref: { trackingNo: 'T 1' } }, { source: '/carriers/fast' })
  await world.tell(scan(HOUR), placed('I', at))
  assert.equal((await waiting('T1')).length, 1)
  await world.tell(message('parcel.handed_over', at, { ref: { orderNo: 'I', trackingNo: 'T1' } }))
  assert.deepEqual(await typesIn(streamOf('I')), ['order.placed', 'parcel.handed_over', 'parcel.in_transit'])
  await world.tell(scan(2 * HOUR))
  assert.equal((await world.facts(streamOf('I'))).length, 4)
  const [order] = await world.rows('select status, tracking_no from order_row where stream = $1', [streamOf('I')])
  assert.deepEqual(order, { status: 'in_transit', tracking_no: 'T1' })
})

for (const known of ['paymentId', 'trackingNo'] as const)
  test(`a message with several keys waits under each and is delivered once, here by its ${known}`, async () => {
    const order = `J-${known}`
    const ref = { trackingNo: `T-${known}`.toUpperCase(), paymentId: `P-${known}` }
    await world.tell(message('parcel.exception', now(), { ref, code: 'damaged' }))
    assert.equal((await waiting(ref.paymentId)).length, 2)
    await world.tell(
      placed(order, now()),
      message('order.confirmed', now(), { ref: { orderNo: order, [known]: ref[known] } }),
    )
    assert.deepEqual(await typesIn(streamOf(order)), ['order.placed', 'order.confirmed', 'parcel.exception'])
    assert.deepEqual(await waiting(ref.paymentId), [])
  })

test('a message that waits too long is a case of its feed, which its order clears', async () => {
  const arrived = now()
  const slow = (data: object) => message('order.confirmed', arrived, data, { source: '/channels/slow' })
  const cases = async () =>
    world.rows('select type, status, channel, order_no, opened_at from case_row where stream = $1', [feedOf('slow')])
  await world.tell(slow({ ref: { orderNo: 'K', channel: 'shop' } }))
  await world.pass(UNMATCHED_PATIENCE - MINUTE)
  assert.deepEqual(await cases(), [])
  // Messages are counted by the hour in which their patience ends.
  const due = Math.floor((arrived + UNMATCHED_PATIENCE) / HOUR) * HOUR + HOUR
  await world.pass(2 * HOUR)
  const row = { type: 'unmatched_timeout', channel: 'slow', order_no: null, opened_at: due }
  assert.deepEqual(await cases(), [{ ...row, status: 'open' }])
  await world.tell(placed('K', now()))
  assert.deepEqual(await cases(), [{ ...row, status: 'cleared' }])
  const findings = await world.rows('select holds, raised_at, cleared_at from finding_row where stream = $1', [
    feedOf('slow'),
  ])
  assert.deepEqual(findings, [{ holds: false, raised_at: due, cleared_at: now() }])
})

test('an order that comes at once leaves no trace of waiting on the feed', async () => {
  const quick = message(
    'order.confirmed',
    now(),
    { ref: { orderNo: 'L', channel: 'shop' } },
    { source: '/channels/quick' },
  )
  await give(quick)
  await give(placed('L', now()))
  await world.pipeline.drained()
  await world.pass(3 * UNMATCHED_PATIENCE)
  const notices = ['feed.message_matched', 'feed.message_unmatched']
  assert.deepEqual((await typesIn(feedOf('quick'))).toSorted(), notices)
})

test('the order of each stream is that of arrival, and positions in a group have no gap', async () => {
  const rows = await world.rows<{ bucket: number; stream: string; seq: number; pos: number }>(
    'select bucket, stream, seq, pos from ledger order by bucket / 32, pos',
  )
  const next = new Map<number, number>()
  const seqs = new Map<string, number>()
  for (const { bucket, stream, seq, pos } of rows) {
    const group = Math.floor(bucket / 32)
    assert.equal(pos, next.get(group) ?? 1)
    assert.equal(seq, (seqs.get(stream) ?? 0) + 1)
    next.set(group, pos + 1)
    seqs.set(stream, seq)
  }
})
