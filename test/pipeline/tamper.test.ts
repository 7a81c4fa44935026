import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { BUCKETS, groupOf, homeBucketOf } from '../../src/kernel/bucket.ts'
import { HOUR } from '../../src/kernel/instant.ts'
import { knownLinks, readAnchors, takeAnchor } from '../../src/pipeline/anchor.ts'
import { type ChainedRow, ledgerText, linkHash } from '../../src/pipeline/chain.ts'
import { type Tampering, type Verified, type VerifyOptions, verifyLedger } from '../../src/pipeline/verify.ts'
import type { Row, Sql } from '../../src/platform/database.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { TEST_MASTER } from '../support/pipeline.ts'
import { about, openWorld, paid, placed, START } from './world.ts'

const RUNS = { numRuns: process.env.ANDON_FULL === '1' ? 300 : 25 }
const sealer = new Sealer(TEST_MASTER)
const world = await openWorld({ lanes: 2 })

interface LedgerRow extends Row {
  bucket: number
  recorded_month: number
  stream: string
  seq: number
  pos: number
}
interface Link extends Row {
  bucket: number
  n: number
  pos_from: number
  pos_to: number
  at: number
  prev: Buffer
  hash: Buffer
}
let ledger: readonly LedgerRow[] = []
let chain: readonly Link[] = []

before(async () => {
  // Several links in several groups, some of one row and some of many.
  const orders = Array.from({ length: 12 }, (_, i) => `O-${i}`)
  await world.tell(...orders.map(no => placed(no, START)))
  for (const no of orders) await world.tell(paid(no, START, 1), about(no, 'order.confirmed', START))
  await world.pass(2 * HOUR)
  await world.tell(...orders.slice(0, 4).map(no => about(no, 'parcel.delivered', START + HOUR)))
  ledger = await world.rows<LedgerRow>('select * from ledger order by bucket, stream, seq')
  chain = await world.rows<Link>('select * from chain order by bucket, n')
  assert.ok(ledger.length > 60 && chain.length > 20)
})

class Undo extends Error {}

/** Does something to the database, has it verified, and takes it back. Null: the database itself refused it. */
async function verifiedAfter(
  tamper: (tx: Sql) => Promise<unknown>,
  known?: VerifyOptions['known'],
): Promise<Verified | null> {
  let verified: Verified | null = null
  try {
    await world.look.transaction(async tx => {
      await tamper(tx)
      verified = await verifyLedger({ ...world.look, query: tx.query }, sealer, known && { known })
      throw new Undo()
    })
  } catch (error) {
    // A key or a partition that cannot be: the change did not happen.
    const refused = error instanceof Error && 'code' in error && /^23/.test(String(error.code))
    if (!(error instanceof Undo) && !refused) throw error
  }
  return verified
}

/** The changed row is found, in its group, by position or by the link that covers it. */
function assertNamed(verified: Verified | null, at: { group: number; pos?: number; n?: number }, what: string): void {
  if (verified === null) return
  const { problems } = verified as Verified
  const inGroup = problems.filter(p => p.group === at.group)
  assert.ok(inGroup.length > 0, `${what} was not found in group ${at.group}: ${JSON.stringify(problems)}`)
  const link = at.pos === undefined ? at.n : linkOf(at.group, at.pos)?.n
  const near = (p: Tampering) => p.n === null || link === undefined || Math.abs(p.n - link) <= 1
  assert.ok(inGroup.some(near), `${what}: ${JSON.stringify(inGroup)} does not point at link ${link}`)
}
const linkOf = (group: number, pos: number): Link | undefined =>
  chain.find(l => groupOf(l.bucket) === group && l.pos_from <= pos && pos <= l.pos_to)

const key = ({ bucket, recorded_month, stream, seq }: LedgerRow) => [bucket, recorded_month, stream, seq]
const WHERE = 'bucket = $1 and recorded_month = $2 and stream = $3 and seq = $4'
const pick = fc.nat().map(n => ledger[n % ledger.length]!)
const pickLink = fc.nat().map(n => chain[n % chain.length]!)

test('untouched it holds', async () => {
  const verified = await verifyLedger(world.look, sealer)
  assert.deepEqual(verified, { groups: 32, links: chain.length, rows: ledger.length, problems: [] })
})

