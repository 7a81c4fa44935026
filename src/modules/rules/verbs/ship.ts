import type { Instant } from '../../../kernel/instant.ts'
import type { Database, Sql } from '../../../platform/database.ts'
import type { Change } from '../core-life.ts'
import { turnsOf } from '../core-life.ts'
import { bodyOf, shipPlan } from '../core-ship.ts'
import { addChange, addVersions, hashOf, readChanges, readVersions, versionOf } from '../store.ts'
import type { RuleDef } from '../types.ts'

/** Another process made the change of this number first: read again and decide again. */
export class ChangeRace extends Error {
  readonly code = 'change_race'
}

const TRIES = 5

/** Runs `attempt` in a transaction, again when another process was quicker. */
export async function inRace<T>(db: Database, attempt: (tx: Sql) => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await db.transaction(attempt)
    } catch (error) {
      if (!(error instanceof ChangeRace) || n >= TRIES) throw error
    }
  }
}

/**
 * Brings the rules of a release into the installation; see `shipPlan` for what that means for rules that people changed.
 * The first change of an installation holds for all of history. Returns it, or null when there was nothing to do.
 */
export function shipRules(db: Database, rules: readonly RuleDef[], when: { at: Instant; activeFrom: Instant }) {
  return inRace(db, tx => ship(tx, rules, when))
}

async function ship(
  tx: Sql,
  rules: readonly RuleDef[],
  { at, activeFrom }: { at: Instant; activeFrom: Instant },
): Promise<Change | null> {
  const { changes, versions } = await readChanges(tx)
  const kept = [...versions, ...(await readVersions(tx))]
  const standings = turnsOf(changes).at(-1)?.standings ?? new Map()
  const plan = shipPlan(
    rules.map(def => ({ def, hash: hashOf(bodyOf(def)) })),
    kept,
    { standings, changes },
  )
  const told = { author: 'system', reason: 'shipped with this release', at }
  await addVersions(
    tx,
    plan.add.map(({ def, version }) => versionOf(def, { ...told, version })),
  )
  if (plan.moves.length === 0) return null
  const n = changes.length + 1
  const first = changes.length === 0
  const change = { n, activeFrom: first ? 0 : activeFrom, by: told.author, reason: told.reason, at, moves: plan.moves }
  if (!(await addChange(tx, change))) throw new ChangeRace(`change ${n} was made by another process`)
  return change
}
