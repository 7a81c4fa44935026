import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../kernel/instant.ts'
import { backupName, keptIn, prune } from './kept.ts'
import { dueAt, isOverdue } from './schedule.ts'

const NOW = Date.UTC(2026, 0, 5)

test('the first is due at once, the next after the time between, a failed one again after a while', () => {
  assert.equal(dueAt({ doneAt: null, failedAt: null }, DAY), 0)
  assert.equal(dueAt({ doneAt: NOW, failedAt: null }, DAY), NOW + DAY)
  assert.equal(dueAt({ doneAt: null, failedAt: NOW }, DAY), NOW + 15 * MINUTE)
  assert.equal(dueAt({ doneAt: NOW - DAY, failedAt: NOW }, DAY), NOW + 15 * MINUTE)
  assert.equal(dueAt({ doneAt: NOW - DAY, failedAt: NOW }, 5 * MINUTE), NOW + 5 * MINUTE)
  assert.equal(dueAt({ doneAt: NOW, failedAt: NOW + 1 }, DAY), NOW + DAY)
})

test('overdue is what is half as late again, or never came', () => {
  const every = 2 * HOUR
  const given = (now: number) => ({ every, now, since: NOW })
  assert.equal(isOverdue({ doneAt: NOW }, given(NOW + 3 * HOUR)), false)
  assert.equal(isOverdue({ doneAt: NOW }, given(NOW + 4 * HOUR)), true)
  assert.equal(isOverdue({ doneAt: null }, given(NOW + HOUR)), false)
  assert.equal(isOverdue({ doneAt: null }, given(NOW + 4 * HOUR)), true)
})

test('the newest stay; nothing is touched that is not a backup', t => {
  const dir = mkdtempSync(join(tmpdir(), 'andon-kept-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const names = [0, 1, 2, 3].map(day => backupName(NOW + day * DAY, day === 3))
  const others = [
    'notes.txt',
    'andon-old.tar.zst',
    'other-20200101T000000Z.tar.zst',
    'andon-20200101T000000Z.tar.zst.bak',
  ]
  for (const name of [...names, ...others, 'andon-20200101T000000Z.tar.zst.partial'])
    writeFileSync(join(dir, name), 'x')
  assert.deepEqual(
    keptIn(dir).map(({ name, createdAt, encrypted, size }) => [name, createdAt, encrypted, size]),
    [3, 2, 1, 0].map(day => [names[day], NOW + day * DAY, day === 3, 1]),
  )
  assert.deepEqual(prune(dir, 2), [names[1], names[0]])
  assert.deepEqual(readdirSync(dir).sort(), [...others, names[2], names[3]].sort())
  assert.deepEqual(prune(dir, 2), [])
  assert.deepEqual(keptIn(join(dir, 'nothing')), [])
  assert.deepEqual(prune(join(dir, 'nothing'), 1), [])
})
