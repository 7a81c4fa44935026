import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BulkResult, CaseItem } from '../../../../../src/contract/api/index.ts'
import { askedOf, continued, draftFor, EMPTY, inParts, noteOf, nothingYet, undoOf } from './commands.ts'

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
  assert.deepEqual(askedOf('close', { ...EMPTY, cause: 'carrier', text: 'done' })?.with, {
    ...{ cause: 'carrier', result: 'done' },
  })
  assert.deepEqual(askedOf('close', { ...EMPTY, cause: 'carrier', text: 'done', override: 'agreed' })?.with, {
    ...{ cause: 'carrier', result: 'done', override: { reason: 'agreed' } },
  })
})

test('nobody is somebody whom one chooses: until then nothing is handed over', () => {
  assert.equal(askedOf('assign', { ...EMPTY, text: 'please' }), null)
  assert.equal(askedOf('snooze', EMPTY), null)
  assert.equal(askedOf('wait', { ...EMPTY, party: 'party:carrier' }), null)
  assert.deepEqual(askedOf('assign', { ...EMPTY, owner: null })?.with, { owner: null })
})

const lost = (status: number) => Object.assign(new Error(), { status, detail: '' })
const allDone = (ids: readonly string[]): BulkResult => ({
  ...{ done: ids.map(id => ({ id }) as BulkResult['done'][number]), skipped: [], waiting: [] },
})

/** Sends notes; answers are what came for each request, in turn. */
async function sent(texts: readonly string[], answers: readonly (number | 'done')[]): Promise<string[]> {
  const keys: string[] = []
  const unanswered = new Map<string, string>()
  for (const [i, text] of texts.entries())
    await inParts(noteOf(text), ['a'], {
      unanswered,
      send: async ({ body, idempotencyKey }) => {
        keys.push(idempotencyKey ?? '')
        const answer = answers[i]
        if (typeof answer === 'number') throw lost(answer)
        return allDone(body.ids)
      },
    })
  return keys
}

test('what got no answer is sent again under its key, and what is new or was answered under another', async () => {
  const again = await sent(['called', 'called', 'called'], [0, 503, 'done'])
  assert.equal(new Set(again).size, 1)
  const other = await sent(['called', 'called them', 'called'], [0, 'done', 'done'])
  assert.deepEqual([other[0] === other[2], other[0] === other[1]], [true, false])
  for (const answer of [422, 'done'] as const) {
    const [first, second] = await sent(['called', 'called'], [answer, 'done'])
    assert.notEqual(first, second)
  }
})

test('who leaves stops what was not sent yet; what was tried again adds to what was done before', async () => {
  const ids = Array.from({ length: 250 }, (_, i) => `c${i}`)
  const leaving = new AbortController()
  const outcome = await inParts(noteOf('x'), ids, {
    signal: leaving.signal,
    send: async ({ body }) => {
      leaving.abort()
      return allDone(body.ids)
    },
  })
  assert.deepEqual([outcome.done.length, outcome.todo.length, outcome.error], [100, 150, null])
  const before = { ...nothingYet([]), done: ['a'], waiting: ['b'] }
  const after = continued(before, { ...nothingYet([]), done: ['c'], waiting: ['d'] })
  assert.deepEqual(
    [after.done, after.waiting],
    [
      ['a', 'c'],
      ['b', 'd'],
    ],
  )
})

test('who escalates raises the severity, then hands over those that took it; each that was refused is told', async () => {
  const command = askedOf('escalate', { ...EMPTY, severity: 'P0', owner: 'user:lea', text: ' stuck ' })
  const bodies: unknown[] = []
  const outcome = await inParts(command!, ['a', 'b', 'c'], {
    send: async ({ body }) => {
      bodies.push([body.command, body.ids, body.with])
      const [no, ...rest] = body.ids
      return body.command === 'severity'
        ? { ...allDone(rest), skipped: [{ id: no!, code: 'wrong_status', sentence: { zh: '', en: '' } }] }
        : allDone(body.ids)
    },
  })
  assert.deepEqual(bodies, [
    ['severity', ['a', 'b', 'c'], { severity: 'P0', reason: 'stuck' }],
    ['assign', ['b', 'c'], { owner: 'user:lea', note: 'stuck' }],
  ])
  assert.deepEqual([outcome.done, outcome.skipped.map(one => one.id)], [['b', 'c'], ['a']])
  assert.equal(askedOf('escalate', { ...EMPTY, text: 'x' }), null)
  assert.equal(draftFor('escalate', [{ severity: 'P3' }, { severity: 'P1' }]).severity, 'P0')
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
