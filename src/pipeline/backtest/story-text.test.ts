import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Frame, Story } from './story.ts'
import { apply } from './story.ts'
import { storyIn, storyText } from './story-text.ts'

const FIELDS = ['paidAt', 'status', 'paid', 'city', 'orderNo']
const ROOTS = ['lines', 'parcels', 'node']
const value = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('a\tb', 'x\norder.paidAt\t[0,1]', '华东', '"', '\\', ''),
)
const order = fc.record(Object.fromEntries(FIELDS.map(f => [f, fc.oneof(value, fc.constant(null))])), {
  requiredKeys: [],
  noNullPrototype: true,
})
const others = fc.record(
  Object.fromEntries(
    ROOTS.map(r => [r, fc.array(fc.record({ sku: value }, { noNullPrototype: true }), { maxLength: 2 })]),
  ),
  {
    requiredKeys: [],
    noNullPrototype: true,
  },
)
const frames = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1e12 }), order, others), { minLength: 1, maxLength: 8 })
  .map((list): Frame[] =>
    list.map(([gap, fields, roots], i) => {
      const at = gap + i * 1e12
      return Object.keys(roots).length > 0 ? [at, fields, roots] : [at, fields]
    }),
  )
const marks = fc.array(fc.tuple(fc.constant('late'), fc.nat(), fc.option(fc.nat())), { minLength: 1, maxLength: 2 })
const story: fc.Arbitrary<Story> = fc.record({ f: frames, m: marks }, { requiredKeys: ['f'], noNullPrototype: true })

test('what is written is read again', () => {
  fc.assert(fc.property(story, told => assert.deepEqual(storyIn(storyText(told)), told)))
  assert.deepEqual(storyIn(storyText({ f: [[5, {}]] })), { f: [[5, {}]] })
})

test('whoever wants few facts is told of these what the whole story tells, at each instant', () => {
  const wanted = fc.subarray(['order.paidAt', 'order.paid', 'order.city', 'lines', 'node', 'order.unknown', 'nothing'])
  fc.assert(
    fc.property(story, wanted, (told, paths) => {
      const few = storyIn(storyText(told), paths)
      assert.deepEqual([few.m, few.f[0]![0], few.f.at(-1)![0]], [told.m, told.f[0]![0], told.f.at(-1)![0]])
      const at = (frames: readonly Frame[], now: number): object => {
        const values: { order?: object } = {}
        for (const frame of frames) if (frame[0] <= now) apply(values, frame)
        const all = {
          ...values,
          ...Object.fromEntries(Object.entries(values.order ?? {}).map(([k, v]) => [`order.${k}`, v])),
        }
        return Object.fromEntries(Object.entries(all).filter(([path]) => paths.includes(path)))
      }
      for (const [now] of told.f) assert.deepEqual(at(few.f, now), at(told.f, now))
    }),
  )
})
