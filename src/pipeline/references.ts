import { createHash } from 'node:crypto'
import { TABLE_USES } from '../contract/api/index.ts'
import type { FactSchema } from '../contract/facts.ts'
import type { References } from '../contract/stream.ts'
import type { CalendarDef } from '../kernel/business-time.ts'
import type { Instant } from '../kernel/instant.ts'
import { canonicalJson, type Json } from '../kernel/json.ts'
import { type BaselineBook, type BaselineVersion, NO_BASELINES } from '../modules/orders/index.ts'
import {
  type Change,
  type RuleDef,
  readChanges,
  readVersions,
  type StoredVersion,
  shipRules,
  turnAt,
  turnsOf,
} from '../modules/rules/index.ts'
import type { Database } from '../platform/database.ts'
import { bookOf, readBaselines } from './baselines.ts'
import { FeedShelf } from './feed-shelf.ts'
import { type RuleSet, ruleSetOf } from './rule-sets.ts'
import { hex, type Sql } from './sql.ts'
import { TableShelf } from './table-shelf.ts'

/** Business calendars from an instant on. */
interface CalendarsVersion {
  readonly version: number
  readonly activeFrom: Instant
  readonly calendars: readonly CalendarDef[]
}

/** What is only ever added to tells by its number whether there is more: one look instead of one for each kind. */
const SHELF = `
select kind, count(*)::int as n, max(version) as newest from reference
where kind in ('rules', 'calendars', 'baselines', 'table') group by kind order by kind`
const CALENDARS = `
select version, active_from, body from reference where kind = 'calendars' and id = 'packs' and version > $1 order by version`
const LATEST_CALENDARS = `
select version, hash from reference where kind = 'calendars' and id = 'packs' order by version desc limit 1`
const ADD_CALENDARS = `
insert into reference (kind, id, version, active_from, hash, body) values ('calendars', 'packs', $1, $2, $3, $4)
on conflict do nothing`

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
  private calendars: readonly CalendarsVersion[] = []
  /** The decision tables of the installation. */
  readonly tables = new TableShelf()
  readonly feeds = new FeedShelf()
  private learned: readonly BaselineVersion[] = []
  /** How long orders stay in their nodes, version by version. */
  baselines: BaselineBook = NO_BASELINES
  private readonly schema: FactSchema
  private readonly webhooks: boolean
  private reading: Promise<void> = Promise.resolve()
  /** The shelf as it was before it was last read. */
  private shelf = ''
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
      triage: set?.tableOf('triage') ?? undefined,
      approval: set?.tableOf('approval') ?? undefined,
      routing: set?.tableOf('routing') ?? undefined,
      baselines: this.baselines,
      feeds: this.feeds,
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

  /** Brings the calendars of a release in, when they differ; the first ones hold for all of history. */
  async publishCalendars(db: Sql, calendars: readonly CalendarDef[], activeFrom: Instant): Promise<void> {
    // Safe: a calendar is data.
    const body = canonicalJson(JSON.parse(JSON.stringify(calendars)) as Json)
    const hash = createHash('sha256').update(body).digest()
    const latest = (await db.query<{ version: number; hash: Buffer }>(LATEST_CALENDARS)).rows[0]
    if (latest ? latest.hash.equals(hash) : calendars.length === 0) return
    await db.query(ADD_CALENDARS, [(latest?.version ?? 0) + 1, latest ? activeFrom : 0, hex(hash), body])
  }

  /** Reads the changes that this process does not have yet; one reading at a time, so that none is added twice. */
  refresh(sql: Sql): Promise<void> {
    const before = this.reading
    this.reading = before.catch(() => {}).then(() => this.read(sql))
    return this.reading
  }

  private async read(sql: Sql): Promise<void> {
    const shelf = JSON.stringify((await sql.query(SHELF)).rows)
    if (shelf === this.shelf) return
    await this.readAdded(sql)
    this.shelf = shelf
  }

  private async readAdded(sql: Sql): Promise<void> {
    const newest = this.known.changes.at(-1)?.n ?? 0
    const { changes: added, versions: old } = await readChanges(sql, newest)
    const calendars = await this.newCalendars(sql)
    await this.refreshBaselines(sql)
    const newTables = await this.tables.refresh(sql)
    if (added.length === 0 && calendars.length === 0 && !newTables) return
    const versions = new Map(this.known.versions)
    const stored = added.length > 0 ? await readVersions(sql) : []
    for (const version of [...old, ...stored]) versions.set(`${version.rule}@${version.version}`, version)
    const changes = [...this.known.changes, ...added]
    this.known = { changes, versions }
    this.calendars = [...this.calendars, ...calendars]
    this.build()
  }

  private async refreshBaselines(sql: Sql): Promise<void> {
    const more = await readBaselines(sql, this.learned.at(-1)?.version ?? 0)
    if (more.length === 0) return
    this.learned = [...this.learned, ...more]
    this.baselines = bookOf(this.learned)
    this.cached = null
  }

  /** Every version of the baselines that this process knows. */
  get baselineVersions(): readonly BaselineVersion[] {
    return this.learned
  }

  private async newCalendars(sql: Sql): Promise<CalendarsVersion[]> {
    const newest = this.calendars.at(-1)?.version ?? 0
    const { rows } = await sql.query<{ version: number; active_from: number; body: string }>(CALENDARS, [newest])
    return rows.map(({ version, active_from: activeFrom, body }) => ({
      version,
      activeFrom,
      // Safe: `publishCalendars` wrote it.
      calendars: JSON.parse(body) as CalendarDef[],
    }))
  }

  /** A set for each instant at which rules or calendars change. */
  private build(): void {
    const { changes, versions } = this.known
    const turns = turnsOf(changes)
    const instants = [...new Set([...turns, ...this.calendars, ...this.tables.turns].map(t => t.activeFrom))].sort(
      (a, b) => a - b,
    )
    const before = new Map(this.sets.map(set => [`${set.activeFrom}:${set.version}`, set]))
    this.sets = instants.flatMap(activeFrom => {
      const turn = turnAt(turns, activeFrom)
      if (turn === null) return []
      const { calendars = [] } = this.calendars.findLast(c => c.activeFrom <= activeFrom) ?? {}
      const known = before.get(`${activeFrom}:${turn.n}`)
      const tables = this.tables.inForce(activeFrom)
      const areSame = known && TABLE_USES.every(use => known.tables[use] === tables[use])
      if (areSame && known.calendars === calendars) return [known]
      const parts = { versions, schema: this.schema, calendars, tables }
      return [ruleSetOf({ ...turn, activeFrom }, parts)]
    })
    this.cached = null
  }
}
