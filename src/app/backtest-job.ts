import { fileURLToPath } from 'node:url'
import { GROUPS } from '../kernel/bucket.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { JobKind } from '../pipeline/jobs.ts'
import { runChild } from '../platform/child.ts'
import type { Database } from '../platform/database.ts'

const CHILD = fileURLToPath(new URL('./backtest-child.ts', import.meta.url))
/** MiB. Orders pass through it a page at a time. */
const MEMORY = 512

/** A back-test, in a process of its own. `params` are the question; see `Question`. */
export const backtestKind = (db: Database): JobKind => ({
  async run({ id, params, signal, tell }): Promise<JsonObject> {
    const total = typeof params.groups === 'number' ? params.groups : GROUPS
    tell({ done: 0, total, unit: 'groups' })
    return runChild({
      module: CHILD,
      memory: MEMORY,
      signal,
      input: { connection: { ...db.connection() }, job: id, question: params },
      progress: ({ groups, orders }) => tell({ done: Number(groups), total, unit: 'groups', note: `${orders} orders` }),
    })
  },
})
