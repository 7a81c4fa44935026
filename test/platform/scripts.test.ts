import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const scripts = join(resolve(import.meta.dirname, '../..'), 'scripts')

test('the lock file is complete, so that npm ci works on every platform', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(scripts, 'complete-lock.mjs'), '--check'], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
})
