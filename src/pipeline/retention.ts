import { RETAINED, RETENTION, type Retained } from '../contract/retention.ts'
import { bucketsOf, groupOf } from '../kernel/bucket.ts'
import { DAY, HOUR, type Instant, isoOf } from '../kernel/instant.ts'
import { AUDIT_BUCKET, type AuditTrail } from '../modules/access/index.ts'
import { removeAtDoor } from './door.ts'
import { type EraseDeps, eraseStreams } from './erase.ts'
import { removeWaiting, type WaitingMessage } from './erase-loose.ts'
import { DROP_SALTS } from './sql/erase.ts'
import * as text from './sql/retention.ts'
import { jsonRows, type Sql } from './sql.ts'
import { STAYS_KEPT } from './tally.ts'

/** Days by kind; null: for ever. */
export type Kept = { readonly [K in Retained]: number | null }

/** How long the outcome of a command is kept: as long as its key may be sent again, which the API promises. */
export const OUTCOMES_KEPT = 48 * HOUR

export interface RetentionDeps extends EraseDeps {
  readonly audit: AuditTrail
}

/** Rows that went, by kind. */
export type Removed = { readonly [K in Retained | 'outcome']?: number }

const READ = `select kind, days, actor, at from retention`

export interface ChangedRetention {
  readonly kind: string
  readonly days: number | null
  readonly actor: string
  readonly at: Instant
}

export const readRetention = async (sql: Sql): Promise<readonly ChangedRetention[]> =>
  (await sql.query<ChangedRetention>(READ)).rows

const CHANGE = `
insert into retention (kind, days, actor, at) values ($1, $2, $3, $4)
on conflict (kind) do update set days = excluded.days, actor = excluded.actor, at = excluded.at`

export const changeRetention = (sql: Sql, to: ChangedRetention): Promise<unknown> =>
  sql.query(CHANGE, [to.kind, to.days, to.actor, to.at])

/** What holds: what ships, as far as nobody changed it. */
export function keptOf(changed: readonly ChangedRetention[]): Kept {
  const own = new Map(changed.map(c => [c.kind, c.days]))
  // The kinds are the keys: `fromEntries` forgets that.
  return Object.fromEntries(
    RETAINED.map(kind => [kind, own.has(kind) ? own.get(kind)! : RETENTION[kind].usual]),
  ) as unknown as Kept
}

/** Removes what is only needed for a while: outcomes of commands, and stays that the heat map no longer shows. */
export async function tidyPassing(sql: Sql, groups: readonly number[], now: Instant): Promise<number> {
  let removed = 0
  for (const group of groups) {
    removed += await inPages(sql, text.OLD_OUTCOMES, [bucketsOf(group), now - OUTCOMES_KEPT])
    removed += await inPages(sql, text.OLD_STAYS, [bucketsOf(group), now - STAYS_KEPT])
  }
  return removed
}

// So that a first round after years of nothing leaves the machine to others now and then; the next hour goes on.
const MOST_PAGES = 50

async function inPages(sql: Sql, statement: string, values: readonly unknown[]): Promise<number> {
  let removed = 0
  for (let page = 0; page < MOST_PAGES; page++) {
    const { rowCount } = await sql.query(statement, values)
    removed += rowCount
    if (rowCount < text.PAGE) break
  }
  return removed
}

/**
 * Removes what is past its time in the given bucket groups, in pages. For every hour: what has to look at much looks at a
 * part of its buckets each hour, and at all of them in a day.
 */
export async function applyRetention(
  deps: RetentionDeps,
  groups: readonly number[],
  kept: Kept = RETENTION_USUAL,
): Promise<Removed> {
  const now = deps.now()
  const before = (kind: Retained): Instant | null => {
    const days = kept[kind]
    return days === null ? null : now - days * DAY
  }
  const removed: Record<string, number> = {}
  const add = (kind: Retained, count: number): void => {
    if (count > 0) removed[kind] = (removed[kind] ?? 0) + count
  }
  for (const group of groups) {
    const round = { deps, buckets: bucketsOf(group), now }
    for (const kind of ['sent', 'dead'] as const)
      add(kind, await sinceWhen(before(kind), at => inPages(deps.db, text.OLD_MESSAGES, [round.buckets, at, kind])))
    add('quarantine', await sinceWhen(before('quarantine'), at => dropQuarantine(round, at)))
    add('unmatched', await sinceWhen(before('unmatched'), at => dropUnmatched(round, at)))
    add('seen', await sinceWhen(before('seen'), at => dropSeen(round, at)))
    const loose = Math.min(before('unmatched') ?? 0, before('quarantine') ?? 0)
    add('personal', await sinceWhen(before('personal'), at => erasePersons(round, { over: at, loose })))
    add('audit', await sinceWhen(before('audit'), at => inPages(deps.db, text.OLD_ACTS, [round.buckets, at])))
  }
  if (groups.includes(groupOf(AUDIT_BUCKET))) {
    add('audit', await sinceWhen(before('audit'), at => expireAudit(deps, at)))
    add('job', await sinceWhen(before('job'), at => inPages(deps.db, text.OLD_JOBS, [at])))
  }
  return removed
}

