import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, MINUTE } from '../../kernel/instant.ts'
import { newBook, runningIncidents, shopOf, speedOf, withIncident, withIncidentEnded, withSettings } from './book.ts'

const OPENS = Date.UTC(2026, 10, 21, 8)
const at = (minutes: number) => ({ at: OPENS + minutes * MINUTE, realAt: OPENS, by: 'user:anna' })

test('a change of the speed is written down with its instants and who made it; one that changes nothing is not', () => {
  const book = newBook(7, OPENS)
  assert.equal(book.startsAt, OPENS - 2 * DAY)
  const fast = withSettings(book, { speed: 60 }, at(1))
  assert.deepEqual(fast.changes, [{ at: OPENS + MINUTE, realAt: OPENS, speed: 60, by: 'user:anna' }])
  assert.equal(fast.revision, book.revision + 1)
  assert.equal(withSettings(fast, { speed: 60, staff: 'team' }, at(2)), fast)
  const paused = withSettings(fast, { paused: true }, at(3))
  assert.deepEqual([speedOf(paused), paused.speed, paused.changes[0]?.speed], [0, 60, 0])
  assert.equal(speedOf(withSettings(paused, { paused: false }, at(4))), 60)
  assert.equal(speedOf(withSettings(paused, { speed: 10 }, at(4))), 10, 'who chooses a speed wants to see it')
  const alone = withSettings(fast, { staff: 'me' }, at(5))
  assert.deepEqual([alone.staff, alone.changes.length], ['me', 1], 'who works is no change of speed')
})

test('an incident lasts its time, can be ended early, and has an id of its own', () => {
  const strike = { kind: 'warehouse_strike', target: 'wuhan' } as const
  const one = withIncident(newBook(7, OPENS), { ...strike, minutes: 30 }, at(0))
  const two = withIncident(one, strike, at(1))
  const [second, first] = two.incidents
  assert.notEqual(first?.id, second?.id)
  assert.equal(second!.until - second!.from, 480 * MINUTE, 'as long as its kind lasts')
  assert.deepEqual(runningIncidents(two, OPENS + 30 * MINUTE), [second], 'its end is not part of it')
  const ended = withIncidentEnded(two, second!.id, OPENS + 40 * MINUTE)!
  assert.deepEqual(runningIncidents(ended, OPENS + 40 * MINUTE), [])
  assert.equal(withIncidentEnded(ended, second!.id, OPENS + 50 * MINUTE), ended, 'over is over')
  assert.equal(withIncidentEnded(two, 'nothing', OPENS), null)
})

test('lists stay short, and what still lasts stays in them', () => {
  let book = withIncident(newBook(7, OPENS), { kind: 'promotion', target: 'web', minutes: 4000 }, at(0))
  for (let n = 1; n <= 400; n++) book = withIncident(book, { kind: 'stock_out', target: 'AF-50', minutes: 5 }, at(n))
  assert.ok(book.incidents.length <= 101)
  assert.equal(book.incidents.at(-1)?.kind, 'promotion')
  for (let n = 1; n <= 400; n++) book = withSettings(book, { speed: 1 + (n % 2) }, at(n))
  assert.equal(shopOf(book, { now: OPENS, phase: 'running', behind: false }).changes.length, 100)
})
