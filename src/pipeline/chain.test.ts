import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type ChainedRow, GENESIS, linkHash } from './chain.ts'

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

describe('chain', () => {
  test('a link covers exactly these bytes: frozen, because stored chains depend on it', () => {
    const fields = '7 3 24312 o-1 1 order.placed 1 feed:shop row-1 1 2 3 {"a":1}'.split(' ').join('\x1f')
    const bytes = Buffer.concat([GENESIS, Buffer.from(`${fields}\x1e`)])
    assert.deepEqual(linkHash(GENESIS, [ROW]), createHash('sha256').update(bytes).digest())
    assert.equal(
      linkHash(GENESIS, [ROW, { ...ROW, pos: 8, cause: null }]).toString('hex'),
      'd2edf19c3ea0c318e2654b22808da770e0d407b0e7374d534953a63c43916f7b',
    )
  })

  test('any other value of any column of any row gives another hash', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.nat(), row, (rows, at, other) => {
        const hash = linkHash(GENESIS, rows)
        const i = at % rows.length
        for (const column of Object.keys(ROW) as (keyof ChainedRow)[]) {
          if (rows[i]![column] === other[column]) continue
          const changed = rows.with(i, { ...rows[i]!, [column]: other[column] })
          assert.ok(!linkHash(GENESIS, changed).equals(hash), column)
        }
      }),
    )
  })

  test('so does another order, a row less, a row more and another link before', () => {
    const rows = [1, 2, 3].map(pos => ({ ...ROW, pos }))
    const hash = linkHash(GENESIS, rows)
    for (const other of [rows.toReversed(), rows.slice(1), rows.slice(0, -1), [...rows, ROW]])
      assert.ok(!linkHash(GENESIS, other).equals(hash))
    assert.ok(!linkHash(hash, rows).equals(hash))
  })

  test('no cause is not the same as any text', () => {
    assert.ok(!linkHash(GENESIS, [{ ...ROW, cause: null }]).equals(linkHash(GENESIS, [{ ...ROW, cause: '' }])))
  })
})
