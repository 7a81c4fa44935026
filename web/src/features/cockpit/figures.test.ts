import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { amountIn, hottest, mainCurrency, nowTimes, pointsBetween, rank, shareBetween, worstPoint } from './figures.ts'

const rows = { list: 'cases', query: {} } as const
type Pareto = NonNullable<Cockpit['pareto']>[number]
const type = (name: string, count: number, minor: number, minutes: number): Pareto => ({
  ...{ type: name, name: { zh: name, en: name }, count, minutes, rows, endedRows: rows },
  money: [
    { minor, currency: 'CNY' },
    { minor: 5, currency: 'USD' },
  ],
})

test('a headline has the currency that most of the money is in', () => {
  const amounts = [
    { minor: 100, currency: 'USD' },
    { minor: 900, currency: 'CNY' },
    { minor: 50, currency: 'USD' },
  ]
  assert.equal(mainCurrency(amounts), 'CNY')
  assert.equal(mainCurrency([]), null)
  assert.equal(amountIn(amounts, 'CNY'), 900)
  assert.equal(amountIn(amounts, 'EUR'), 0)
})

test('a change needs something on both sides', () => {
  assert.equal(pointsBetween(0.964, null), null)
  assert.ok(Math.abs((pointsBetween(0.964, 0.956) ?? 0) - 0.8) < 1e-9)
  assert.equal(shareBetween(100, 0), null)
  assert.equal(shareBetween(150, 100), 0.5)
})

test('types are ranked by the measure, and those that cost nothing in it are left out', () => {
  const items = [type('a', 9, 100, 0), type('b', 2, 900, 60), type('c', 4, 0, 30)]
  const names = (by: 'money' | 'count' | 'time'): string[] => rank(items, by, 'CNY').rows.map(row => row.item.type)
  assert.deepEqual(names('money'), ['b', 'a'])
  assert.deepEqual(names('count'), ['a', 'c', 'b'])
  assert.deepEqual(names('time'), ['b', 'c'])
  assert.equal(rank(items, 'money', 'CNY').total, 1000)
})

type Stage = NonNullable<Cockpit['stages']>['stages'][number]
const stage = (name: Stage['stage'], ...ratios: (number | null)[]): Stage => ({
  ...{ stage: name, name: { zh: name, en: name }, p95Ms: 1000 },
  cells: ratios.map(ratio => ({ left: 10, over: 1, ratio, rows: null })),
  now: { count: 20, over: 2, rows, overRows: rows },
})

test('the hottest stage is the one whose last slot is furthest from what is usual', () => {
  assert.equal(hottest([stage('paid', 9, 1.5), stage('picking', 1, 3.9, null)])?.stage.stage, 'picking')
  assert.equal(hottest([stage('paid', 9, 0.8)]), null)
  const few = stage('paid', 9)
  assert.equal(
    hottest([{ ...few, cells: few.cells.map(cell => ({ ...cell, left: 2 })) }]),
    null,
    'two orders are no trend',
  )
  assert.equal(hottest([{ ...few, now: { ...few.now, over: 0 } }]), null, 'nobody stands there too long now')
  assert.equal(nowTimes({ count: 20, over: 2 }), 2)
  assert.equal(nowTimes({ count: 0, over: 0 }), null)
})

type Point = NonNullable<Cockpit['flow']>[number]
const point = (opened: number, out: boolean): Point => ({
  ...{ from: '', to: '', opened, ended: 0, out, partial: false, openedRows: rows, endedRows: rows },
  limits: { mean: 10, lower: 4, upper: 16 },
})

test('what is said on the chart is said of the point furthest outside', () => {
  assert.equal(worstPoint([point(10, false), point(24, true), point(47, true), point(1, true)]), 2)
  assert.equal(worstPoint([point(10, false), point(12, false)]), null)
  assert.equal(worstPoint([]), null)
})
