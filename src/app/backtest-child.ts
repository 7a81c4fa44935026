import type { JsonObject } from '../kernel/json.ts'
import { orderFactSchema } from '../modules/orders/index.ts'
import { backtest, type KeptQuestion, wholeQuestion } from '../pipeline/backtest/run.ts'
import { answerParent } from '../platform/child.ts'
import { systemClock } from '../platform/clock.ts'
import type { Connection } from '../platform/connection.ts'
import { connect } from '../platform/database.ts'
import { Sealer } from '../platform/seal.ts'
import { loadsWith } from './compose.ts'

/** A process that runs one back-test and ends; started by `backtest-job.ts`. */

export interface BacktestInput {
  readonly connection: Connection
  readonly job: string
  readonly question: KeptQuestion
}

// Rules read no personal data, so it gets no key: what is sealed stays sealed here.
const NO_KEY = new Sealer(Buffer.alloc(32))
const TELL_EVERY = 250

answerParent(async (input, progress) => {
  const { connection, job, question } = inputIn(input)
  const db = await connect({ connection, poolSize: 2 })
  let told = 0
  try {
    const result = await backtest(
      {
        db,
        loads: loadsWith(NO_KEY),
        schema: orderFactSchema,
        signal: new AbortController().signal,
        progress(groups, orders) {
          if (systemClock.now() - told < TELL_EVERY) return
          told = systemClock.now()
          progress({ groups, orders })
        },
      },
      job,
      await wholeQuestion(db, question),
    )
    return JSON.parse(JSON.stringify(result)) as JsonObject
  } finally {
    await db.close()
  }
})

/** Safe: `backtest-job.ts` sent it. */
const inputIn = (input: JsonObject): BacktestInput => input as unknown as BacktestInput
