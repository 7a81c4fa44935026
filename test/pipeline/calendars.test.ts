import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../src/app/compose.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import type { RuleDef } from '../../src/modules/rules/index.ts'
import { openWorld, paid, placed, streamOf, type World } from './world.ts'

const { calendars } = await shipped()
const at = (text: string): number => Date.parse(`${text}+08:00`)
const NAME = { zh: '等待', en: 'Waits' }

/** More than eight office hours since the payment. */
const rule: RuleDef = {
  ...{ id: 'office_wait', version: 1, stage: 'live', name: NAME, reason: NAME, type: 'office_wait' },
  ...{ severity: 'P2', clears: 'auto', scope: 'order', constants: {}, examples: [] },
  when: "has(order.paidAt) && !has(order.handedOverAt) && businessElapsed(order.paidAt, now, 'cn') > hours(8)",
}

const raised = async (world: World, orderNo: string) =>
  (await world.facts(streamOf(orderNo))).filter(f => f.type === 'finding.raised').map(f => f.occurredAt)

async function order(world: World, orderNo: string, when: number): Promise<void> {
  world.clock.advanceTo(when)
  await world.tell(placed(orderNo, when), paid(orderNo, when))
}

test('office hours pass over the Spring Festival and count on make-up workdays, live', async t => {
  const world = await openWorld({ start: at('2026-02-14T11:00:00'), with: { rules: [rule], calendars } }, t)
  // Saturday the 14th is worked; the 15th to the 23rd are off: 1 h before lunch, 4.5 h after it, 2.5 h on the 24th.
  await order(world, 'festival', at('2026-02-14T11:00:00'))
  // Friday the 27th from 16:00; the Saturday after it makes up for a bridge day: 2 h, then 3 h and 3 h.
  await order(world, 'makeup', at('2026-02-27T16:00:00'))
  await world.pass(30 * DAY)
  assert.deepEqual(await raised(world, 'festival'), [at('2026-02-24T11:30:00.001')])
  assert.deepEqual(await raised(world, 'makeup'), [at('2026-02-28T16:30:00.001')])
})

test('a calendar that changes has open orders reconsidered at that instant', async t => {
  const start = at('2026-02-27T16:00:00')
  const world = await openWorld({ start, with: { rules: [rule], calendars } }, t)
  await order(world, 'A', start)
  // The Saturday is taken off after all, told on Saturday at noon: its three hours do not count any more.
  const off = calendars.map(c => (c.id === 'cn' ? { ...c, days: { ...c.days, '2026-02-28': [] } } : c))
  const change = at('2026-02-28T12:00:00')
  await world.pipeline.references.publishCalendars(world.db, off, change)
  await world.pipeline.references.refresh(world.db)
  await world.pass(10 * DAY)
  // 2 h on Friday, then Monday: 3 h before lunch and 3 h after it.
  assert.deepEqual(await raised(world, 'A'), [at('2026-03-02T16:30:00.001')])
})

test('an order whose hours are over when the calendar comes into force is found by the sweep', async t => {
  const start = at('2026-03-07T09:00:00')
  const world = await openWorld({ start, with: { rules: [rule], calendars } }, t)
  await order(world, 'A', start)
  await world.pass(4 * HOUR)
  // Weekends are worked from Sunday 00:00 on, as if they always had been.
  const worked = calendars.map(c =>
    c.id === 'cn' ? { ...c, days: { ...c.days, '2026-03-07': [[0, 24 * HOUR]] as const } } : c,
  )
  const change = at('2026-03-08T00:00:00')
  await world.pipeline.references.publishCalendars(world.db, worked, change)
  await world.pipeline.references.refresh(world.db)
  await world.pass(DAY)
  await world.pipeline.ruleWatch.sweep()
  await world.pipeline.drained()
  assert.deepEqual(await raised(world, 'A'), [change])
})
