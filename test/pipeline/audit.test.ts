import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AuditTrail, macOf } from '../../src/modules/access/index.ts'
import { knownLinks, takeAnchor } from '../../src/pipeline/anchor.ts'
import { type StoredAudit, sealAudit, sealedAuditText } from '../../src/pipeline/audit-sealer.ts'
import { linkHash } from '../../src/pipeline/chain.ts'
import { type VerifiedAudit, verifyAudit } from '../../src/pipeline/verify-audit.ts'
import type { KnownLink, StoredLink } from '../../src/pipeline/verify-chain.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Sql } from '../../src/platform/database.ts'
import { pooledRandom, uuidMaker } from '../../src/platform/ids.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { loadDeps, openWorld, START, until } from './world.ts'

const world = await openWorld()
const { sealer } = loadDeps()
const newId = uuidMaker({ clock: systemClock, random: pooledRandom() })
const trail = new AuditTrail({ db: world.db, sealer, now: () => START, newId })
const waiting = async () => (await world.rows('select id from audit where bucket = 0 and pos is null')).length
const sealed = () => until(async () => (await waiting()) === 0)

const ANNA = { actor: 'user:anna', behalf: 'user:ben', address: '10.0.0.7', agent: 'Firefox', request: 'r-1' }
const change = (id: string) => ({
  ...{ verb: 'role.change', subject: { kind: 'role', id }, code: 'none' },
  ...{ before: { rights: ['a'] }, after: { rights: ['a', 'b'] } },
})

/** Several links of one row and of many. */
async function written(): Promise<void> {
  for (const size of [1, 3, 1, 4]) {
    for (let i = 0; i < size; i++) await trail.record(ANNA, change(`${size}-${i}`))
    await sealed()
  }
}
await written()

class Undo extends Error {}

async function verifiedAfter(
  tamper: (tx: Sql) => Promise<unknown>,
  known: readonly KnownLink[] = [],
): Promise<VerifiedAudit> {
  let verified: VerifiedAudit | null = null
  const undone = world.look.transaction(async tx => {
    await tamper(tx)
    verified = await verifyAudit({ ...world.look, query: tx.query }, sealer, known)
    throw new Undo()
  })
  await assert.rejects(undone, Undo)
  return verified!
}

const rows = await world.rows<StoredAudit & { pos: number }>('select * from audit order by pos')
const links = await world.rows<StoredLink>('select * from audit_link order by n')
const linkOf = (pos: number): StoredLink => links.find(l => l.pos_from <= pos && pos <= l.pos_to)!

