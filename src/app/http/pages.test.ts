import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heardFrom } from './pages.ts'

test('a database that stands still is not waited for', async () => {
  const frozen = { query: () => new Promise<never>(() => {}) }
  // The timer of the wait keeps no process alive; this one does, and ends the test when nobody answers.
  const end = setTimeout(() => assert.fail('waited for ever'), 20_000)
  await assert.rejects(heardFrom(frozen, 1), { code: 'database_unavailable' })
  clearTimeout(end)
})