const OTHER: { readonly [column: string]: string } = {
  bucket: 'case when bucket % 32 = 0 then bucket + 1 else bucket - 1 end',
  recorded_month: 'recorded_month + 1',
  stream: `stream || 'x'`,
  seq: 'seq + 1000',
  pos: 'pos + 1000',
  type: `type || 'x'`,
  v: '(v + 1)::smallint',
  actor: `actor || 'x'`,
  cause: `coalesce(cause || 'x', 'x')`,
  occurred_at: 'occurred_at + 1',
  recorded_at: 'recorded_at - 1',
  known_at: 'known_at + 1',
  body: `overlay(body::text placing ' }' from length(body::text))::json`,
}

for (const [column, value] of Object.entries(OTHER))
  test(`a changed ${column} of any row is found`, async () => {
    await fc.assert(
      fc.asyncProperty(pick, async row => {
        const verified = await verifiedAfter(tx =>
          tx.query(`update ledger set ${column} = ${value} where ${WHERE}`, key(row)),
        )
        if (column !== 'recorded_month') assert.notEqual(verified, null)
        assertNamed(verified, { group: groupOf(row.bucket), pos: row.pos }, column)
      }),
      { numRuns: 3 },
    )
  })

test('the test covers every column of the ledger', () => {
  assert.deepEqual(Object.keys(OTHER).toSorted(), Object.keys(ledger[0]!).toSorted())
})

test('a row that was removed is found', async () => {
  await fc.assert(
    fc.asyncProperty(pick, async row => {
      const verified = await verifiedAfter(tx => tx.query(`delete from ledger where ${WHERE}`, key(row)))
      assertNamed(verified, { group: groupOf(row.bucket), pos: row.pos }, 'a removed row')
      assert.ok(verified!.problems.some(p => p.pos === row.pos && p.what === 'the row is missing'))
    }),
    RUNS,
  )
})

const SWAPPED = ['pos', 'body', 'occurred_at', 'seq', 'stream'] as const
test('two rows that changed places, or values, are found', async () => {
  await fc.assert(
    fc.asyncProperty(pick, pick, fc.constantFrom(...SWAPPED), async (a, b, column) => {
      fc.pre(a !== b && String(a[column]) !== String(b[column]))
      fc.pre(groupOf(a.bucket) === groupOf(b.bucket) || column !== 'pos')
      const verified = await verifiedAfter(async tx => {
        // Through a value that nothing has, since keys are checked row by row.
        const away = column === 'pos' || column === 'seq' ? 900_000 : column === 'occurred_at' ? 1 : '"away"'
        const set = (row: LedgerRow, to: unknown) =>
          tx.query(`update ledger set ${column} = $5 where ${WHERE}`, [...key(row), to])
        await set(a, away)
        await set(b, a[column])
        const moved = column === 'seq' || column === 'stream' ? { ...a, [column]: away } : a
        await set(moved as LedgerRow, b[column])
      })
      assertNamed(verified, { group: groupOf(a.bucket) }, `swapped ${column}`)
    }),
    { ...RUNS, maxSkipsPerRun: 10_000 },
  )
})

const INSERTED: { readonly [what: string]: (row: LedgerRow) => Partial<LedgerRow> } = {
  'at a position that is taken': row => ({ seq: row.seq + 500 }),
  'of a stream of its own': () => ({ stream: 'o-forged' }),
  'behind the last position': row => ({ seq: row.seq + 500, pos: 1_000_000 }),
  'before the first position': row => ({ seq: row.seq + 500, pos: 0 }),
  'at a negative position': row => ({ seq: row.seq + 500, pos: -7 }),
  'in a bucket that there is not': row => ({ bucket: BUCKETS + row.bucket }),
  'in a negative bucket': row => ({ bucket: -1 - row.bucket }),
}
for (const [what, forged] of Object.entries(INSERTED))
  test(`a row that was added ${what} is found`, async () => {
    await fc.assert(
      fc.asyncProperty(pick, async row => {
        const copy = { ...row, ...forged(row) }
        const columns = Object.keys(copy)
        const verified = await verifiedAfter(tx =>
          tx.query(
            `insert into ledger (${columns.join()}) values (${columns.map((_, i) => `$${i + 1}`).join()})`,
            Object.values(copy),
          ),
        )
        assert.ok(verified!.problems.length > 0, JSON.stringify(copy))
      }),
      { numRuns: 3 },
    )
  })

