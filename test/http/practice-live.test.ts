import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PracticeOffer } from '../../src/app/practice/offer.ts'
import { isEmptyWorld } from '../../src/pipeline/queries/world.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { assertProblem, type Of, openApi, placed } from './api.ts'

type Practice = Of<'getPractice'>

const api = await openApi({
  practice: async db => {
    const log = createLog({ clock: systemClock, write: () => {} })
    const offer = new PracticeOffer({
      dataDir: '/nowhere',
      host: '127.0.0.1',
      clock: systemClock,
      log,
      empty: () => isEmptyWorld(db),
    })
    return { host: null, offer }
  },
})

test('an empty live world offers a practice world; one with orders does not, and is none itself', async () => {
  const empty = (await api.get<Practice>('/v1/practice')).body
  assert.deepEqual(empty, { world: 'live', offered: true, url: null, shop: null })
  await api.tell(placed('L-1'))
  assert.equal((await api.get<Practice>('/v1/practice')).body.offered, false)
  assertProblem(await api.post('/v1/practice/start', {}), 409, 'practice_not_offered')
  for (const [path, body] of [
    ['', { speed: 10 }],
    ['/incidents', { kind: 'promotion' }],
    ['/incidents/x/end', {}],
    ['/reset', {}],
    ['/clock', { until: '2026-11-21T08:00:00Z' }],
  ] as const)
    assertProblem(await api.post(`/v1/practice${path}`, body), 409, 'not_a_practice_world')
})
