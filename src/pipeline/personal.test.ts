import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../kernel/json.ts'
import { newSalt, Sealer } from '../platform/seal.ts'
import {
  ERASED,
  generationOf,
  isSealed,
  mergePersonal,
  openText,
  SEALED,
  sealedText,
  splitPersonal,
  UNREADABLE,
  Unreadable,
  withoutPersonal,
} from './personal.ts'

const sealer = new Sealer(Buffer.alloc(32, 5))
const target = { stream: 'o-1', type: 'order.placed', salt: newSalt() }
const NO_SALT = { stream: 'o-1', type: 'order.placed' }
const PATHS = ['name', 'shipTo.phone', 'lines[].gift', 'lines[].to.name', 'parties[].phones[].no']

const BODY: JsonObject = {
  ref: { orderNo: 'A-1' },
  name: '王小明',
  shipTo: { city: '上海', phone: '13800138000' },
  lines: [{ sku: 'a', gift: '给妈妈' }, { sku: 'b' }, { sku: 'c', to: { name: '李雷', city: 'x' } }],
  parties: [{ phones: [{ no: '1' }, { kind: 'fax' }] }, 'odd', { phones: 'none' }],
}

const text: fc.Arbitrary<Json> = fc.oneof(fc.string(), fc.constant(null), fc.integer(), fc.constant('PERSONAL'))
const optional = (shape: Record<string, fc.Arbitrary<Json>>) => fc.record(shape, { requiredKeys: [] })
const body: fc.Arbitrary<JsonObject> = optional({
  name: text,
  sku: text,
  shipTo: fc.oneof(text, optional({ phone: text, city: text })),
  lines: fc.oneof(
    text,
    fc.array(fc.oneof(text, optional({ gift: text, sku: text, to: optional({ name: text, city: text }) }))),
  ),
  parties: fc.array(optional({ phones: fc.array(optional({ no: text, kind: text })) })),
})
/** fast-check makes objects without a prototype; JSON does not. */
const plain = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject

describe('personal fields', () => {
  test('are taken from where they stand, in lists too, and nothing else is', () => {
    const { rest, taken } = splitPersonal(BODY, PATHS)
    assert.deepEqual(taken, {
      name: '王小明',
      'shipTo.phone': '13800138000',
      'lines.0.gift': '给妈妈',
      'lines.2.to.name': '李雷',
      'parties.0.phones.0.no': '1',
    })
    assert.deepEqual(rest, {
      ref: { orderNo: 'A-1' },
      shipTo: { city: '上海' },
      lines: [{ sku: 'a' }, { sku: 'b' }, { sku: 'c', to: { city: 'x' } }],
      parties: [{ phones: [{}, { kind: 'fax' }] }, 'odd', { phones: 'none' }],
    })
  })

  test('splitting and merging gives the body back and changes neither side', () => {
    fc.assert(
      fc.property(body, given => {
        const before = plain(given)
        const { rest, taken } = splitPersonal(before, PATHS)
        const kept = plain(rest)
        assert.deepEqual(mergePersonal(rest, taken), plain(given))
        assert.deepEqual(before, plain(given))
        assert.deepEqual(rest, kept)
      }),
    )
  })

  test('sealing and opening gives the body back; the stored text tells nothing of it', () => {
    fc.assert(
      fc.property(body, given => {
        const stored = sealedText(sealer, { ...target, paths: PATHS }, plain(given))
        assert.deepEqual(openText(sealer, target, stored), plain(given))
        const { taken } = splitPersonal(plain(given), PATHS)
        assert.equal(isSealed(stored), Object.keys(taken).length > 0)
        if (Object.values(taken).includes('PERSONAL'))
          assert.ok(!JSON.stringify(splitPersonal(JSON.parse(stored), []).rest[SEALED]).includes('PERSONAL'))
      }),
      { numRuns: 60 },
    )
  })

  test('a body without any is stored as it is', () => {
    const stored = sealedText(sealer, { ...target, paths: PATHS }, { sku: 'a' })
    assert.equal(stored, '{"sku":"a"}')
    assert.deepEqual(openText(sealer, NO_SALT, stored), { sku: 'a' })
  })

  test('without a salt the rest stays readable and says that something was erased', () => {
    const stored = sealedText(sealer, { ...target, paths: PATHS }, BODY)
    const open = openText(sealer, NO_SALT, stored)
    assert.deepEqual(open, { ...splitPersonal(BODY, PATHS).rest, [ERASED]: true })
  })

  test('what does not open with its salt is not taken for erased: it is an error, or marked', () => {
    const stored = sealedText(sealer, { ...target, paths: PATHS }, BODY)
    const other = { ...target, salt: newSalt() }
    assert.throws(() => openText(sealer, other, stored), Unreadable)
    assert.throws(() => openText(new Sealer(Buffer.alloc(32, 6)), target, stored), /does not open with the salt of o-1/)
    const marked = openText(sealer, { ...other, broken: 'mark' }, stored)
    assert.deepEqual(marked, { ...splitPersonal(BODY, PATHS).rest, [UNREADABLE]: true })
  })

  test('once the person was erased nothing personal is kept, and the rest says so', () => {
    const stored = sealedText(sealer, { ...target, salt: null, paths: PATHS }, BODY)
    const { rest } = splitPersonal(BODY, PATHS)
    assert.deepEqual(JSON.parse(stored), { ...rest, [ERASED]: true })
    assert.deepEqual(withoutPersonal(BODY, PATHS), { ...rest, [ERASED]: true })
    assert.deepEqual(withoutPersonal({ sku: 'a' }, PATHS), { sku: 'a' })
    assert.equal(sealedText(sealer, { ...target, salt: null, paths: PATHS }, { sku: 'a' }), '{"sku":"a"}')
  })

  test('a stored text tells which of its salts opens it', () => {
    for (const generation of [0, 1, 3]) {
      const stored = sealedText(sealer, { ...target, generation, paths: PATHS }, BODY)
      assert.equal(generationOf(stored), generation)
      assert.deepEqual(openText(sealer, target, stored), BODY)
    }
    assert.equal(generationOf('{"sku":"a"}'), null)
  })

  test('the same body sealed twice is not the same text', () => {
    assert.notEqual(
      sealedText(sealer, { ...target, paths: PATHS }, BODY),
      sealedText(sealer, { ...target, paths: PATHS }, BODY),
    )
  })

  test('a sealed text does not open on another stream or under another type', () => {
    const stored = sealedText(sealer, { ...target, paths: PATHS }, BODY)
    for (const other of [{ stream: 'o-2' }, { type: 'order.edited' }])
      assert.throws(() => openText(sealer, { ...target, ...other }, stored), Unreadable)
  })
})
