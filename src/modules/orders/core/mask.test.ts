import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskName } from './mask.ts'

const NAMES: [name: string, masked: string][] = [
  ['李芳', '李*'],
  ['李小芳', '李*芳'],
  ['欧阳小芳', '欧**芳'],
  ['芳', '*'],
  ['Ana Silva', 'A*** S***'],
  ['  Ana  ', 'A***'],
  ['A', 'A***'],
  ['Ana Maria da Silva Souza', 'A*** M*** d*** S***'],
  ['𠮷野家', '𠮷*家'],
  ['李 Bruce', '李*** B***'],
  ['', ''],
]

test('names are masked as people expect', () => {
  for (const [name, masked] of NAMES) assert.equal(maskName(name), masked, name)
})

test('a mask is well-formed, short, and never the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), name => {
      const masked = maskName(name)
      assert.ok(masked.isWellFormed())
      assert.ok(masked.length <= 40)
      if (name.trim() !== '') assert.match(masked, /\*/)
    }),
  )
})
