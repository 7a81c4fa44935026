import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { streamIdOf } from '../../src/contract/identity.ts'
import { type Instant, isoOf, MINUTE } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { State } from './state.ts'

/** A client that sends orders over HTTP and does not rest until each of its batches is acknowledged by some node. */
export interface Load {
  /** Events whose acknowledgement came back. */
  readonly acknowledged: number
  /** Requests that were not answered, or with an error: each was sent again. */
  readonly failures: readonly string[]
  /** Resolves when everything is acknowledged; rejects when nothing was for three minutes. */
  readonly done: Promise<void>
  /** Ends the senders, whatever they have not sent yet. */
  stop(): void
}

const LIFE = [
  'order.placed',
  'payment.received',
  'order.approved',
  'parcel.handed_over',
  'parcel.in_transit',
  'parcel.delivered',
] as const
const REQUEST_PATIENCE = 4_000
/** Without one acknowledgement for so long, kills and restarts included, nobody will ever give one. */
const LOAD_PATIENCE = 180_000

export interface Plan {
  /** Part of the order numbers, so that several loads can follow each other. */
  readonly name: string
  readonly orders: number
  readonly batch: number
  readonly senders: number
  readonly now: Instant
}

/** All events: the orders' lives run in parallel, so that an order's events come in different requests. */
export function eventsOf({ name, orders, now }: Plan): object[] {
  return LIFE.flatMap((type, step) =>
    Array.from({ length: orders }, (_, i) =>
      eventOf({ orderNo: `${name}-${i}`, type, time: now + (step - 90) * MINUTE }),
    ),
  )
}

function eventOf({ orderNo, type, time }: { orderNo: string; type: (typeof LIFE)[number]; time: Instant }): object {
  const ref = { orderNo, ...(type.startsWith('parcel.') ? { trackingNo: `T-${orderNo}`, carrier: 'SF' } : {}) }
  const more = {
    'order.placed': {
      currency: 'CNY',
      lines: [{ sku: 'A', qty: 2, price: 1000 }],
      customer: { name: `客户 ${orderNo}` },
    },
    'payment.received': { method: 'card', amount: 2000, currency: 'CNY' },
  }
  const data = { ref, ...(type in more ? more[type as keyof typeof more] : {}) }
  return { specversion: '1.0', id: `${orderNo}:${type}`, source: '/channels/shop', type, time: isoOf(time), data }
}

/**
 * @param urls the nodes that may be asked; looked at before every request
 * @param key the key to send with; asked for until it is there
 */
export function startLoad(plan: Plan, urls: () => readonly string[], key: () => Promise<string>): Load {
  const events = eventsOf(plan)
  const state = { next: 0, acknowledged: 0, failures: [] as string[], stopped: false, heardAt: systemClock.now() }
  let turn = 0
  let token = ''
  const send = async (batch: object[]): Promise<void> => {
    while (!state.stopped) {
      const nodes = urls()
      token ||= await key().catch(() => '')
      const failure = await post({ url: nodes[turn++ % nodes.length] ?? '', token }, batch)
      if (failure === null) {
        state.acknowledged += batch.length
        state.heardAt = systemClock.now()
        return
      }
      state.failures.push(failure)
      if (systemClock.now() - state.heardAt > LOAD_PATIENCE) throw new Error(`nothing is acknowledged: ${failure}`)
      // A sender of manners does not hammer; nothing is waited for here.
      await delay(100)
    }
  }
  const sender = async (): Promise<void> => {
    while (state.next < events.length && !state.stopped) {
      const from = state.next
      state.next += plan.batch
      await send(events.slice(from, state.next))
    }
  }
  const done = Promise.all(Array.from({ length: plan.senders }, sender)).then(() => {})
  // Whoever waits for it is told.
  done.catch(() => {})
  return {
    get acknowledged() {
      return state.acknowledged
    },
    failures: state.failures,
    done,
    stop: () => {
      state.stopped = true
    },
  }
}

/** Sends a batch once; null when it was acknowledged, else why not. */
async function post(to: { url: string; token: string }, batch: readonly object[]): Promise<string | null> {
  try {
    const response = await fetch(`${to.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${to.token}` },
      body: JSON.stringify(batch),
      signal: AbortSignal.timeout(REQUEST_PATIENCE),
    })
    const body = await response.text()
    return response.ok ? null : `${response.status} ${body}`
  } catch (error) {
    return String(error)
  }
}

/** Every order of the loads lived its life exactly once, and all of them ended alike. */
export function assertLived(state: State, plans: readonly Plan[]): void {
  const wanted = [...LIFE].sort()
  for (const { name, orders } of plans) {
    for (let i = 0; i < orders; i++) {
      const facts = state.facts.get(streamIdOf('order', 'order_no', `shop/${name}-${i}`)) ?? []
      const types = facts.map(text => (JSON.parse(text) as { type: string }).type)
      const lived = types.filter(type => !/^(finding|case)\./.test(type))
      assert.deepEqual(lived.sort(), wanted, `order ${name}-${i}`)
    }
  }
  const rows = state.tables.get('order_row') ?? []
  assert.equal(
    rows.length,
    plans.reduce((n, p) => n + p.orders, 0),
  )
  for (const text of rows) {
    const { status, paid, total, open_cases: cases } = JSON.parse(text)
    assert.deepEqual({ status, paid, total, cases }, { status: 'delivered', paid: 2000, total: 2000, cases: 0 }, text)
  }
}

/** Three senders with batches of 25. */
export const planOf = (name: string, orders: number): Plan => ({
  ...{ name, orders, batch: 25, senders: 3 },
  now: systemClock.now(),
})
