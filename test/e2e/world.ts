import { HOUR, isoOf, MINUTE } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Api } from '../http/api.ts'
import { event, placed } from '../http/api.ts'
import { followed } from '../support/followed.ts'

/** A day and a half of a small shop, up to now: for pages that want something to show. */

const CHANNELS = ['web', 'app', 'douyin', 'store', 'wholesale']
const STEPS = [
  ['payment.received', 4 * MINUTE],
  ['order.approved', 6 * MINUTE],
  ['order.allocated', 8 * MINUTE],
  ['fulfilment.picking_started', 90 * MINUTE],
  ['fulfilment.packed', 150 * MINUTE],
  ['parcel.handed_over', 5 * HOUR],
  ['parcel.out_for_delivery', 26 * HOUR],
  ['parcel.delivered', 30 * HOUR],
] as const

const ORDERS = 90
const EVERY = 24 * MINUTE

/** What befalls an order, by its number: most of them nothing. */
function faultOf(i: number): 'none' | 'empty' | 'unpaid' | 'early' | 'stuck' {
  if (i % 23 === 5) return 'empty'
  if (i % 13 === 4) return 'unpaid'
  if (i % 11 === 3) return 'early'
  return i % 7 === 2 ? 'stuck' : 'none'
}

function storyOf(i: number, now: number): object[] {
  const fault = faultOf(i)
  const began = now - (ORDERS - i) * EVERY
  const ref = { orderNo: `SO-2611-${String(84_000 + i)}` }
  const source = `/channels/${CHANNELS[i % CHANNELS.length]}`
  const price = 1900 + ((i * 7919) % 90_000)
  const at = (ms: number): object => ({ time: isoOf(ms), source })
  const promise = { grain: 'instant', to: isoOf(began + 34 * HOUR), zone: 'Asia/Shanghai' }
  const lines = fault === 'empty' ? [] : [{ sku: `AF-${i % 9}`, qty: 1 + (i % 3), price }]
  const total = lines.reduce((sum, line) => sum + line.qty * line.price, 0)
  const steps = STEPS.filter(([type, after]) => {
    if (began + after > now) return false
    return fault !== 'stuck' || !/^(fulfilment|parcel)/.test(type)
  })
  return [
    placed(ref.orderNo, { lines, promise }, at(began)),
    ...steps.map(([type, after]) => {
      const when = fault === 'early' && type === 'parcel.handed_over' ? began + MINUTE : began + after
      return event(type, dataOf(type, { ref, total: fault === 'unpaid' ? total - 500 : total, i }), at(when))
    }),
  ]
}

function dataOf(type: string, { ref, total, i }: { ref: { orderNo: string }; total: number; i: number }): object {
  if (type === 'payment.received')
    return { ref: { ...ref, paymentId: `P-${i}` }, method: 'card', amount: total, currency: 'CNY' }
  if (type === 'order.allocated') return { ref, warehouse: `WH-${i % 3}` }
  return type.startsWith('parcel.') ? { ref: { ...ref, trackingNo: `SF${80_000 + i}`, carrier: 'shunfeng' } } : { ref }
}

/** Tells it all, and waits until every figure has it. */
export async function tellWorld(api: Api): Promise<void> {
  const now = systemClock.now()
  const events = Array.from({ length: ORDERS }, (_, i) => storyOf(i, now)).flat()
  for (let i = 0; i < events.length; i += 100) await api.tell(...events.slice(i, i + 100))
  await api.pipeline.drained()
  api.pipeline.projector.poke()
  await followed(api.db)
}
