import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { askedOf, EMPTY, undoOf } from './commands.ts'

const NOW = Date.parse('2026-11-12T08:00:00.000Z')

// Only what taking back looks at.
const as = (id: string, owner: string | null, snoozedUntil: string | null = null): CaseItem =>
  ({ id, owner, snoozedUntil }) as CaseItem

test('a form gives the command that it stands for, and leaves out what was not said', () => {
  const until = '2026-11-12T09:00'
  assert.deepEqual(askedOf('assign', { ...EMPTY, owner: 'user:anna', text: ' ' }), {
    ...{ command: 'assign', with: { owner: 'user:anna' } },
  })
  assert.deepEqual(askedOf('wait', { ...EMPTY, party: 'party:carrier', until, text: 'they look' }), {
    ...{ command: 'wait' },
    with: { for: 'party:carrier', until: new Date(until).toISOString(), note: 'they look' },
  })
  assert.deepEqual(askedOf('close', { ...EMPTY, cause: 'carrier', text: 'done' }).with, {
    ...{ cause: 'carrier', result: 'done' },
  })
  assert.deepEqual(askedOf('close', { ...EMPTY, cause: 'carrier', text: 'done', override: 'agreed' }).with, {
    ...{ cause: 'carrier', result: 'done', override: { reason: 'agreed' } },
  })
})

test('what is taken back goes to whom it belonged', () => {
  const before = [as('a', null), as('b', 'user:ben'), as('c', null)]
  assert.deepEqual(undoOf({ command: 'acknowledge', with: {} }, before, NOW), [
    { command: 'release', with: { owner: null }, ids: ['a', 'c'] },
    { command: 'release', with: { owner: 'user:ben' }, ids: ['b'] },
  ])
  assert.deepEqual(
    undoOf({ command: 'snooze', with: { until: null } }, [as('a', null, '2026-11-12T09:00:00.000Z')], NOW),
    [{ command: 'snooze', with: { until: '2026-11-12T09:00:00.000Z' }, ids: ['a'] }],
  )
  assert.deepEqual(undoOf({ command: 'close', with: { cause: 'x', result: 'y' } }, before, NOW), [])
})
