import { createHash } from 'node:crypto'
import type { FactSchema } from '../contract/facts.ts'
import type { References } from '../contract/stream.ts'
import type { Instant } from '../kernel/instant.ts'
import { canonicalJson, type Json } from '../kernel/json.ts'
import { compileBook, type RuleBook, type RuleDef } from '../modules/rules/index.ts'
import { hex, type Sql } from './sql.ts'

/** A version of the rule set and from when it is in force. */
export interface RulesVersion {
  readonly version: number
  readonly activeFrom: Instant
  readonly book: RuleBook
}

const LATEST = `select version, hash from reference where kind = 'rules' and id = 'packs' order by version desc limit 1`
const ALL = `select version, active_from, body from reference where kind = 'rules' and id = 'packs' order by version`
const ADD = `
insert into reference (kind, id, version, active_from, hash, body) values ('rules', 'packs', $1, $2, $3, $4)
on conflict do nothing`

/**
 * Immutable reference data in versions. What a step sees is what was active at its `now`, so that a replay, a late wake
 * and a punctual one decide alike.
 */
export class ReferenceBook {
  private versions: readonly RulesVersion[] = []
  private readonly schema: FactSchema
  private readonly webhooks: boolean
  private cached: { from: Instant; to: Instant; refs: References } | null = null

  constructor(schema: FactSchema, webhooks: boolean) {
    this.schema = schema
    this.webhooks = webhooks
  }

  get rules(): readonly RulesVersion[] {
    return this.versions
  }

  at(now: Instant): References {
    const hit = this.cached
    if (hit && now >= hit.from && now < hit.to) return hit.refs
    const i = this.versions.findLastIndex(v => v.activeFrom <= now)
    const version = this.versions[i] ?? this.versions[0]
    const refs: References = { rules: version?.book, webhooks: this.webhooks }
    const to = this.versions[i + 1]?.activeFrom ?? Number.POSITIVE_INFINITY
    this.cached = { from: version?.activeFrom ?? Number.NEGATIVE_INFINITY, to, refs }
    return refs
  }

  /** Stores the rule set as a new version when it differs from the newest; the first one holds for all of history. */
  async publish(sql: Sql, rules: readonly RuleDef[], activeFrom: Instant): Promise<void> {
    const body = canonicalJson(rules as unknown as Json)
    const hash = createHash('sha256').update(body).digest()
    const latest = (await sql.query<{ version: number; hash: Buffer }>(LATEST)).rows[0]
    if (latest?.hash.equals(hash)) return
    await sql.query(ADD, [(latest?.version ?? 0) + 1, latest ? activeFrom : 0, hex(hash), body])
  }

  /** Reads the versions that this process does not have yet. */
  async refresh(sql: Sql): Promise<void> {
    const { rows } = await sql.query<{ version: number; active_from: number; body: string }>(ALL)
    const known = new Map(this.versions.map(v => [v.version, v]))
    this.versions = rows.map(
      r =>
        known.get(r.version) ?? {
          version: r.version,
          activeFrom: r.active_from,
          book: compileBook(JSON.parse(r.body) as RuleDef[], this.schema),
        },
    )
    this.cached = null
  }
}
