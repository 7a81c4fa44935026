import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeDirectory } from './directory.ts'

const home = mkdtempSync(join(tmpdir(), 'andon directory-'))
after(() => rmSync(home, { recursive: true, force: true }))

test('what is missing above it is made, and what is there stays', () => {
  const path = join(home, 'a b', 'c', 'd')
  makeDirectory(path)
  makeDirectory(path)
  assert.ok(statSync(path).isDirectory())
})

test('a file in the way is an error', () => {
  const file = join(home, 'file')
  writeFileSync(file, '')
  assert.throws(() => makeDirectory(file), { code: 'EEXIST' })
  assert.throws(() => makeDirectory(join(file, 'below', 'deep')), { code: 'ENOTDIR' })
})

// Node's own recursive mkdir never comes back here.
test('a file system that takes no directories is an error', { skip: process.platform !== 'linux' }, () => {
  assert.throws(() => makeDirectory('/proc/andon/data'), { code: 'ENOENT' })
})
