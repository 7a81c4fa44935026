import { streamIdOf } from '../contract/identity.ts'
import { bucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import { type LoadDeps, loadStreams } from './load.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { backupIn } from './reactors.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import type { Sql } from './sql.ts'

/** The stream of the installation itself. */
export const INSTALLATION = streamIdOf('system', 'system', 'andon')

export interface StandingDeps {
  readonly db: Sql
  readonly loads: LoadDeps
  /** Tells the lanes of rows that are in the mailbox. */
  offer(packs: readonly Pack[]): void
}

/** Whether the finding about backups stands. */
export async function backupFindingStands({ db, loads }: Omit<StandingDeps, 'offer'>): Promise<boolean> {
  const ref = { stream: INSTALLATION, bucket: bucketOf(INSTALLATION), kind: 'system' as const }
  const { memo } = (await loadStreams(db, loads, [ref])).get(INSTALLATION)!
  return backupIn(memo.slices).since !== null
}

/** Puts a fact about the installation into its mailbox; told twice with one id, it is there once. */
export async function tellInstallation(
  { db, offer }: Pick<StandingDeps, 'db' | 'offer'>,
  told: { readonly id: string; readonly type: string; readonly at: Instant; readonly body: JsonObject },
): Promise<void> {
  const { id, type, at, body } = told
  const times = { occurredAt: at, recordedAt: at, knownAt: at, historical: false }
  const row: IntakeRow = {
    ...{ bucket: bucketOf(INSTALLATION), class: CLASS.signal, id, stream: INSTALLATION, kind: 'system' },
    ...{ what: 'signal', type, v: 1, actor: 'system', ...times, body, stored: JSON.stringify(body) },
  }
  const packs = packed([row])
  await db.query(INSERT_INTAKE, [packsJson(packs)])
  offer(packs)
}
