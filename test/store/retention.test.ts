import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { BUCKETS, bucketOf, GROUPS, homeBucketOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { AuditTrail } from '../../src/modules/access/index.ts'
import { sealAudit } from '../../src/pipeline/audit-sealer.ts'
import { doorOwner, keepAtDoor } from '../../src/pipeline/door.ts'
import { applyRetention, keptOf, OUTCOMES_KEPT, tidyPassing } from '../../src/pipeline/retention.ts'
import { ensureSalts, loadSalts } from '../../src/pipeline/salts.ts'
import { verifyAudit } from '../../src/pipeline/verify-audit.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { connect } from '../../src/platform/database.ts'
import { pooledRandom, uuidMaker } from '../../src/platform/ids.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { lintSql } from '../support/sql-lint.ts'

const owned = await testDatabase()
const db = await connect({ connection: owned.connection })
const emitted = new Set<string>()
db.onQuery(text => emitted.add(text))
const look = await connect({ connection: owned.connection, poolSize: 1 })
after(async () => {
  await db.close()
  await look.close()
  await owned.drop()
  assert.deepEqual(
    [...emitted].flatMap(text => lintSql(text).map(p => `${p.message}: ${text}`)),
    [],
  )
})

const NOW = Date.UTC(2026, 0, 20)
const sealer = new Sealer(Buffer.alloc(32, 7))
let now = NOW
const newId = uuidMaker({ clock: systemClock, random: pooledRandom() })
const audit = new AuditTrail({ db, sealer, newId, now: () => now })
const deps = { db, sealer, audit, now: () => now }
const USUAL = keptOf([])
const ALL = Array.from({ length: GROUPS }, (_, group) => group)
beforeEach(() => {
  now = NOW
})

/** A whole day of hourly rounds. */
async function day(kept = USUAL, groups = ALL): Promise<Record<string, number>> {
  const total: Record<string, number> = {}
  for (let hour = 0; hour < 24; hour++) {
    now = NOW + hour * HOUR
    for (const [kind, n] of Object.entries(await applyRetention(deps, groups, kept)))
      total[kind] = (total[kind] ?? 0) + n
  }
  return total
}
const ids = async (table: string, column: string) =>
  (await look.query<{ id: string }>(`select ${column} as id from ${table} order by 1`)).rows.map(r => r.id)

test('outcomes live as long as their keys may be sent again, and only those of the own groups go', async () => {
  const outcome = (id: string, at: number, bucket = 0) =>
    look.query(
      `insert into outcome (bucket, command_id, status, stream, version, at, body, request) values ($1, $2, 200, 's', 1, $3, '{}', '')`,
      [bucket, id, at],
    )
  await outcome('old', NOW - OUTCOMES_KEPT - 1)
  await outcome('just kept', NOW - OUTCOMES_KEPT)
  await outcome('old elsewhere', NOW - OUTCOMES_KEPT - 1, homeBucketOf(7))
  await look.query(
    `insert into outcome (bucket, command_id, status, stream, version, at, body, request)
     select 3, 'many-' || i, 200, 's', 1, $1, '{}', '' from generate_series(1, 5003) as i`,
    [NOW - OUTCOMES_KEPT - HOUR],
  )
  assert.equal(await tidyPassing(db, [0, 1], NOW), 5004)
  assert.equal(await tidyPassing(db, [0, 1], NOW), 0)
  assert.deepEqual(await ids('outcome', 'command_id'), ['just kept', 'old elsewhere'])
})

test('messages that left or could not, ids that came, jobs that are over: each goes in its own time', async () => {
  const message = (id: string, status: string, days: number, bucket = 0) =>
    look.query(
      `insert into outbox (bucket, id, stream, channel, type, status, attempts, next_at, created_at, body)
       values ($1, $2, 's', 'webhook', 't', $3, 1, 0, $4, '{}')`,
      [bucket, id, status, NOW - days * DAY],
    )
  await message('sent old', 'sent', 8)
  await message('sent new', 'sent', 6)
  await message('sent old elsewhere', 'sent', 99, homeBucketOf(7))
  await message('dead old', 'dead', 91)
  await message('dead new', 'dead', 80)
  await message('waiting old', 'waiting', 999)
  const seen = (n: number, days: number) =>
    look.query(`insert into seen (bucket, digest, body_hash, at) values ($1, $2, $2, $3)`, [
      ...[n % BUCKETS, Buffer.from(`seen-${days}-${n}`), NOW - days * DAY],
    ])
  for (let n = 0; n < 64; n++) {
    await seen(n, 402)
    await seen(n, 390)
  }
  const job = (id: string, status: string, days: number | null) =>
    look.query(
      `insert into job (id, kind, status, actor, params, progress, created_at, updated_at, ended_at)
       values ($1, 'k', $2, 'a', '{}', '{}', 0, 0, $3)`,
      [id, status, days === null ? null : NOW - days * DAY],
    )
  await job('over', 'done', 91)
  await job('lately', 'done', 80)
  await job('running', 'running', null)
  const groups = [0, 1]
  assert.deepEqual(await day(USUAL, groups), { sent: 1, dead: 1, seen: 64, job: 1 })
  assert.deepEqual(await day(USUAL, groups), {})
  assert.deepEqual(await ids('outbox', 'id'), ['dead new', 'sent new', 'sent old elsewhere', 'waiting old'])
  assert.deepEqual(await ids('job', 'id'), ['lately', 'running'])
  assert.equal((await look.query('select 1 from seen')).rowCount, 64)
})

test('for ever is for ever, and what somebody changed counts', async () => {
  const changed = keptOf([{ kind: 'sent', days: null, actor: 'a', at: 1 }])
  assert.deepEqual([changed.sent, changed.dead], [null, USUAL.dead])
  await look.query(`update outbox set created_at = 0 where bucket >= 0`)
  assert.deepEqual(await day({ ...changed, dead: null, personal: null }), {})
  assert.equal((await day({ ...USUAL, sent: 1, dead: 1 })).sent, 2)
})

test('quarantine and messages without an order go with their salts; the feed hears of it', async () => {
  const refused = (text: string) => ({ source: 's', type: 't', code: 'c', error: {}, text })
  now = NOW - 91 * DAY
  const [old] = await keepAtDoor(db, deps, [refused('"old"')])
  now = NOW - 80 * DAY
  const [kept] = await keepAtDoor(db, deps, [refused('"kept"')])
  await look.query(
    `insert into quarantine (bucket, id, stage, source, type, stream, code, error, at, status, row)
     values (0, 'thrown', 'step', 's', 't', 'o-1', 'c', '{}', $1, 'open', '{}')`,
    [NOW - 91 * DAY],
  )
  const waiting = (id: string, days: number, bucket: number, main = true) =>
    look.query(
      `insert into unmatched (bucket, kind, value, id, main, keys, feed, type, v, actor, occurred_at, recorded_at, known_at,
         historical, until, body)
       values ($1, 'order_no', $2, $2, $4, '[]', 'shop', 't', 1, 'feed:shop', 0, $3, 0, false, 5, '{}')`,
      [bucket, id, NOW - days * DAY, main],
    )
  await waiting('w1.00', 31, 5)
  await waiting('w2.00', 20, 5)
  assert.deepEqual(await day(), { quarantine: 2, unmatched: 1 })
  assert.deepEqual(await ids('quarantine', 'id'), [kept])
  assert.deepEqual(await ids('unmatched', 'id'), ['w2.00'])
  const owners = [old!, kept!].map(id => ({ bucket: bucketOf(id), stream: doorOwner(id) }))
  assert.deepEqual([...(await loadSalts(db, owners)).keys()], [doorOwner(kept!)])
  const mail = await look.query<{ body: string }>('select body from intake')
  assert.match(mail.rows.map(r => r.body).join(), /feed\.message_dropped/)
  await look.query('truncate intake')
})

test('the person of an order goes when the order has been over for so long; one that is worked on keeps its own', async () => {
  const order = async (name: string, more: { days: number; open: boolean; made?: number }) => {
    const stream = `o-${name}`
    const bucket = bucketOf(stream)
    const at = NOW - more.days * DAY
    await look.query(
      `insert into order_row (bucket, stream, version, status, cancelled, open, total, paid, line_count, units, open_cases,
         historical, customer_masked, last_event_at, updated_at, nodes, touched)
       values ($1, $2, 1, 'placed', false, $3, 0, 0, 0, 0, 0, false, 'A***', $4, $4, '{}', false)`,
      [bucket, stream, more.open, at],
    )
    await ensureSalts(db, [{ bucket, stream }], NOW - (more.made ?? more.days) * DAY)
    await look.query(`insert into search_row (bucket, stream, grams) values ($1, $2, '{~abc,=c-1}')`, [bucket, stream])
    return { bucket, stream }
  }
  const all = [
    await order('old', { days: 1100, open: false }),
    await order('open', { days: 1100, open: true }),
    await order('new', { days: 1000, open: false }),
    await order('revived', { days: 10, open: false, made: 1100 }),
  ]
  const parked = { bucket: bucketOf('u-gone'), stream: 'u-gone' }
  const later = { bucket: all[0]!.bucket, stream: 'o-old~' }
  await ensureSalts(db, [parked, later], NOW - 1100 * DAY)
  assert.equal((await day()).personal, 2)
  const salts = await loadSalts(db, [...all, parked, later])
  assert.deepEqual(
    [...all, later].map(s => salts.get(s.stream) === null),
    [true, false, false, false, true],
  )
  assert.ok(!salts.has('u-gone'))
  const rows = await look.query<{ stream: string }>(
    `select stream from order_row where erased and customer_masked is null`,
  )
  assert.deepEqual(rows.rows, [{ stream: 'o-old' }])
  const found = await look.query<{ stream: string }>(
    `select stream from search_row where '~abc' = any(grams) order by 1`,
  )
  assert.deepEqual(
    found.rows.map(r => r.stream),
    ['o-new', 'o-open', 'o-revived'],
  )
  assert.match(
    (await look.query<{ body: string }>('select body from intake')).rows.map(r => r.body).join(),
    /person\.erased/,
  )
  assert.equal((await day()).personal ?? 0, 0)
})

test('entries of the trail go with whole links, the chain can still be proven, and nobody else may do that', async () => {
  await look.query('truncate audit')
  for (const days of [2000, 1999, 1900, 100, 0]) {
    now = NOW - days * DAY
    for (let i = 0; i < 3; i++) await audit.record({ actor: 'user:anna' }, { verb: 'role.change', after: { days, i } })
    await sealAudit(db, sealer, () => now)
  }
  assert.equal((await day()).audit, 9)
  await sealAudit(db, sealer, () => now)
  const left = await look.query<{ verb: string; detail: string }>('select verb, detail from audit order by pos')
  assert.deepEqual(
    left.rows.map(r => r.verb),
    [...Array.from({ length: 6 }, () => 'role.change'), 'audit.expire'],
  )
  assert.deepEqual((await verifyAudit(look, sealer)).problems, [])
  // What an entry does not prove is missed, and an entry that nobody wrote proves nothing.
  await look.query('delete from audit where pos between 10 and 12')
  assert.equal((await verifyAudit(look, sealer)).problems.filter(p => p.what === 'the row is missing').length, 3)
  await look.query(
    `update audit set detail = replace(detail::text, '"upTo":9', '"upTo":12')::json where verb = 'audit.expire'`,
  )
  const { problems } = await verifyAudit(look, sealer)
  assert.ok(problems.some(p => /was not written by Andon, or was changed/.test(p.what)))
  assert.ok(problems.some(p => p.pos === 10 && p.what === 'the row is missing'))
})
