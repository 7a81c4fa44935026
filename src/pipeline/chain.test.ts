import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Sealer } from '../platform/seal.ts'
import { type ChainedRow, GENESIS, type LinkHead, ledgerText, linkHash } from './chain.ts'

const ROW: ChainedRow = {
  ...{ bucket: 3, recorded_month: 24312, stream: 'o-1', seq: 1, pos: 7, type: 'order.placed', v: 1 },
  ...{ actor: 'feed:shop', cause: 'row-1', occurred_at: 1, recorded_at: 2, known_at: 3, body: '{"a":1}' },
}

const row: fc.Arbitrary<ChainedRow> = fc.record({
  bucket: fc.nat(1023),
  recorded_month: fc.nat(30_000),
  stream: fc.string({ minLength: 1 }),
  seq: fc.nat(),
  pos: fc.nat(),
  type: fc.string({ minLength: 1 }),
  v: fc.nat(9),
  actor: fc.string(),
  cause: fc.option(fc.string({ minLength: 1 })),
  occurred_at: fc.nat(),
  recorded_at: fc.nat(),
  known_at: fc.nat(),
  body: fc.json(),
})

const MASTER = Buffer.alloc(32, 7)
const sealer = new Sealer(MASTER)
const HEAD: LinkHead = { n: 1, pos_from: 7, pos_to: 8, at: 9 }
const hashOf = (rows: readonly ChainedRow[], head = HEAD, prev: Uint8Array = GENESIS): Buffer =>
  linkHash(sealer, 'ledger chain', { head, prev, rows: rows.map(ledgerText) })

describe('chain', () => {
  test('a link covers exactly these bytes, under a key of its own: frozen, because stored chains depend on it', () => {
    const text =
      '[1,7,8,9]{"b":3,"m":24312,"s":"o-1","q":1,"p":7,"t":"order.placed","v":1,"a":"feed:shop","c":"row-1",' +
      '"o":1,"r":2,"k":3,"j":{"a":1}}'
    const key = createHmac('sha256', MASTER).update('andon ledger chain v1').digest()
    const digest = createHash('sha256').update(GENESIS).update(text).digest()
    assert.deepEqual(hashOf([ROW]), createHmac('sha256', key).update(digest).digest())
    assert.equal(
      hashOf([ROW, { ...ROW, pos: 8, cause: null }]).toString('hex'),
      'd9141d49556ae295e1bd5e0d443d55dd216ed7d823d90666df367aad284829b0',
    )
  })

  test('any other value of any column of any row gives another hash', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.nat(), row, (rows, at, other) => {
        const hash = hashOf(rows)
        const i = at % rows.length
        for (const column of Object.keys(ROW) as (keyof ChainedRow)[]) {
          if (rows[i]![column] === other[column]) continue
          const changed = rows.with(i, { ...rows[i]!, [column]: other[column] })
          assert.ok(!hashOf(changed).equals(hash), column)
        }
      }),
    )
  })

  test('so does anything else that the link says, another order, a row less, a row more and another link before', () => {
    const rows = [1, 2, 3].map(pos => ({ ...ROW, pos }))
    const hash = hashOf(rows)
    for (const other of [rows.toReversed(), rows.slice(1), rows.slice(0, -1), [...rows, ROW]])
      assert.ok(!hashOf(other).equals(hash))
    for (const what of ['n', 'pos_from', 'pos_to', 'at'] as const)
      assert.ok(!hashOf(rows, { ...HEAD, [what]: HEAD[what] + 1 }).equals(hash), what)
    assert.ok(!hashOf(rows, HEAD, hash).equals(hash))
  })

  test('so does another master secret, and a link of another kind of chain', () => {
    const link = { head: HEAD, prev: GENESIS, rows: [ledgerText(ROW)] }
    const other = linkHash(new Sealer(Buffer.alloc(32, 8)), 'ledger chain', link)
    assert.ok(!other.equals(hashOf([ROW])))
    assert.ok(!linkHash(sealer, 'audit chain', link).equals(hashOf([ROW])))
  })

  test('text cannot be moved from one column to the next, and no cause is not the same as any text', () => {
    assert.ok(!hashOf([{ ...ROW, type: 'a"', actor: 'b' }]).equals(hashOf([{ ...ROW, type: 'a', actor: '"b' }])))
    for (const cause of ['', 'null', '\0'])
      assert.ok(!hashOf([{ ...ROW, cause: null }]).equals(hashOf([{ ...ROW, cause }])))
  })
})
