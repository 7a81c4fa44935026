import type { Bench } from './kit/bench.ts'
import { benchIngest } from './kit/ingest-figures.ts'
import { batchesTogether } from './kit/orders.ts'

const ORDERS = { quick: 3_000, full: 10_000 }

export const ingestTogether: Bench = {
  name: 'ingest-together',
  about: "an order's 12 events in one batch, through HTTP, against COPY of the rows it leaves",
  run: options => {
    const orders = options.quick ? ORDERS.quick : ORDERS.full
    const batches = batchesTogether(0, orders, { prefix: 'T', now: Date.now() })
    return benchIngest(options, { orders, feed: post => post(batches), aim: 0.2 })
  },
}
