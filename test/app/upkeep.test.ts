import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upkeepOf } from '../../src/app/upkeep.ts'
import { groupOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { AUDIT_BUCKET } from '../../src/modules/access/index.ts'

type Deps = Parameters<typeof upkeepOf>[0]

test('learning is begun once a day and by one node, and does not keep erasures from being made again', async () => {
  const done: string[] = []
  let now = 400 * DAY
  const db = { query: async () => ({ rows: [], rowCount: 0 }), transaction: async () => 0 }
  const deps = {
    db,
    now: () => now,
    erasures: {
      async reapply() {
        done.push('erased')
        return 0
      },
    },
    async learn() {
      done.push('learned')
      throw new Error('it does not start')
    },
  }
  // Safe: nothing else of them is used where there are no rows.
  const upkeep = upkeepOf(deps as unknown as Deps)
  const mine = [groupOf(AUDIT_BUCKET)]
  await assert.rejects(upkeep(mine), /it does not start/)
  assert.deepEqual(done, ['erased', 'learned'])
  now += HOUR
  await upkeep(mine)
  await upkeep([groupOf(AUDIT_BUCKET) + 1])
  assert.deepEqual(done, ['erased', 'learned', 'erased'])
  now += DAY
  await assert.rejects(upkeep(mine))
  assert.equal(done.at(-1), 'learned')
})
