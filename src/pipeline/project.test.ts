import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Database, Result } from '../platform/database.ts'
import { Projector } from './project.ts'
import { AHEAD, READ_PAGE } from './sql/project.ts'
import { READ_CHANGED } from './sql/tally.ts'

/** Both followers are behind; what they read is empty. Time passes when nobody has anything else to do. */
function behind(busy: () => boolean) {
  const reads: { follower: string; at: number }[] = []
  const pauses: { until: number; resolve(): void }[] = []
  let now = 0
  const query = async (text: string): Promise<Result<object>> => {
    const follower = text === READ_PAGE ? 'project' : text === READ_CHANGED ? 'tally' : null
    if (follower) reads.push({ follower, at: now })
    return { rows: text === AHEAD ? [{ bucket: 0, pos: 0 }] : [], rowCount: 0, command: 'SELECT' }
  }
  const projector = new Projector({
    // Safe: the followers look and find nothing, so that they never come to write.
    db: { query } as unknown as Database,
    loads: { sealer: null as never, reactorsOf: () => [], upcast: (_, v, body) => ({ v, body }) },
    log: { info() {}, warn() {}, error() {}, debug() {} } as never,
    tokens: () => null as never,
    groups: () => [0],
    busy,
    pause: ms => new Promise(resolve => pauses.push({ until: now + ms, resolve })),
  })
  const pass = async () => {
    for (let i = 0; i < 5; i++) await turn()
    now += 20
    for (const pause of pauses.splice(0)) pause.until <= now ? pause.resolve() : pauses.push(pause)
  }
  return { projector, reads, pass, now: () => now }
}

test('while somebody waits both followers stand back for five seconds, then they take their share', async () => {
  const { projector, reads, pass, now } = behind(() => true)
  projector.start()
  while (reads.length < 2 && now() < 10_000) await pass()
  assert.deepEqual(reads.map(r => r.follower).sort(), ['project', 'tally'])
  for (const { at } of reads) assert.equal(at, 5000)
  await projector.stop()
})

test('when nobody waits they begin at once', async () => {
  const { projector, reads, pass } = behind(() => false)
  projector.start()
  await pass()
  assert.deepEqual(
    reads.map(r => r.at),
    [0, 0],
  )
  await projector.stop()
})