const RETENTION_USUAL: Kept = keptOf([])

const sinceWhen = async (at: Instant | null, work: (at: Instant) => Promise<number>): Promise<number> =>
  at === null ? 0 : work(at)

interface Round {
  readonly deps: RetentionDeps
  readonly buckets: readonly number[]
  readonly now: Instant
}

/** The buckets whose turn it is in this hour of the day. */
const turnOf = ({ buckets, now }: Round): readonly number[] =>
  buckets.filter((_, i) => i % 24 === Math.floor(now / HOUR) % 24)

async function dropQuarantine({ deps, buckets }: Round, at: Instant): Promise<number> {
  type Row = { bucket: number; id: string }
  const { rows } = await deps.db.query<Row>(text.OLD_REFUSED, [buckets, at])
  if (rows.length > 0) await deps.db.transaction(tx => removeAtDoor(tx, rows))
  return rows.length + (await inPages(deps.db, text.OLD_THROWN, [buckets, at]))
}

async function dropUnmatched({ deps, buckets, now }: Round, at: Instant): Promise<number> {
  const { rows } = await deps.db.query<WaitingMessage>(text.OLD_WAITING, [buckets, at])
  if (rows.length === 0) return 0
  const packs = await deps.db.transaction(tx => removeWaiting(tx, rows, now))
  deps.offer?.(packs)
  return rows.length
}

async function dropSeen(round: Round, at: Instant): Promise<number> {
  let removed = 0
  for (const bucket of turnOf(round)) removed += (await round.deps.db.query(text.OLD_SEEN, [bucket, at])).rowCount
  return removed
}

interface OldPerson {
  readonly bucket: number
  readonly stream: string
  readonly made_at: Instant
  readonly is_order: boolean
  readonly over: boolean
}

/** Erases the persons of orders that ended long ago, and the salts of messages that are long gone. */
async function erasePersons(
  round: Round,
  before: { readonly over: Instant; readonly loose: Instant },
): Promise<number> {
  const { deps } = round
  let erased = 0
  for (const bucket of turnOf(round)) {
    for (let after = { made_at: -1, stream: '' }; ; ) {
      const values = [bucket, before.over, after.made_at, after.stream]
      const { rows } = await deps.db.query<OldPerson>(text.OLD_PERSONS, values)
      const orders = rows.filter(r => r.over).map(r => ({ bucket, stream: r.stream.replace(/~+$/, '') }))
      const loose = rows.filter(r => /^[uq]-/.test(r.stream) && r.made_at < before.loose)
      await eraseStreams(deps, orders, { id: 'retention', actor: 'system' })
      if (loose.length > 0) await deps.db.query(DROP_SALTS, [jsonRows(loose.map(r => ({ b: bucket, s: r.stream })))])
      erased += orders.length
      if (rows.length < text.PAGE) break
      after = rows.at(-1)!
    }
  }
  return erased
}

/**
 * Removes entries of the audit trail with whole links, and says so in the trail: the links stay, and `verify-ledger` takes
 * missing rows only as far as such an entry, which nobody without the master secret can write, tells of them.
 */
async function expireAudit(deps: RetentionDeps, at: Instant): Promise<number> {
  let removed = 0
  for (let page = 0; page < MOST_PAGES; page++) {
    const count = await deps.db.transaction(async tx => {
      const link = (await tx.query<{ pos_to: number }>(text.OLD_LINK, [AUDIT_BUCKET, at])).rows[0]
      if (!link) return 0
      const after = { upTo: link.pos_to, before: isoOf(at) }
      await deps.audit.recordIn(tx, { actor: 'system' }, { verb: 'audit.expire', after })
      return (await tx.query(text.DROP_AUDIT, [AUDIT_BUCKET, link.pos_to])).rowCount
    })
    removed += count
    if (count === 0) break
  }
  return removed
}