test('what is written is sealed by itself, in order, and holds', async () => {
  assert.equal(rows.length, 9)
  assert.deepEqual(
    rows.map(r => r.pos),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  assert.deepEqual(
    rows.map(r => r.subject_id),
    ['1-0', '3-0', '3-1', '3-2', '1-0', '4-0', '4-1', '4-2', '4-3'],
  )
  const verified = await verifyAudit(world.look, sealer)
  assert.deepEqual(verified, { links: links.length, rows: 9, waiting: 0, problems: [] })
})

const OTHER: { readonly [column: string]: string } = {
  bucket: 'bucket + 1',
  id: `id || 'x'`,
  pos: 'pos + 1000',
  at: 'at + 1',
  actor: `actor || 'x'`,
  behalf: 'null',
  address: `'10.0.0.8'`,
  agent: 'null',
  verb: `verb || 'x'`,
  subject_kind: 'null',
  subject_id: `'other'`,
  outcome: `'refused'`,
  code: 'null',
  request: 'null',
  times: 'times + 1',
  detail: `overlay(detail::text placing ' }' from length(detail::text))::json`,
  mac: 'sha256(mac)',
}

for (const [column, value] of Object.entries(OTHER))
  test(`a changed ${column} of any row is named`, async () => {
    for (const row of [rows[0]!, rows[2]!, rows.at(-1)!]) {
      const { problems } = await verifiedAfter(tx =>
        tx.query(`update audit set ${column} = ${value} where bucket = 0 and id = $1`, [row.id]),
      )
      const { n } = linkOf(row.pos)
      assert.ok(
        problems.some(p => p.chain === 'audit' && (p.pos === row.pos || p.n === n)),
        `${column} of position ${row.pos}: ${JSON.stringify(problems)}`,
      )
    }
  })

test('the test covers every column', () => {
  assert.deepEqual(Object.keys(OTHER).toSorted(), Object.keys(rows[0]!).toSorted())
})

test('a row that was removed, and two that changed places, are named', async () => {
  for (const row of rows) {
    const { problems } = await verifiedAfter(tx => tx.query('delete from audit where bucket = 0 and id = $1', [row.id]))
    assert.ok(problems.some(p => p.pos === row.pos && p.what === 'the row is missing'))
  }
  const { problems } = await verifiedAfter(async tx => {
    const move = (id: string, pos: number | null) => tx.query('update audit set pos = $2 where id = $1', [id, pos])
    await move(rows[6]!.id, null)
    await move(rows[7]!.id, 7)
    await move(rows[6]!.id, 8)
  })
  assert.ok(problems.some(p => p.n === linkOf(7).n))
})

const COPY = `insert into audit select bucket, 'forged', POS, at, actor, behalf, address, agent, verb, subject_kind, subject_id,
  outcome, code, request, times, detail, mac from audit where bucket = 0 and id = $1`
test('a row that somebody added is named before it is sealed and after', async () => {
  for (const pos of ['null', '1000', '0', '-4']) {
    const { problems } = await verifiedAfter(tx => tx.query(COPY.replace('POS', pos), [rows[3]!.id]))
    assert.ok(problems.length > 0, `at position ${pos}`)
  }
  const taken = await verifiedAfter(async tx => {
    await tx.query(COPY.replace('POS', 'null'), [rows[3]!.id])
    await sealAudit({ ...world.look, query: tx.query, transaction: work => work(tx) }, sealer, () => START)
  })
  assert.deepEqual(
    taken.problems.map(p => [p.pos, p.what]),
    [[10, 'the entry forged (role.change) was not written by Andon, or was changed']],
  )
})

test('a changed, removed or added link is named, and so is a head that was moved', async () => {
  const changes = ['n = n + 500', 'pos_from = pos_from - 1', 'pos_to = pos_to + 1', 'at = at + 1']
  for (const set of [...changes, 'prev = sha256(prev)', 'hash = sha256(hash)'])
    for (const link of links) {
      const { problems } = await verifiedAfter(tx =>
        tx.query(`update audit_link set ${set} where bucket = 0 and n = $1`, [link.n]),
      )
      assert.ok(problems.length > 0, `${set} of link ${link.n}`)
    }
  for (const text of [
    'delete from audit_link where bucket = 0 and n = 2',
    'delete from audit_head where bucket = 0',
    'update audit_head set n = n + 1 where bucket = 0',
    'update audit_head set pos = pos + 1 where bucket = 0',
    'update audit_head set hash = sha256(hash) where bucket = 0',
    'insert into audit_link select 3, n, pos_from, pos_to, at, prev, hash from audit_link where n = 1',
  ])
    assert.ok((await verifiedAfter(tx => tx.query(text))).problems.length > 0, text)
})

test('an end that was cut off with its head, and a link that was made anew, need an anchor', async () => {
  const anchor = await takeAnchor(world.look, sealer, START)
  const known = knownLinks([anchor], 'audit', null)
  assert.deepEqual((await verifyAudit(world.look, sealer, known)).problems, [])
  const last = links.at(-1)!
  const cut = async (tx: Sql): Promise<void> => {
    await tx.query('delete from audit where pos >= $1', [last.pos_from])
    await tx.query('delete from audit_link where n = $1', [last.n])
    await tx.query('update audit_head set n = $1, pos = $2, hash = $3', [last.n - 1, last.pos_from, last.prev])
  }
  const anew = async (tx: Sql): Promise<void> => {
    const kept = rows.filter(r => r.pos >= last.pos_from)
    const changed = { ...kept[0]!, actor: 'user:mallory' }
    const mac = macOf(sealer, changed)
    await tx.query('update audit set actor = $2, mac = $3 where id = $1', [changed.id, changed.actor, mac])
    const texts = kept.with(0, { ...changed, mac }).map(r => sealedAuditText(r, r.pos))
    const hash = linkHash(sealer, 'audit chain', { head: last, prev: last.prev, rows: texts })
    await tx.query('update audit_link set hash = $2 where n = $1', [last.n, hash])
    await tx.query('update audit_head set hash = $1', [hash])
  }
  for (const tamper of [cut, anew]) {
    assert.deepEqual((await verifiedAfter(tamper)).problems, [], 'the database alone does not tell')
    assert.equal((await verifiedAfter(tamper, known)).problems[0]?.n, last.n)
  }
})

test('without the master secret no row can be made that holds', async () => {
  const other = new Sealer(Buffer.alloc(32, 9))
  const { problems } = await verifiedAfter(async tx => {
    const forged = { ...rows[3]!, id: 'forged' }
    await tx.query(COPY.replace('POS', 'null'), [rows[3]!.id])
    await tx.query('update audit set mac = $1 where id = $2', [macOf(other, forged), 'forged'])
  })
  assert.match(problems[0]?.what ?? '', /was not written by Andon/)
})

test('any number of sealers seal each row once', async () => {
  const before = (await verifyAudit(world.look, sealer)).rows
  await Promise.all(Array.from({ length: 20 }, (_, i) => trail.record(ANNA, change(`many-${i}`))))
  await Promise.all(Array.from({ length: 6 }, () => sealAudit(world.db, sealer, () => START)))
  await sealed()
  const verified = await verifyAudit(world.look, sealer)
  assert.deepEqual([verified.problems, verified.rows, verified.waiting], [[], before + 20, 0])
})

test('the node that takes over seals what was written meanwhile', async () => {
  const other = await world.node({ node: 'n2' })
  await world.pipeline.stop()
  await trail.record(ANNA, change('after'))
  await sealed()
  assert.deepEqual((await verifyAudit(world.look, sealer)).problems, [])
  await other.pipeline.stop()
})
