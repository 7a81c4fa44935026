import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits, unfitLicences } from '../../scripts/licence-rules.ts'

const none = (): null => null
const codes = (packages: object, manifestAt: (path: string) => unknown = none): string[] =>
  unfitLicences({ packages: { '': {}, ...packages } }, manifestAt).problems.map(p => `${p.path} ${p.code}`)

test('permissive licences and choices that contain one fit', () => {
  for (const ok of ['MIT', 'Apache-2.0', '(MIT OR GPL-3.0-only)', 'MIT AND Zlib']) assert.ok(fits(ok, false), ok)
  for (const no of ['GPL-3.0-only', 'AGPL-3.0', 'BUSL-1.1', 'MIT AND GPL-2.0-only', 'UNLICENSED', 'MPL-2.0', ''])
    assert.ok(!fits(no, false), no)
})

test('a planted copyleft package is caught, wherever it hides', () => {
  assert.deepEqual(codes({ 'node_modules/a': { license: 'MIT' } }), [])
  assert.deepEqual(codes({ 'node_modules/a/node_modules/b': { license: 'GPL-3.0-only' } }), [
    'node_modules/a/node_modules/b licence-unfit',
  ])
})

test('a package without a licence in the lock is looked up in its own manifest', () => {
  assert.deepEqual(
    codes({ 'node_modules/a': {} }, () => ({ license: { type: 'ISC' } })),
    [],
  )
  assert.deepEqual(codes({ 'node_modules/a': {} }), ['node_modules/a licence-unfit'])
})

test('weak copyleft is for tools only', () => {
  assert.deepEqual(codes({ 'node_modules/a': { license: 'MPL-2.0', dev: true } }), [])
  assert.equal(codes({ 'node_modules/a': { license: 'MPL-2.0' } }).length, 1)
})

test('a lock that lists nothing is an error, not a pass', () => {
  assert.throws(() => unfitLicences({ packages: { '': {} } }, none))
})
