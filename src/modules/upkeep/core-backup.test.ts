import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fact } from '../../contract/stream.ts'
import { BACKUP_SLICE, type BackupState, backupReactor } from './index.ts'

const fact = (type: string, seq: number, body: Fact['body'] = {}): Fact => ({
  ...{ type, v: 1, seq, occurredAt: seq * 1000, recordedAt: seq * 1000, knownAt: seq * 1000 },
  ...{ actor: 'system', cause: null, body },
})

/** The types that a row of facts adds, in order. */
function told(...types: readonly string[]): string[] {
  const added: string[] = []
  let state: BackupState = backupReactor.initial
  for (const [i, type] of types.entries()) {
    const given = fact(type, i + 1)
    state = backupReactor.evolve(state, given)
    const view = { stream: 's-1', kind: 'system' as const, historical: false, slices: { [BACKUP_SLICE]: state } }
    for (const { type: more, body } of backupReactor.react({ ...view, refs: {} }, given, 9000).facts ?? []) {
      added.push(more)
      state = backupReactor.evolve(state, fact(more, i + 1, body))
    }
  }
  return added
}

test('a failure is one finding until a backup is good again, however often each is told', () => {
  assert.deepEqual(told('backup.failed'), ['finding.raised'])
  assert.deepEqual(told('backup.failed', 'backup.failed'), ['finding.raised'])
  assert.deepEqual(told('backup.done'), [])
  assert.deepEqual(told('backup.failed', 'backup.done', 'backup.done', 'backup.failed'), [
    ...['finding.raised', 'finding.cleared', 'finding.raised'],
  ])
})
