import assert from 'node:assert/strict'
import { test } from 'node:test'
import { promise, promiseEndsAt } from './promise.ts'

const schema = promise()

test('a promised day ends when the next one starts where the customer is', () => {
  const ends = (to: string, zone: string) => new Date(promiseEndsAt({ grain: 'day', to, zone })).toISOString()
  assert.equal(ends('2018-02-01', 'America/Sao_Paulo'), '2018-02-02T02:00:00.000Z')
  // That night the clocks jumped from midnight to one: the next day starts at the jump.
  assert.equal(ends('2017-10-14', 'America/Sao_Paulo'), '2017-10-15T03:00:00.000Z')
  assert.equal(ends('2026-11-25', 'Asia/Shanghai'), '2026-11-25T16:00:00.000Z')
})

test('a promised instant is its own end', () => {
  const said = schema.parse({ grain: 'instant', to: '2026-11-26T18:00:00+08:00', zone: 'Asia/Shanghai' })
  assert.equal(promiseEndsAt(said), Date.UTC(2026, 10, 26, 10))
})

test('a day and an instant do not mix, and `from` is not after `to`', () => {
  const zone = 'Asia/Shanghai'
  const bad = [
    { grain: 'day', to: '2026-11-26T18:00:00+08:00', zone },
    { grain: 'instant', to: '2026-11-26', zone },
    { grain: 'week', to: '2026-11-26', zone },
    { grain: 'day', to: '2026-02-30', zone },
    { grain: 'day', to: '2026-11-26', zone: '+08:00' },
    { grain: 'day', to: '2026-11-26' },
    { grain: 'day', from: '2026-11-27', to: '2026-11-26', zone },
    { grain: 'instant', from: '2026-11-26T10:00:01Z', to: '2026-11-26T10:00:00Z', zone },
  ]
  for (const given of bad) assert.equal(schema.safeParse(given).success, false, JSON.stringify(given))
})
