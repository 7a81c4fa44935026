import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MAX_INSTANT } from '../../kernel/instant.ts'
import { instantOfIso } from './iso.ts'

const READ: [text: string, iso: string][] = [
  ['2026-11-21T08:00:00+08:00', '2026-11-21T00:00:00.000Z'],
  ['2026-11-21T08:00:00.123456Z', '2026-11-21T08:00:00.123Z'],
  ['2026-11-21T08:00:00,5Z', '2026-11-21T08:00:00.500Z'],
  ['2026-11-21t08:00z', '2026-11-21T08:00:00.000Z'],
  ['2026-11-21T08:00:00-0330', '2026-11-21T11:30:00.000Z'],
  ['2024-02-29T23:59:59-12:00', '2024-03-01T11:59:59.000Z'],
  ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ['1969-12-31T23:30:00-01:00', '1970-01-01T00:30:00.000Z'],
  ['2199-12-31T23:59:59.999Z', '2199-12-31T23:59:59.999Z'],
]

const REFUSED: [text: string, code: string][] = [
  ['2026-11-21T08:00:00', 'bad_format'],
  ['2026-11-21', 'bad_format'],
  ['2026-02-30T08:00:00Z', 'bad_format'],
  ['2026-13-01T08:00:00Z', 'bad_format'],
  ['2026-11-21T24:00:00Z', 'bad_format'],
  ['2026-11-21T08:00:60Z', 'bad_format'],
  ['2026-11-21T08:00:00+15:00', 'bad_format'],
  ['2026-11-21 08:00:00Z', 'bad_format'],
  ['1795683600000', 'bad_format'],
  ['', 'bad_format'],
  ['0000-01-01T00:00:00Z', 'out_of_range'],
  ['0026-11-21T08:00:00Z', 'out_of_range'],
  ['1969-12-31T23:59:59Z', 'out_of_range'],
  ['2200-01-01T00:00:00Z', 'out_of_range'],
  ['9999-12-31T23:59:59Z', 'out_of_range'],
]

test('instants with offset', () => {
  for (const [text, iso] of READ) assert.equal(new Date(instantOfIso(text)).toISOString(), iso, text)
  for (const [text, code] of REFUSED) assert.equal(instantOfIso(text), code, text)
})

test('what we write ourselves is read back to the millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_INSTANT - 1 }), at => instantOfIso(new Date(at).toISOString()) === at),
  )
})
