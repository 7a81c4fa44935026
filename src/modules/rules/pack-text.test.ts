import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadPacks } from './load.ts'
import { parsePack } from './pack.ts'
import { packText } from './pack-text.ts'
import type { RuleDef } from './types.ts'

const packs = await loadPacks(fileURLToPath(new URL('../../../packs', import.meta.url)))

describe('a pack as text', () => {
  for (const { id, rules } of packs)
    it(`${id}: what is written is read to the same rules`, () => {
      const parsed = parsePack(packText(id, rules))
      assert.ok(parsed.ok, JSON.stringify(parsed))
      assert.deepEqual(parsed.pack.rules, rules)
    })

  it('lets each rule mean its own by one name', () => {
    const [rule] = packs.flatMap(p => p.rules).filter(r => Object.values(r.constants).some(c => c.type === 'dur'))
    const [name, constant] = Object.entries(rule!.constants).find(([, c]) => c.type === 'dur')!
    // Safe: a length of time, and another one.
    const other = {
      ...rule!,
      id: 'other',
      constants: { ...rule!.constants, [name]: { ...constant, value: 7 } },
    } as RuleDef
    const parsed = parsePack(packText(rule!.pack!, [rule!, other]))
    assert.ok(parsed.ok, JSON.stringify(parsed))
    assert.deepEqual(parsed.pack.rules, [rule, other])
    assert.deepEqual(parsed.pack.constants[name], constant)
  })
})
