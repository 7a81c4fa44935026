import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { Collector } from './collector.ts'

/** A transaction that ends when it is told to. */
function slowRun() {
  const flights: { items: readonly number[]; land(): void; crash(): void }[] = []
  const run = (items: readonly number[]) =>
    new Promise<string[]>((resolve, reject) => {
      const land = () => resolve(items.map(i => `r${i}`))
      flights.push({ items, land, crash: () => reject(new Error(`crashed with ${items.length}`)) })
    })
  return { flights, run }
}

/** Fails instead of turning for ever. */
async function until(is: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !is(); i++) await turn()
  assert.ok(is(), String(is))
}

describe('group commit', () => {
  test('who comes while a transaction is under way shares a next one, and gets the answers to what it asked', async () => {
    const { flights, run } = slowRun()
    const collector = new Collector(run)
    const answers = [[1], [2], [3, 4], [5]].map(items => collector.add(items))
    const carried = () => flights.map(f => f.items)
    assert.deepEqual(carried(), [[1]])
    flights[0]!.land()
    await answers[0]
    await turn()
    // Half of what goes round, with the one that was just answered; the rest has company when that comes again.
    assert.deepEqual(carried(), [[1], [2, 3, 4]])
    const again = collector.add([6])
    flights[1]!.land()
    await answers[2]
    await turn()
    assert.deepEqual(carried(), [[1], [2, 3, 4], [5, 6]])
    flights[2]!.land()
    assert.deepEqual(await Promise.all([...answers, again]), [['r1'], ['r2'], ['r3', 'r4'], ['r5'], ['r6']])
    assert.equal(collector.busy, false)
  })

  test('the next one prepares itself while one commits, and waits for its turn', async () => {
    const told: string[] = []
    const ends: (() => void)[] = []
    const collector = new Collector(async (items: readonly string[], flight) => {
      told.push(`prepares ${items}`)
      await turn()
      await flight.turn()
      told.push(`commits ${items}`)
      flight.sent()
      await new Promise<void>(resolve => ends.push(resolve))
      if (items[0] === 'a') throw new Error('refused')
      return items.map(i => `r${i}`)
    })
    const answers = ['a', 'b', 'c', 'd'].map(item => collector.add([item]))
    const refused = assert.rejects(answers[0]!, /refused/)
    await until(() => told.length >= 3)
    await turn()
    assert.deepEqual(told, ['prepares a', 'commits a', 'prepares b,c'])
    ends[0]!()
    await refused
    await until(() => told.length >= 5)
    assert.deepEqual(told.slice(3), ['commits b,c', 'prepares d'])
    ends[1]!()
    await until(() => ends.length >= 3)
    ends[2]!()
    assert.deepEqual(await Promise.all(answers.slice(1)), [['rb'], ['rc'], ['rd']])
  })

  test('one that fails before its turn lets nobody past the one before it', async () => {
    const told: string[] = []
    const lands: (() => void)[] = []
    const collector = new Collector(async (items: readonly string[], flight) => {
      if (items[0] === 'bad') throw new Error('refused')
      await flight.turn()
      told.push(`commits ${items}`)
      flight.sent()
      await new Promise<void>(resolve => lands.push(resolve))
      return [...items]
    })
    const first = collector.add(['a'])
    await until(() => lands.length === 1)
    await assert.rejects(collector.add(['bad']), /refused/)
    const third = collector.add(['c'])
    for (let i = 0; i < 20; i++) await turn()
    assert.deepEqual(told, ['commits a'])
    lands[0]!()
    await first
    await until(() => lands.length === 2)
    lands[1]!()
    assert.deepEqual(await third, ['c'])
    assert.deepEqual(told, ['commits a', 'commits c'])
  })

  test('the fault of one request is its own: the others of its transaction are tried by themselves', async () => {
    const bad = new Set([4])
    const run = async (items: readonly number[]) => {
      await turn()
      if (items.some(i => bad.has(i))) throw new Error('refused')
      return items.map(i => `r${i}`)
    }
    const collector = new Collector(run)
    const settled = await Promise.allSettled([[1], [2], [3, 4], [5], [6]].map(items => collector.add(items)))
    assert.deepEqual(
      settled.map(s => (s.status === 'fulfilled' ? s.value : s.reason.message)),
      [['r1'], ['r2'], 'refused', ['r5'], ['r6']],
    )
  })

  test('a request is never split, however large, and transactions stay bounded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), async sizes => {
        const runs: number[] = []
        const collector = new Collector(async (items: readonly string[]) => {
          runs.push(items.length)
          await turn()
          return items.map(i => `r${i}`)
        })
        const requests = sizes.map((size, r) => Array.from({ length: size }, (_, i) => `${r}.${i}`))
        const answers = await Promise.all(requests.map(items => collector.add(items)))
        assert.deepEqual(
          answers,
          requests.map(items => items.map(i => `r${i}`)),
        )
        const largest = Math.max(...sizes)
        for (const run of runs) assert.ok(run <= Math.max(600, largest))
        assert.equal(
          runs.reduce((a, b) => a + b, 0),
          sizes.reduce((a, b) => a + b, 0),
        )
      }),
      { numRuns: 40 },
    )
  })
})
