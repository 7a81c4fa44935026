import { GROUPS } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import { learnBaselines } from '../pipeline/baselines.ts'
import { type JobKind, Jobs, type JobsOptions } from '../pipeline/jobs.ts'
import { verifyLedger } from '../pipeline/verify.ts'
import { verifyAudit } from '../pipeline/verify-audit.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { backtestKind } from './backtest-job.ts'
import { type BackupPlace, backupKind } from './backup/process.ts'

/** Problems that the result of a check names; the command line names all. */
const MOST_NAMED = 50

export interface KindDeps {
  readonly db: Database
  readonly sealer: Sealer
  readonly backup: BackupPlace
  /** The clock of the world. */
  now(): Instant
}

/** Every kind of long work that the server starts by itself or for somebody. */
export const jobKinds = (deps: KindDeps): { readonly [kind: string]: JobKind } => ({
  verify: verifyKind(deps),
  backtest: backtestKind(deps.db),
  backup: backupKind(deps.backup),
  baselines: baselineKind(deps),
})

const verifyKind = ({ db, sealer }: KindDeps): JobKind => ({
  async run({ signal, tell }): Promise<JsonObject> {
    tell({ done: 0, total: GROUPS, unit: 'groups' })
    const progress = (rows: number, group: number): void => {
      signal.throwIfAborted()
      tell({ done: group + 1, total: GROUPS, unit: 'groups', note: `${rows} rows` })
    }
    const { problems: inLedger, ...counts } = await verifyLedger(db, sealer, { progress })
    const { problems: inAudit, ...audit } = await verifyAudit(db, sealer)
    const problems = [...inLedger, ...inAudit]
    const named = problems.slice(0, MOST_NAMED).map(p => ({ ...p }))
    return { ...counts, audit, tampered: problems.length, problems: named }
  },
})

const baselineKind = ({ db, now }: KindDeps): JobKind => ({
  async run({ signal, tell }): Promise<JsonObject> {
    tell({ done: 0, total: GROUPS, unit: 'groups' })
    const progress = (done: number, orders: number): void =>
      tell({ done, total: GROUPS, unit: 'groups', note: `${orders} orders` })
    return { ...(await learnBaselines(db, { now, signal, progress })) }
  },
})

/** The jobs of a server process, put together and not started. */
export const buildJobs = (options: Omit<JobsOptions, 'kinds'> & KindDeps): Jobs =>
  new Jobs({ ...options, kinds: jobKinds(options) })
