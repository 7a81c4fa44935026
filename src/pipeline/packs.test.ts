import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { BUCKETS_PER_GROUP, groupOf } from '../kernel/bucket.ts'
import type { JsonObject } from '../kernel/json.ts'
import { eventRow } from './fixtures.ts'
import { type Pack, Packs, packChangesJson, packed, packsJson, unpacked } from './packs.ts'
import type { IntakeRow } from './rows.ts'

const row = (n: number, group: number, more: Partial<IntakeRow> = {}): IntakeRow =>
  eventRow(n, n, 'order.confirmed', { bucket: group * BUCKETS_PER_GROUP, stream: `o-${group}`, ...more })
const ids = (rows: readonly { id: string }[]): string[] => rows.map(r => r.id)

const bodies: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .map(body => JSON.parse(JSON.stringify(body)) as JsonObject)
const messages = fc.array(
  fc.record({ group: fc.nat(2), class: fc.constantFrom(1, 2, 3), size: fc.constantFrom(1, 900, 5000), body: bodies }),
  { maxLength: 120, size: 'max' },
)
type Message = (typeof messages extends fc.Arbitrary<(infer M)[]> ? M : never) & object
const rowsOf = (given: readonly Message[]): IntakeRow[] =>
  given.map((m, i) => {
    const body = { ...m.body, filler: 'x'.repeat(m.size) }
    return row(i, m.group, { class: m.class, stored: JSON.stringify(body), body })
  })
const keyOf = (r: IntakeRow): string => `${r.class}:${groupOf(r.bucket)}`

describe('packs', () => {
  test('every message is in one pack of its class and group, in its order; packs rise by id and stay small', () => {
    fc.assert(
      fc.property(messages, given => {
        const rows = rowsOf(given)
        const packs = packed(rows)
        for (const [key, mine] of Map.groupBy(packs, p => `${p.class}:${p.group}`)) {
          const expected = rows.filter(r => keyOf(r) === key)
          assert.deepEqual(ids(mine.toSorted((a, b) => (a.id < b.id ? -1 : 1)).flatMap(p => p.rows)), ids(expected))
        }
        assert.equal(packs.flatMap(p => p.rows).length, rows.length)
        for (const { id, rows: held } of packs) {
          assert.equal(id, held[0]!.id)
          assert.ok(held.length === 1 || JSON.stringify(held.map(r => r.stored)).length < 12_000)
          assert.ok(held.length <= 32)
        }
      }),
    )
  })

  test('what is stored comes back as it was, byte for byte', () => {
    fc.assert(
      fc.property(messages, given => {
        const packs = packed(rowsOf(given))
        const stored = JSON.parse(packsJson(packs)) as { b: number; c: number; n: number; j: unknown }[]
        stored.forEach((s, i) => {
          const back = unpacked({ class: s.c, body: JSON.stringify(s.j) })
          assert.equal(s.n, back.length)
          assert.deepEqual(
            back,
            packs[i]!.rows.map(({ body: _, ...rest }) => rest),
          )
        })
      }),
    )
  })

  test('however messages are worked off, each pack knows what is left of it, and nothing is forgotten or kept', () => {
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.nat(6)), (given, amounts) => {
        const packs = packed(rowsOf(given))
        const open = new Packs()
        assert.deepEqual(open.add(packs), packs)
        assert.deepEqual(open.add(packs), [])
        // The table as the statements would leave it: pack -> messages in it.
        const table = new Map<string, string[]>(packs.map(p => [`${p.class}:${p.id}`, ids(p.rows)]))
        let waiting = packs.flatMap(p => p.rows)
        while (waiting.length > 0) {
          // From both ends, as streams of several packs are.
          const take = 1 + amounts.next().value!
          const step = take % 2 === 0 ? waiting.slice(0, take) : waiting.slice(-take)
          waiting = waiting.filter(r => !step.includes(r))
          const changes = open.plan(step)
          for (const { pack, held, left } of changes) {
            const key = `${pack.class}:${pack.id}`
            assert.equal(held, table.get(key)!.length)
            if (left.length === 0) table.delete(key)
            else table.set(key, ids(left))
          }
          open.commit(changes)
          assert.deepEqual([...table.values()].flat().toSorted(), ids(waiting).toSorted())
        }
        assert.deepEqual([...table], [])
        // All are known no more, so that they could come again.
        assert.deepEqual(open.add(packs), packs)
      }),
    )
  })

  test('a plan that is not carried out changes nothing', () => {
    const [pack] = packed([row(1, 0), row(2, 0)]) as [Pack]
    const open = new Packs()
    open.add([pack])
    const first = open.plan([pack.rows[0]!])
    assert.deepEqual(open.plan([pack.rows[0]!]), first)
    assert.deepEqual(ids(first[0]!.left), ['row-000002'])
  })

  test('packs of groups that were lost are forgotten, and their messages cannot be consumed', () => {
    const packs = packed([row(1, 0), row(2, 1)])
    const open = new Packs()
    open.add(packs)
    open.retain(group => group === 1)
    assert.throws(() => open.plan([packs[0]!.rows[0]!]), /belongs to no pack/)
    assert.deepEqual(open.add(packs), [packs[0]])
  })

  test('the statements get packs that are done and packs that keep the rest', () => {
    const packs = packed([row(1, 0), row(2, 0), row(3, 1)])
    const open = new Packs()
    open.add(packs)
    const { done, kept } = packChangesJson(open.plan([packs[0]!.rows[1]!, packs[1]!.rows[0]!]))
    assert.deepEqual(JSON.parse(done!), [{ b: 32, c: 2, i: 'row-000003', o: 1 }])
    const [rest] = JSON.parse(kept!)
    assert.deepEqual([rest.b, rest.i, rest.o, rest.n], [0, 'row-000001', 2, 1])
    assert.equal(rest.j[0][1], 'row-000001')
    assert.deepEqual(packChangesJson([]), { done: null, kept: null })
  })
})
