import type { Instant } from '../../../kernel/instant.ts'
import type { Database, Sql } from '../../../platform/database.ts'
import { isFrozen } from '../core-life.ts'
import { addVersions, hashOf, readChanges, readVersions, rewriteVersion, type StoredVersion } from '../store.ts'
import type { RuleBody } from '../types.ts'
import { ChangeRace, inRace } from './ship.ts'

/** Somebody saved the rule since its text was read. */
export class DraftConflict extends Error {
  readonly code = 'rule_draft_conflict'
}

export interface DraftAsked {
  readonly rule: string
  readonly body: RuleBody
  readonly by: string
  readonly reason: string
  readonly at: Instant
  /** The digest of the newest version that its writer saw; null for a rule that is new. */
  readonly seen: string | null
}

/**
 * Saves a text as a draft: over the newest version while that is a draft of people, else as the next version. The same
 * text again changes nothing.
 * @throws DraftConflict
 */
export function saveDraft(db: Database, asked: DraftAsked): Promise<StoredVersion> {
  return inRace(db, tx => save(tx, asked))
}

async function save(tx: Sql, { rule, body, by, reason, at, seen }: DraftAsked): Promise<StoredVersion> {
  const { changes, versions } = await readChanges(tx)
  const own = [...versions.filter(v => v.rule === rule), ...(await readVersions(tx, rule))]
  const newest = own.at(-1)
  if ((newest?.hash ?? null) !== seen) throw new DraftConflict(`The newest version of ${rule} is not the one you saw.`)
  const hash = hashOf(body)
  if (newest?.hash === hash) return newest
  const text = { rule, pack: null, packVersion: null, author: by, reason, at, hash, body }
  if (newest && newest.pack === null && !isFrozen(newest, changes)) {
    const draft = { ...text, version: newest.version }
    if (!(await rewriteVersion(tx, draft, newest.hash))) throw new ChangeRace(`${rule} was saved by another process`)
    return draft
  }
  const draft = { ...text, version: (newest?.version ?? 0) + 1 }
  if ((await addVersions(tx, [draft])) === 0) throw new ChangeRace(`${rule} was saved by another process`)
  return draft
}
