import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDone, isHeadRace, isSystemic, missedRows } from './step-errors.ts'

const of = (code: string, constraint?: string): Error =>
  Object.assign(new Error('doppelter Schlüsselwert verletzt Unique-Constraint »head_pkey«'), { code, constraint })

test('what a row is against is told by its name, whatever language the server speaks', () => {
  assert.ok(isHeadRace(of('23505', 'head_pkey')))
  assert.ok(isHeadRace(of('23505', 'ledger_2026_11_pkey')))
  assert.ok(!isHeadRace(of('23505', 'order_row_pkey')))
  assert.ok(!isHeadRace(of('23503', 'head_pkey')))
  assert.ok(!isHeadRace(of('23505')))
  assert.ok(isDone(of('23505', 'outcome_pkey')))
  assert.ok(isSystemic(of('42P01')) && !isSystemic(of('23505', 'head_pkey')))
})

test('rows that a change missed are told by its own word', () => {
  const german = (value: string, code = '22P02') =>
    Object.assign(new Error(`ungültige Eingabesyntax für Typ integer: »${value}«`), { code })
  assert.equal(missedRows(german('andon_fenced_3')), 'fenced')
  assert.equal(missedRows(german('andon_stale_0')), 'stale')
  assert.equal(missedRows(german('stale 0')), null)
  assert.equal(missedRows(german('andon_stale_0', '23505')), null)
})
