import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventTypes, systemFactTypes } from '../../src/contract/events/index.ts'

const root = join(import.meta.dirname, '../..')
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/docs-events.ts'), ...args], { encoding: 'utf8' })

test('the page names every type, and one that says anything else is found stale', t => {
  const dir = mkdtempSync(join(tmpdir(), 'events page '))
  t.after(() => rmSync(dir, { recursive: true }))
  const page = join(dir, 'events.md')
  assert.equal(run('--check', page).status, 1)
  assert.equal(run(page).status, 0)
  assert.equal(run('--check', page).status, 0)
  const text = readFileSync(page, 'utf8')
  for (const { type, label } of [...Object.values(eventTypes), ...Object.values(systemFactTypes)])
    assert.ok(text.includes(`\`${type}\``) && text.includes(label.zh) && text.includes(label.en), type)
  appendFileSync(page, '\n')
  const stale = run('--check', page)
  assert.equal(stale.status, 1)
  assert.match(stale.stderr, /stale; run: node scripts\/docs-events\.ts/)
})
