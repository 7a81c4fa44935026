import { GROUPS } from '../kernel/bucket.ts'
import type { JsonObject } from '../kernel/json.ts'
import { type JobKind, Jobs, type JobsOptions } from '../pipeline/jobs.ts'
import { verifyLedger } from '../pipeline/verify.ts'
import type { Database } from '../platform/database.ts'

/** Problems that the result of a check names; the command line names all. */
const MOST_NAMED = 50

/** Every kind of long work that the server starts by itself or for somebody. */
export const jobKinds = (deps: { readonly db: Database }): { readonly [kind: string]: JobKind } => ({
  verify: verifyKind(deps.db),
})

const verifyKind = (db: Database): JobKind => ({
  async run({ signal, tell }): Promise<JsonObject> {
    tell({ done: 0, total: GROUPS, unit: 'groups' })
    const { problems, ...counts } = await verifyLedger(db, (rows, group) => {
      signal.throwIfAborted()
      tell({ done: group + 1, total: GROUPS, unit: 'groups', note: `${rows} rows` })
    })
    return { ...counts, tampered: problems.length, problems: problems.slice(0, MOST_NAMED).map(p => ({ ...p })) }
  },
})

/** The jobs of a server process, put together and not started. */
export const buildJobs = (options: Omit<JobsOptions, 'kinds'>): Jobs =>
  new Jobs({ ...options, kinds: jobKinds({ db: options.db }) })
