import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoOf } from '../../kernel/instant.ts'
import { dayPartOf, wallReader } from './core-wall.ts'

const iso = (zone: string, text: string): string | null => {
  const at = wallReader(zone).instantOf(text)
  return at === null ? null : isoOf(at)
}

const SAO_PAULO = [
  { text: '2018-03-24 04:17:06', is: '2018-03-24T07:17:06.000Z', why: 'winter' },
  { text: '2018-01-10 12:00:00', is: '2018-01-10T14:00:00.000Z', why: 'summer' },
  { text: '2018-01-10T12:00', is: '2018-01-10T14:00:00.000Z', why: 'minutes, with a T' },
  { text: '2018-01-10', is: '2018-01-10T02:00:00.000Z', why: 'a day is its midnight' },
  { text: '2017-10-14 23:59:59', is: '2017-10-15T02:59:59.000Z', why: 'last second before clocks go forward' },
  { text: '2017-10-15 00:20:00', is: '2017-10-15T03:20:00.000Z', why: 'skipped: lands after the gap, at 01:20' },
  { text: '2017-10-15 01:20:00', is: '2017-10-15T03:20:00.000Z', why: 'the same instant, said rightly' },
  { text: '2018-02-17 22:59:59', is: '2018-02-18T00:59:59.000Z', why: 'before the hour that comes twice' },
  { text: '2018-02-17 23:30:00', is: '2018-02-18T01:30:00.000Z', why: 'comes twice: the first one' },
  { text: '2018-02-18 00:00:00', is: '2018-02-18T03:00:00.000Z', why: 'after it' },
]
for (const { text, is, why } of SAO_PAULO)
  test(`Sao Paulo, ${why}: ${text}`, () => assert.equal(iso('America/Sao_Paulo', text), is))

test('zones on the other side of Greenwich follow the same rule', () => {
  assert.equal(iso('Europe/Berlin', '2026-03-29 02:30:00'), '2026-03-29T01:30:00.000Z')
  assert.equal(iso('Europe/Berlin', '2026-10-25 02:30:00'), '2026-10-25T00:30:00.000Z')
  assert.equal(iso('Asia/Shanghai', '2026-11-21 08:00:00'), '2026-11-21T00:00:00.000Z')
})

const WRONG = ['', 'yesterday', '2018-02-30 10:00:00', '2018-13-01', '2018-01-01 24:00:00', '2018-01-01 10:60:00']
for (const text of [...WRONG, '0000-01-01 00:00:00', '9999-01-01 00:00:00', '2018-1-1', '2018-01-01 10:00:00Z'])
  test(`not a time: ${JSON.stringify(text)}`, () => assert.equal(iso('America/Sao_Paulo', text), null))

test('the day part is a real day or nothing', () => {
  assert.equal(dayPartOf('2018-02-28 00:00:00'), '2018-02-28')
  assert.equal(dayPartOf('2018-02-29 00:00:00'), null)
  assert.equal(dayPartOf('9999-01-01'), null)
})
