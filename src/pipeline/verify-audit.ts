import { AUDIT_BUCKET, macOf } from '../modules/access/index.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { type StoredAudit, sealedAuditText } from './audit-sealer.ts'
import * as text from './sql/audit.ts'
import { checkChain, type KnownLink, type StoredChain, type StoredLink, type Tampering } from './verify-chain.ts'

export interface VerifiedAudit {
  readonly links: number
  readonly rows: number
  /** Rows that wait for their place in the chain; on a running system it takes a second. */
  readonly waiting: number
  readonly problems: readonly Tampering[]
}

const PAGE = 1000

/**
 * Recomputes the chain of the audit trail, and the authentication of each row: a row that somebody without the master
 * secret wrote or changed is named, before it was sealed and after. Reads only; safe on a running system.
 */
export async function verifyAudit(
  db: Database,
  sealer: Sealer,
  known: readonly KnownLink[] = [],
): Promise<VerifiedAudit> {
  const problems: Tampering[] = []
  const forged = (row: StoredAudit): void => {
    if (macOf(sealer, row).equals(row.mac)) return
    problems.push(tampering(row.pos, `the entry ${row.id} (${row.verb}) was not written by Andon, or was changed`))
  }
  const trail = trailOf(db, forged, await removedTo(db, sealer))
  const checked = await checkChain(trail, sealer, known)
  const waiting = await checkWaiting(db, forged)
  const { rows } = await db.query<{ what: string; name: string }>(text.AUDIT_STRAYS, [AUDIT_BUCKET])
  for (const { what, name } of rows)
    problems.push(tampering(null, `${what} ${name} was added where nothing is ever written`))
  return { links: checked.links, rows: checked.rows, waiting, problems: [...checked.problems, ...problems] }
}

const tampering = (pos: number | null, what: string): Tampering => ({ chain: 'audit', group: null, n: null, pos, what })

async function checkWaiting(db: Database, forged: (row: StoredAudit) => void): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await db.query<StoredAudit>(text.AUDIT_UNSEALED, [AUDIT_BUCKET, after, PAGE])
    rows.forEach(forged)
    count += rows.length
    if (rows.length < PAGE) return count
    after = rows.at(-1)!.id
  }
}

/** Up to where entries were removed because they were past their time, as far as an entry proves it. */
async function removedTo(db: Database, sealer: Sealer): Promise<number> {
  const { rows } = await db.query<StoredAudit>(text.AUDIT_EXPIRED, [AUDIT_BUCKET])
  const told = rows.filter(row => macOf(sealer, row).equals(row.mac)).map(row => upToIn(row.detail))
  return Math.max(0, ...told)
}

function upToIn(detail: string): number {
  const { after }: { readonly after?: { readonly upTo?: unknown } } = JSON.parse(detail)
  return typeof after?.upTo === 'number' ? after.upTo : 0
}

function trailOf(db: Database, forged: (row: StoredAudit) => void, removedTo: number): StoredChain {
  return {
    chain: 'audit',
    group: null,
    removedTo,
    head: async () => {
      const { rows } = await db.query<{ n: number; pos: number; hash: Buffer }>(text.AUDIT_HEAD, [AUDIT_BUCKET])
      return rows[0] && { n: rows[0].n, nextPos: rows[0].pos, hash: rows[0].hash }
    },
    links: async (after, limit) => (await db.query<StoredLink>(text.AUDIT_LINKS, [AUDIT_BUCKET, after, limit])).rows,
    rows: async (from, to) => {
      const { rows } = await db.query<StoredAudit & { pos: number }>(text.AUDIT_ROWS, [AUDIT_BUCKET, from, to])
      rows.forEach(forged)
      return rows.map(row => ({ pos: row.pos, text: sealedAuditText(row, row.pos), name: `entry ${row.id}` }))
    },
    outside: async pos => {
      type Outside = { behind: number; before: number; pos: number | null }
      return (await db.query<Outside>(text.AUDIT_OUTSIDE, [AUDIT_BUCKET, pos])).rows[0]!
    },
    expected: async () => false,
  }
}