const LINK: { readonly [column: string]: (link: Link) => unknown } = {
  n: link => link.n + 500,
  pos_from: link => link.pos_from - 1,
  pos_to: link => link.pos_to + 1,
  at: link => link.at + 1,
  prev: link => Buffer.from(link.prev).fill(7),
  hash: link => Buffer.from(link.hash).fill(7),
}
for (const [column, value] of Object.entries(LINK))
  test(`a changed ${column} of any link is found`, async () => {
    await fc.assert(
      fc.asyncProperty(pickLink, async link => {
        const verified = await verifiedAfter(tx =>
          tx.query(`update chain set ${column} = $3 where bucket = $1 and n = $2`, [link.bucket, link.n, value(link)]),
        )
        // A link under another number is missed where it was and found where it is.
        const at = { group: groupOf(link.bucket), ...(column !== 'n' && { n: link.n }) }
        assertNamed(verified, at, column)
      }),
      { numRuns: 4 },
    )
  })

test('a link that was removed or added is found', async () => {
  await fc.assert(
    fc.asyncProperty(pickLink, fc.constantFrom('remove', 'append', 'before'), async (link, what) => {
      const verified = await verifiedAfter(tx => {
        if (what === 'remove') return tx.query('delete from chain where bucket = $1 and n = $2', [link.bucket, link.n])
        const n = what === 'append' ? 10_000 : 0
        return tx.query(
          `insert into chain (bucket, n, pos_from, pos_to, at, prev, hash)
           select bucket, $3, pos_from, pos_to, at, prev, hash from chain where bucket = $1 and n = $2`,
          [link.bucket, link.n, n],
        )
      })
      assertNamed(verified, { group: groupOf(link.bucket) }, what)
    }),
    RUNS,
  )
})

test('an end that was cut off, rows and links together, is found', async () => {
  await fc.assert(
    fc.asyncProperty(pickLink, async link => {
      const group = groupOf(link.bucket)
      const verified = await verifiedAfter(async tx => {
        await tx.query('delete from chain where bucket = $1 and n >= $2', [link.bucket, link.n])
        await tx.query('delete from ledger where bucket / 32 = $1 and pos >= $2', [group, link.pos_from])
      })
      assertNamed(verified, { group }, 'a cut end')
      assert.ok(verified!.problems.some(p => /missing at the end/.test(p.what)))
    }),
    RUNS,
  )
})

test('a group whose ledger was removed as a whole is found', async () => {
  const group = groupOf(ledger[0]!.bucket)
  const verified = await verifiedAfter(async tx => {
    await tx.query('delete from chain where bucket / 32 = $1', [group])
    await tx.query('delete from ledger where bucket / 32 = $1', [group])
  })
  assertNamed(verified, { group }, 'an emptied group')
})

test('an end that was replaced by another one with a chain of its own is found', async () => {
  const last = chain.findLast(l => groupOf(l.bucket) === groupOf(chain[0]!.bucket))!
  const verified = await verifiedAfter(async tx => {
    await tx.query('update ledger set actor = $3 where bucket / 32 = $1 and pos = $2', [
      groupOf(last.bucket),
      last.pos_to,
      'user:mallory',
    ])
    const { rows } = await tx.query<ChainedRow>(
      'select * from ledger where bucket / 32 = $1 and pos between $2 and $3 order by pos',
      [groupOf(last.bucket), last.pos_from, last.pos_to],
    )
    // As one would who knows how links are made, and not the master secret.
    const hash = linkHash(new Sealer(Buffer.alloc(32, 9)), 'ledger chain', {
      ...{ head: last, prev: last.prev, rows: rows.map(ledgerText) },
    })
    await tx.query('update chain set hash = $3 where bucket = $1 and n = $2', [last.bucket, last.n, hash])
    await tx.query('update position set chain_hash = $2 where bucket = $1', [last.bucket, hash])
  })
  assertNamed(verified, { group: groupOf(last.bucket) }, 'a forged end')
})

test('a head that is gone, or says something else than the last link, is found', async () => {
  const group = groupOf(chain[0]!.bucket)
  for (const change of [
    'delete from position where bucket = $1',
    'update position set next_pos = next_pos + 1 where bucket = $1',
    'update position set next_pos = next_pos - 1 where bucket = $1',
    'update position set chain_n = chain_n + 1 where bucket = $1',
    'update position set chain_hash = sha256(chain_hash) where bucket = $1',
  ])
    assertNamed(await verifiedAfter(tx => tx.query(change, [homeBucketOf(group)])), { group }, change)
})

