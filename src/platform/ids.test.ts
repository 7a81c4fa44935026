import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedClock } from './clock.ts'
import { timeOfUuid, uuidMaker } from './ids.ts'

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const START = 1_800_000_000_000
const ones = (count: number) => new Uint8Array(count).fill(0xff)

test('has the form, version and time of a UUIDv7', () => {
  const id = uuidMaker({ clock: simulatedClock(START), random: ones })()
  assert.match(id, UUID7)
  assert.equal(timeOfUuid(id), START)
})

test('10,000 ids at one instant ascend and differ', () => {
  const make = uuidMaker({ clock: simulatedClock(START), random: ones })
  const ids = Array.from({ length: 10_000 }, make)
  assert.deepEqual(ids, [...ids].sort())
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, UUID7)
})

test('ascends when the clock goes back', () => {
  let now = START
  const make = uuidMaker({ clock: { now: () => now, sleepUntil: async () => {} }, random: ones })
  const first = make()
  now -= 5000
  assert.ok(make() > first)
})

test('equal sources give equal ids', () => {
  const make = () => uuidMaker({ clock: simulatedClock(START), random: count => new Uint8Array(count).fill(7) })()
  assert.equal(make(), make())
})
