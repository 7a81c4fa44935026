import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadPacks } from './load.ts'
import { parsePack } from './pack.ts'
import { PackConflict, packText } from './pack-text.ts'

const packs = await loadPacks(fileURLToPath(new URL('../../../packs', import.meta.url)))

describe('a pack as text', () => {
  for (const { id, rules } of packs)
    it(`${id}: what is written is read to the same rules`, () => {
      const parsed = parsePack(packText(id, rules))
      assert.ok(parsed.ok, JSON.stringify(parsed))
      assert.deepEqual(parsed.pack.rules, rules)
    })

  it('refuses two meanings of one name', () => {
    const [rule] = packs.flatMap(p => p.rules).filter(r => Object.keys(r.constants).length > 0)
    const [name, constant] = Object.entries(rule!.constants)[0]!
    const other = { ...rule!, id: 'other', constants: { ...rule!.constants, [name]: { ...constant, value: 7 } } }
    // Safe: a constant with another value.
    assert.throws(() => packText('x', [rule!, other as typeof rule & object]), PackConflict)
  })
})