test('links that span what nobody wrote are named without reading the world into memory', async () => {
  for (const [column, value] of [
    ['pos_to', Number.MAX_SAFE_INTEGER],
    ['pos_from', Number.MIN_SAFE_INTEGER],
    ['pos_to', 900_000_000],
    ['pos_to', -5],
  ] as const) {
    const link = chain[3]!
    const set = `update chain set ${column} = $3 where bucket = $1 and n = $2`
    const verified = await verifiedAfter(tx => tx.query(set, [link.bucket, link.n, value]))
    assertNamed(verified, { group: groupOf(link.bucket), n: link.n }, `${column} ${value}`)
    assert.ok(verified!.problems.length < 10, JSON.stringify(verified!.problems))
  }
})

test('an end that was cut off together with its head needs an anchor that was kept outside, and so does a chain that was written anew', async () => {
  const anchor = await takeAnchor(world.look, sealer, START)
  const known = (group: number) => knownLinks([anchor], 'ledger', group)
  assert.deepEqual((await verifyLedger(world.look, sealer, { known })).problems, [])
  const last = chain.findLast(l => l.n > 1)!
  const group = groupOf(last.bucket)
  const cut = async (tx: Sql): Promise<void> => {
    await tx.query('delete from chain where bucket = $1 and n = $2', [last.bucket, last.n])
    await tx.query('delete from ledger where bucket / 32 = $1 and pos >= $2', [group, last.pos_from])
    const head = [last.bucket, last.pos_from, last.n - 1, last.prev]
    await tx.query('update position set next_pos = $2, chain_n = $3, chain_hash = $4 where bucket = $1', head)
  }
  const rewrite = async (tx: Sql): Promise<void> => {
    const where = [group, last.pos_from, last.pos_to]
    await tx.query(`update ledger set actor = 'user:mallory' where bucket / 32 = $1 and pos between $2 and $3`, where)
    const text = 'select * from ledger where bucket / 32 = $1 and pos between $2 and $3 order by pos'
    const rows = (await tx.query<ChainedRow>(text, where)).rows.map(ledgerText)
    // With the master secret itself.
    const hash = linkHash(sealer, 'ledger chain', { head: last, prev: last.prev, rows })
    await tx.query('update chain set hash = $3 where bucket = $1 and n = $2', [last.bucket, last.n, hash])
    await tx.query('update position set chain_hash = $2 where bucket = $1', [last.bucket, hash])
  }
  for (const [tamper, what] of [
    [cut, /the end was cut off/],
    [rewrite, /not the one that the anchor/],
  ] as const) {
    assert.deepEqual((await verifiedAfter(tamper))?.problems, [], 'the database alone does not tell')
    const { problems } = (await verifiedAfter(tamper, known))!
    assert.deepEqual([problems.length, problems[0]?.group, problems[0]?.n], [1, group, last.n])
    assert.match(problems[0]!.what, what)
  }
})

test('an anchor counts only as it was signed, and in its own world', async () => {
  const anchor = await takeAnchor(world.look, sealer, START)
  const read = (text: string, by = sealer) => readAnchors(text, by)
  const good = read(`${JSON.stringify(anchor)}\n\n${JSON.stringify(anchor)}\n`)
  assert.ok('anchors' in good && good.anchors.length === 2)
  const changed = { ...anchor, links: anchor.links.with(0, { ...anchor.links[0]!, n: anchor.links[0]!.n + 1 }) }
  const wrong: [string, RegExp, Sealer?][] = [
    [JSON.stringify(changed), /line 1 was changed/],
    [JSON.stringify({ ...anchor, at: '2026-01-01T00:00:00.000Z' }), /line 1 was changed/],
    [JSON.stringify({ ...anchor, signature: anchor.key }), /line 1 was changed/],
    [JSON.stringify(anchor), /another master key/, new Sealer(Buffer.alloc(32, 9))],
    ['{"andon":"anchor"', /line 1 is no anchor/],
    ['\n', /no anchor in it/],
  ]
  for (const [text, why, by] of wrong) {
    const said = read(text, by)
    assert.match('wrong' in said ? said.wrong : 'it was taken', why)
  }
})

test('a running system is verified without false alarms', async () => {
  const flow = (async () => {
    for (let i = 0; i < 30; i++) await world.send([placed(`run-${i}`, START), paid(`run-${i}`, START)])
  })()
  for (let i = 0; i < 6; i++) assert.deepEqual((await verifyLedger(world.look, sealer)).problems, [])
  await flow
  await world.pipeline.drained()
})
