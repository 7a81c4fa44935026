import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeAxis } from './time-axis.ts'

const HOUR = 3_600_000
const START = new Date(2026, 10, 11, 5, 20).getTime()

test('marks are few and lie inside, whatever the span', () => {
  for (const hours of [2, 9, 30, 70, 200, 2000, 20_000]) {
    const marks = timeAxis(START, START + hours * HOUR).marks()
    assert.ok(marks.length >= 1 && marks.length <= 9, `${hours} h: ${marks.length}`)
    assert.ok(marks.every(({ at }) => at >= START && at < START + hours * HOUR))
  }
})

test('days are named as such, hours are whole', () => {
  const marks = timeAxis(START, START + 30 * HOUR).marks()
  assert.ok(marks.every(({ at }) => new Date(at).getMinutes() === 0))
  assert.deepEqual(
    marks.filter(({ day }) => day).map(({ at }) => new Date(at).getHours()),
    [0],
  )
})
