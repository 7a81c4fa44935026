import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lockProblems } from '../../scripts/lockfile.ts'

/** Problems of a lock with these packages; each has its integrity unless it says otherwise. */
function codes(packages: Record<string, object>): string[] {
  const sealed = Object.entries(packages).map(([path, entry]) => [path, { integrity: 'sha512-x', ...entry }])
  return lockProblems({ packages: Object.fromEntries(sealed) }).map(p => `${p.code} ${p.message.split(';')[0]}`)
}

test('a lock that holds every dependency somewhere above is whole', () => {
  assert.deepEqual(
    codes({
      '': { dependencies: { a: '1' }, devDependencies: { d: '1' } },
      'node_modules/a': { dependencies: { b: '1', c: '1' }, optionalDependencies: { '@s/linux': '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1', d: '1' } },
      'node_modules/@s/linux': { optional: true },
      'node_modules/c': { peerDependencies: { x: '1' }, peerDependenciesMeta: { x: { optional: true } } },
      'node_modules/d': {},
    }),
    [],
  )
})

test('a platform package that npm left out is named', () => {
  const packages = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': { optionalDependencies: { '@s/darwin': '1', '@s/linux': '1' } },
    'node_modules/@s/linux': {},
  }
  assert.deepEqual(codes(packages), ['lock-incomplete node_modules/a needs @s/darwin'])
})

test("a package that only another one's folder holds is missing", () => {
  const packages = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': { dependencies: { b: '1' } },
    'node_modules/c/node_modules/b': {},
  }
  assert.deepEqual(codes(packages), ['lock-incomplete node_modules/a needs b'])
})

test('an address of a registry is named', () => {
  const packages = { '': { dependencies: { a: '1' } }, 'node_modules/a': { resolved: 'https://example.org/a.tgz' } }
  assert.deepEqual(codes(packages), ['lock-names-a-host node_modules/a has an address'])
})

test('an entry whose content cannot be checked is named', () => {
  const packages = { '': { dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0' } }
  assert.deepEqual(
    lockProblems({ packages }).map(p => p.code),
    ['lock-unsealed'],
  )
})
