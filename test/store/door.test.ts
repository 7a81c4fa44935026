import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AtDoor, KEPT_PER_BUCKET, keepAtDoor } from '../../src/pipeline/door.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { openWorld, START } from '../pipeline/world.ts'
import { TEST_MASTER } from '../support/pipeline.ts'

test('of what is refused at the door the newest are kept, so that a sender whose every message is wrong does not fill the disk', async t => {
  const world = await openWorld({}, t)
  let at = START
  const deps = { sealer: new Sealer(TEST_MASTER), now: () => at }
  const refused = (n: number): AtDoor => ({
    ...{ source: '/channels/shop', type: 'nonsense', code: 'unknown_type', error: {} },
    text: JSON.stringify({ id: `m${n}`, phone: '13912345678' }),
  })
  // Full buckets, as after a long time: what is added takes the place of the oldest.
  const [first] = await keepAtDoor(world.db, deps, [refused(0)])
  const bucket = (await world.rows<{ bucket: number }>('select bucket from quarantine where id = $1', [first]))[0]!
    .bucket
  const add = (stage: string, count: number) =>
    world.look.query(
      `insert into quarantine (bucket, id, stage, source, type, code, error, at, status, row)
       select $1, $2::text || n, $2::text, 's', 't', 'c', '{}', $3::bigint + n, 'open', '{}' from generate_series(1, $4) as n`,
      [bucket, stage, START, count],
    )
  await add('door', KEPT_PER_BUCKET)
  await add('step', 3)
  at = START + KEPT_PER_BUCKET + 1
  await keepAtDoor(world.db, deps, [refused(0)])
  const kept = () => world.rows<{ id: string; stage: string }>('select id, stage from quarantine order by at, id')
  const ids = (await kept()).filter(row => row.stage === 'door').map(row => row.id)
  // The one that came again is the newest, and the oldest of the others is gone.
  assert.equal(ids.length, KEPT_PER_BUCKET)
  assert.deepEqual([ids[0], ids.at(-1)], ['door2', first])
  assert.equal((await kept()).filter(row => row.stage === 'step').length, 3)
  const salts = await world.rows<{ stream: string }>(`select stream from salt where stream like 'q-%'`)
  assert.deepEqual(salts, [{ stream: `q-${first}` }])
})
