import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventTypes, instantOfIso } from '../../../contract/events/index.ts'
import type { Command, Fact, StreamView } from '../../../contract/stream.ts'
import { TICK } from '../../../contract/stream.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { factOf, foldAll, LINE, placedAt } from '../fixtures.ts'
import type { OrderState } from '../types.ts'
import { orderStateOf, ordersReactor } from './reactor.ts'
import { orderRow } from './row.ts'

const viewOf = (state: OrderState): StreamView => ({
  stream: 'o-1',
  kind: 'order',
  historical: false,
  slices: { orders: state },
  refs: {},
})
const linesOf = (n: number, sku = 'A') => Array.from({ length: n }, (_, i) => ({ ...LINE, sku: `${sku}${i}` }))
const edited = (at: number, n: number) => factOf('order.edited', at, { lines: linesOf(n, 'E') })

/** Parts after facts that arrive one by one, as the pipeline keeps them. */
function partsAfter(facts: readonly Fact[]): { [part: string]: JsonObject } {
  const kept: { [part: string]: JsonObject } = {}
  facts.forEach((fact, i) => {
    const { parts = [] } = ordersReactor.react(viewOf(foldAll(facts.slice(0, i + 1))), fact, 0)
    for (const { part, body } of parts) {
      if (body === null) delete kept[part]
      else kept[part] = body
    }
  })
  return kept
}

test('lines beyond 200 are parts; an edit writes, replaces and removes them', () => {
  assert.deepEqual(partsAfter([placedAt(1, { lines: linesOf(200) })]), {})
  assert.deepEqual(partsAfter([placedAt(1, { lines: linesOf(201) })]), { '00201': { ...LINE, sku: 'A200' } })
  assert.deepEqual(Object.keys(partsAfter([placedAt(1, { lines: linesOf(205) }), edited(2, 203)])), [
    '00201',
    '00202',
    '00203',
  ])
  assert.deepEqual(partsAfter([placedAt(1, { lines: linesOf(205) }), edited(2, 3)]), {})
  assert.deepEqual(partsAfter([edited(2, 201), placedAt(1, { lines: linesOf(201) })]), {
    '00201': { ...LINE, sku: 'E200' },
  })
  assert.deepEqual(partsAfter([edited(2, 201), placedAt(1, { lines: linesOf(205) })]), {
    '00201': { ...LINE, sku: 'E200' },
  })
})

test('nothing else reacts', () => {
  const state = foldAll([placedAt(1)])
  for (const fact of [TICK, placedAt(1), factOf('order.edited', 2, { freight: 5 })])
    assert.deepEqual(ordersReactor.react(viewOf(state), fact, 0), {})
})

const ask = (body: JsonObject, type = 'order.note') => {
  const command: Command = { type, id: 'k', actor: 'user:anna', body }
  return ordersReactor.handle!(viewOf(foldAll([placedAt(1)])), command, 5)
}

test('a note by command is the fact of the same name, with its author', () => {
  const body = { ref: { channel: 'shop', orderNo: 'A-1' }, text: '催单' }
  assert.deepEqual(ask({ text: '催单' }), { facts: [{ type: 'order.note_added', body, actor: 'user:anna' }] })
  assert.ok(eventTypes['order.note_added'].schema.safeParse(body).success)
})

test('a note that cannot be kept is refused', () => {
  const tries: [body: JsonObject, refused: string][] = [
    [{}, 'note_empty'],
    [{ text: ' \n' }, 'note_empty'],
    [{ text: 7 }, 'note_empty'],
    [{ text: 'x'.repeat(4001) }, 'note_too_long'],
    [{ text: 'a\u0000' }, 'note_not_text'],
    [{ text: '\ud800' }, 'note_not_text'],
  ]
  for (const [body, code] of tries) {
    const answer = ask(body)
    assert.ok('refused' in answer)
    assert.equal(answer.refused, code)
  }
  assert.deepEqual(ask({}, 'order.burn'), { refused: 'command_unknown' })
})

test('a stream without an order has the state of a new one', () => {
  assert.equal(orderStateOf({ ...viewOf(foldAll([])), slices: {} }), ordersReactor.initial)
})

test('the row of the list: null for what is not known, never undefined', () => {
  const empty = orderRow('o-1', ordersReactor.initial)
  assert.ok(Object.values(empty).every(value => value !== undefined))
  const at = instantOfIso('2026-11-21T08:00:00Z') as number
  const promise = { grain: 'day' as const, to: '2026-11-25', zone: 'UTC' }
  const state = foldAll([
    placedAt(at, {
      promise,
      freight: 5,
      shipTo: { city: '达州市', region: '四川省' },
      customer: { name: 'Ana Silva' },
      paymentMethod: 'cod',
    }),
    factOf('parcel.in_transit', at + 9, { ref: { trackingNo: 'T', carrier: 'sf' } }),
  ])
  assert.deepEqual(orderRow('o-1', state), {
    stream: 'o-1',
    order_no: 'A-1',
    channel: 'shop',
    status: 'in_transit',
    placed_at: at,
    promise_ends_at: Date.UTC(2026, 10, 26),
    currency: 'CNY',
    total: 2005,
    paid: 0,
    line_count: 1,
    units: 2,
    customer_masked: 'A*** S***',
    erased: false,
    region: '四川省',
    city: '达州市',
    carrier: 'sf',
    tracking_no: 'T',
    warehouses: null,
    payment_method: 'cod',
    handed_over_at: at + 9,
    delivered_at: null,
    cancelled: false,
    last_event_at: at + 9,
    nodes: { placed: at, handedOver: at + 9, inTransit: at + 9 },
    stage: 'inTransit',
    stage_since: at + 9,
    touched: false,
  })
})
