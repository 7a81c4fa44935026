import type { FactSchema } from '../contract/facts.ts'
import type { References } from '../contract/stream.ts'
import type { Instant } from '../kernel/instant.ts'
import {
  type Change,
  type RuleDef,
  readChanges,
  readVersions,
  type StoredVersion,
  shipRules,
  turnsOf,
} from '../modules/rules/index.ts'
import type { Database } from '../platform/database.ts'
import { type RuleSet, ruleSetOf } from './rule-sets.ts'
import type { Sql } from './sql.ts'

/**
 * Immutable reference data in versions. What a step sees is what was active at its `now`, so that a replay, a late wake
 * and a punctual one decide alike.
 */
export class ReferenceBook {
  private sets: readonly RuleSet[] = []
  private known: { changes: readonly Change[]; versions: ReadonlyMap<string, StoredVersion> } = {
    changes: [],
    versions: new Map(),
  }
  private readonly schema: FactSchema
  private readonly webhooks: boolean
  private cached: { from: Instant; to: Instant; refs: References } | null = null

  constructor(schema: FactSchema, webhooks: boolean) {
    this.schema = schema
    this.webhooks = webhooks
  }

  /** The sets of rules, by the instant from which they stand. */
  get rules(): readonly RuleSet[] {
    return this.sets
  }

  get changes(): readonly Change[] {
    return this.known.changes
  }

  /** The set that stands at `now`; null before the first `refresh`. */
  setAt(now: Instant): RuleSet | null {
    return this.sets.findLast(v => v.activeFrom <= now) ?? this.sets[0] ?? null
  }

  /** The first instant after `after` at which other rules stand; null for none. */
  nextTurn(after: Instant): Instant | null {
    return this.sets.find(set => set.activeFrom > after)?.activeFrom ?? null
  }

  at(now: Instant): References {
    const hit = this.cached
    if (hit && now >= hit.from && now < hit.to) return hit.refs
    const i = this.sets.findLastIndex(v => v.activeFrom <= now)
    const set = this.sets[i] ?? this.sets[0]
    const refs: References = {
      rules: set?.book,
      shadow: set?.shadowBook ?? undefined,
      webhooks: this.webhooks,
    }
    const to = this.sets[i + 1]?.activeFrom ?? Number.POSITIVE_INFINITY
    this.cached = { from: i < 0 ? Number.NEGATIVE_INFINITY : (set?.activeFrom ?? 0), to, refs }
    return refs
  }

  /** Brings the rules of a release in; the first ones hold for all of history. Returns whether anything changed. */
  async publish(db: Database, rules: readonly RuleDef[], activeFrom: Instant): Promise<boolean> {
    return (await shipRules(db, rules, { at: activeFrom, activeFrom })) !== null
  }

  /** Reads the changes that this process does not have yet. */
  async refresh(sql: Sql): Promise<void> {
    const newest = this.known.changes.at(-1)?.n ?? 0
    const { changes: added, versions: old } = await readChanges(sql, newest)
    if (added.length === 0) return
    const versions = new Map(this.known.versions)
    for (const version of [...old, ...(await readVersions(sql))])
      versions.set(`${version.rule}@${version.version}`, version)
    const changes = [...this.known.changes, ...added]
    this.known = { changes, versions }
    const before = new Map(this.sets.map(set => [`${set.activeFrom}:${set.version}`, set]))
    this.sets = turnsOf(changes).map(
      turn => before.get(`${turn.activeFrom}:${turn.n}`) ?? ruleSetOf(turn, versions, this.schema),
    )
    this.cached = null
  }
}
