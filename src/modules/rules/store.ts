import { createHash } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import type { Sql } from '../../platform/database.ts'
import type { Change, Move } from './core-life.ts'
import { bodyOf, UNNAMED_PACK } from './core-ship.ts'
import type { RuleBody, RuleDef } from './types.ts'

/** A version of a rule as it is stored. */
export interface StoredVersion {
  readonly rule: string
  readonly version: number
  readonly pack: string | null
  readonly packVersion: number | null
  readonly author: string
  readonly reason: string
  readonly at: Instant
  /** SHA-256 of the body, hex. */
  readonly hash: string
  readonly body: RuleBody
}

interface VersionRow {
  rule: string
  version: number
  pack: string | null
  pack_version: number | null
  author: string
  reason: string
  at: number
  hash: Buffer
  body: string
}

const COLUMNS = 'rule, version, pack, pack_version, author, reason, at, hash, body'
const ALL = `select ${COLUMNS} from rule_version order by rule, version`
const OF_RULE = `select ${COLUMNS} from rule_version where rule = $1 order by version`
const ADD = `
insert into rule_version (${COLUMNS})
select rule, version, pack, pack_version, author, reason, at, hash, body
from json_to_recordset($1) as x(rule text, version integer, pack text, pack_version integer, author text, reason text,
  at bigint, hash bytea, body json)
on conflict do nothing`
/** Compare-and-set on the digest of what was there: nobody's text is overwritten unseen. */
const REWRITE = `
update rule_version set author = $4, reason = $5, at = $6, hash = $7, body = $8
where rule = $1 and version = $2 and hash = $3`

/** The digest of a body; equal texts have equal ones. */
export const hashOf = (body: RuleBody): string =>
  createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(body)) as Json))
    .digest('hex')

const storedOf = (r: VersionRow): StoredVersion => ({
  rule: r.rule,
  version: r.version,
  pack: r.pack,
  packVersion: r.pack_version,
  author: r.author,
  reason: r.reason,
  at: r.at,
  hash: r.hash.toString('hex'),
  // Safe: only `addVersions` and `rewriteVersion` write it.
  body: JSON.parse(r.body) as RuleBody,
})

export const defOf = ({ rule, version, body }: StoredVersion, stage: RuleDef['stage']): RuleDef => ({
  ...body,
  id: rule,
  version,
  stage,
})

export async function readVersions(sql: Sql, rule?: string): Promise<StoredVersion[]> {
  const query = rule === undefined ? sql.query<VersionRow>(ALL) : sql.query<VersionRow>(OF_RULE, [rule])
  return (await query).rows.map(storedOf)
}

/** Adds versions that are not there yet; returns how many were. */
export async function addVersions(sql: Sql, versions: readonly StoredVersion[]): Promise<number> {
  if (versions.length === 0) return 0
  const rows = versions.map(({ packVersion, hash, ...v }) => ({ ...v, pack_version: packVersion, hash: `\\x${hash}` }))
  return (await sql.query(ADD, [JSON.stringify(rows)])).rowCount
}

/** Overwrites a draft that still is as `expected` (a digest); false when somebody else was quicker. */
export async function rewriteVersion(sql: Sql, version: StoredVersion, expected: string): Promise<boolean> {
  const { rule, author, reason, at, hash, body } = version
  const values = [rule, version.version, `\\x${expected}`, author, reason, at, `\\x${hash}`, JSON.stringify(body)]
  return (await sql.query(REWRITE, values)).rowCount === 1
}

// ---- changes -------------------------------------------------------------------------------------------------------

interface ChangeRow {
  version: number
  active_from: number
  body: string
}

const CHANGES = `
select version, active_from, body from reference where kind = 'rules' and id = 'packs' and version > $1 order by version`
const ADD_CHANGE = `
insert into reference (kind, id, version, active_from, hash, body) values ('rules', 'packs', $1, $2, $3, $4)
on conflict do nothing`

/** What was stored before rules had versions of their own: the whole set, in force as it stands. */
interface OldSet {
  readonly n: number
  readonly activeFrom: Instant
  readonly rules: readonly RuleDef[]
}

export interface ReadChanges {
  readonly changes: readonly Change[]
  /** Versions that are told only by an old set. */
  readonly versions: readonly StoredVersion[]
}

/** All changes after the n-th, oldest first. */
export async function readChanges(sql: Sql, after = 0): Promise<ReadChanges> {
  const { rows } = await sql.query<ChangeRow>(CHANGES, [after])
  const changes: Change[] = []
  const versions: StoredVersion[] = []
  let before: OldSet | null = null
  for (const { version: n, active_from: activeFrom, body } of rows) {
    // Safe: this file wrote it, or a release before this one did.
    const read = JSON.parse(body) as Omit<Change, 'n' | 'activeFrom'> | readonly RuleDef[]
    if (!('moves' in read)) {
      const set: OldSet = { n, activeFrom, rules: read }
      changes.push({ n, activeFrom, by: 'system', reason: 'shipped', at: activeFrom, moves: movesOfSet(set, before) })
      versions.push(...read.map(def => versionOf(def, { author: 'system', reason: 'shipped', at: activeFrom })))
      before = set
    } else changes.push({ ...read, n, activeFrom })
  }
  return { changes, versions }
}

function movesOfSet({ rules }: OldSet, before: OldSet | null): Move[] {
  const here = new Set(rules.map(r => r.id))
  const gone = (before?.rules ?? []).filter(r => !here.has(r.id))
  return [
    ...gone.map(({ id, version }): Move => ({ rule: id, version, to: 'retired' })),
    ...rules.map(({ id, version, stage }): Move => ({ rule: id, version, to: stage })),
  ]
}

/** A shipped rule as a version of its own number. */
export function versionOf(
  def: RuleDef,
  more: { readonly author: string; readonly reason: string; readonly at: Instant; readonly version?: number },
): StoredVersion {
  const body = bodyOf(def)
  const { version = def.version, ...told } = more
  const pack = def.pack ?? UNNAMED_PACK
  return { rule: def.id, version, pack, packVersion: def.version, ...told, hash: hashOf(body), body }
}

/** Adds a change as the n-th; false when there is one of that number already. */
export async function addChange(sql: Sql, { n, activeFrom, ...body }: Change): Promise<boolean> {
  const text = JSON.stringify(body)
  const hash = createHash('sha256').update(text).digest('hex')
  return (await sql.query(ADD_CHANGE, [n, activeFrom, `\\x${hash}`, text])).rowCount === 1
}
