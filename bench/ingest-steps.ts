import type { Bench } from './kit/bench.ts'
import { benchIngest } from './kit/ingest-figures.ts'
import { batchesByStep } from './kit/orders.ts'

const ORDERS = { quick: 2_000, full: 6_000 }

export const ingestSteps: Bench = {
  name: 'ingest-steps',
  about:
    'each of the 12 events in a step of its own, over thousands of open orders, against COPY of the rows it leaves',
  run: options => {
    const orders = options.quick ? ORDERS.quick : ORDERS.full
    const steps = batchesByStep(0, orders, { prefix: 'S', now: Date.now() })
    return benchIngest(options, {
      orders,
      aim: 0.08,
      feed: async (post, settle) => {
        // Settled in between: two events of one order in one step would be what the other bench measures.
        for (const batches of steps) {
          await post(batches)
          await settle()
        }
      },
    })
  },
}
