import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { copyField, copyJson } from './copy-in.ts'

const UNESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' }
const readField = (field: string): string | null =>
  field === '\\N' ? null : field.replace(/\\(.)/gs, (_, c: string) => UNESCAPED[c] ?? c)

const awkward = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', 'u', '0') }),
)

test('a field is one line without tabs, and reads as what it was', () => {
  const law = fc.property(fc.option(awkward), value => {
    const field = copyField(value)
    assert.equal(readField(field), value)
    assert.doesNotMatch(field, /[\t\n\r]/)
    assert.notEqual(field, '\\.')
  })
  fc.assert(law, { numRuns: 2000 })
})

test('half of a character is refused, and never becomes another one on the wire', () => {
  assert.throws(() => copyField('a\ud800'), { code: '22P05' })
})

const readable = (value: string): boolean => value.isWellFormed() && !value.includes('\0')
// All code units, so that NUL and halves are among them.
const units = fc.oneof(
  fc.string({ unit: fc.nat(0xffff).map(n => String.fromCharCode(n)) }),
  fc.string({ unit: fc.constantFrom('\0', '\ud800', '\udc00', '\\', 'u', '0', 'd', '"') }),
)

test('of JSON exactly the texts are refused that the server could not read again', () => {
  const law = fc.property(units, units, (key, value) => {
    const text = JSON.stringify({ [key]: [value] })
    if (readable(key) && readable(value)) assert.equal(readField(copyJson(text)), text)
    else assert.throws(() => copyJson(text), { code: '22P05' })
  })
  fc.assert(law, { numRuns: 2000 })
})
