import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { eventTypes, systemFactTypes } from '../contract/events/index.ts'
import { streamIdOf } from '../contract/identity.ts'
import type { Reactor } from '../contract/stream.ts'
import { HOUR } from '../kernel/instant.ts'
import { eventRow, newMemo, tell, typesOf, wakeRow, worldOf } from './fixtures.ts'
import { reactorsOf, triageSubjectOf } from './reactors.ts'
import type { IntakeRow, Memo } from './rows.ts'

const TYPES = new Set([...Object.keys(eventTypes), ...Object.keys(systemFactTypes)])

/** Which reactor is offered what another adds: `a > b` when a fact that `a` may add is one that `b` reacts to. */
function edgesOf(reactors: readonly Reactor<unknown>[]): Map<string, string[]> {
  const hears = (b: Reactor<unknown>, type: string) => b.on.includes(type) || b.on.includes('*')
  return new Map(
    reactors.map(a => [a.slice, reactors.filter(b => a.adds.some(type => hears(b, type))).map(b => b.slice)]),
  )
}

/** Every elementary cycle, written from its alphabetically first reactor. */
function cyclesOf(reactors: readonly Reactor<unknown>[]): string[] {
  const edges = edgesOf(reactors)
  const found: string[] = []
  const walk = (path: string[]): void => {
    for (const next of edges.get(path.at(-1)!) ?? []) {
      if (next === path[0]) found.push([...path, next].join(' > '))
      else if (next > path[0]! && !path.includes(next)) walk([...path, next])
    }
  }
  for (const slice of edges.keys()) walk([slice])
  return found.toSorted()
}

/** The cycles that we have, each with what ends it. A new one belongs here, with its reason. */
const CYCLES = {
  order: {
    'cases > cases': 'a case is opened, cleared or re-opened only where its status says the opposite',
    'cases > rules > cases': 'no rule reads cases: the rules pass over facts of cases and findings',
    'cases > shadow > rules > cases': 'as above, by way of the rules in shadow',
    'rules > rules': 'a rule raises only what is not held and clears only what is: slice `rules`',
    'rules > shadow > rules': 'both pass over the findings of either',
    'shadow > shadow': 'as for `rules`, in its own slice',
  },
  feed: {
    'cases > cases': 'as above',
    'cases > feed > cases': 'a feed that hears of a closed case adds no fact to it',
  },
  system: { 'cases > cases': 'as above' },
} as const

describe('the reactors of each stream', () => {
  for (const kind of ['order', 'feed', 'system'] as const)
    test(`${kind}: the cycles of the declared types are the known ones`, t => {
      const cycles = cyclesOf(reactorsOf(kind))
      for (const cycle of cycles) t.diagnostic(`${kind}: ${cycle}`)
      assert.deepEqual(cycles, Object.keys(CYCLES[kind]))
    })

  test('the search for cycles finds a planted one', () => {
    const [orders, rules, cases] = reactorsOf('order')
    const planted = { ...orders!, on: [...orders!.on, 'case.opened'], adds: ['finding.raised'] }
    assert.deepEqual(cyclesOf([planted, rules!, cases!]), [
      'cases > cases',
      'cases > orders > cases',
      'cases > orders > rules > cases',
      'cases > rules > cases',
      'rules > rules',
    ])
  })

  test('what they declare are types that the contract knows, and no slice or command belongs to two', () => {
    for (const kind of ['order', 'feed', 'system'] as const) {
      const reactors = reactorsOf(kind)
      for (const { on, adds } of reactors)
        for (const type of [...on, ...adds]) assert.ok(type === '*' || type === 'tick' || TYPES.has(type), type)
      const slices = reactors.map(r => r.slice)
      const commands = reactors.flatMap(r => r.commands ?? [])
      assert.equal(new Set(slices).size, slices.length)
      assert.equal(new Set(commands).size, commands.length)
    }
  })
})

describe('a feed', () => {
  const feed = streamIdOf('feed', 'feed', 'carrier')
  const world = worldOf(reactorsOf('feed'), { refsAt: () => ({ webhooks: false }) })
  const memo: Memo = { ...newMemo(reactorsOf('feed')), stream: feed, kind: 'feed' }
  const said = (n: number, at: number, matched: boolean, until: number): IntakeRow =>
    eventRow(n, at, matched ? 'feed.message_matched' : 'feed.message_unmatched', {
      ...{ stream: feed, kind: 'feed', what: 'signal', body: { feed: 'carrier', type: 'x', until } },
    })

  test('a message that waits too long opens a case, and its order clears it', () => {
    const until = 24 * HOUR
    const rows = [[said(1, 0, false, until)], [wakeRow(25 * HOUR)], [said(2, 30 * HOUR, true, until)]]
    assert.deepEqual(typesOf(tell(world, rows, memo).facts), [
      'feed.message_unmatched',
      'finding.raised',
      'case.opened',
      'feed.message_matched',
      'finding.cleared',
      'case.cleared',
    ])
  })

  // Both notices may wait together, and their ids do not say which comes first.
  test('the order in which notices are handled does not matter: in the end nothing waits that has been claimed', () => {
    const notice = fc.record({ until: fc.constantFrom(HOUR, 2 * HOUR, 5 * HOUR), swap: fc.boolean() })
    fc.assert(
      fc.property(fc.array(notice, { minLength: 1, maxLength: 8 }), notices => {
        const rows = notices.flatMap(({ until, swap }, i) => [
          said(2 * i, 0, swap, until),
          said(2 * i + 1, 0, !swap, until),
        ])
        const { facts, memo: after } = tell(world, [rows, [wakeRow(99 * HOUR)]], memo)
        assert.deepEqual(
          facts.filter(f => f.type.startsWith('finding.')).map(f => f.type),
          [],
        )
        assert.equal(after.wakeAt, null)
      }),
    )
  })
})

describe('money at risk', () => {
  // Rules would ask for their book.
  const reactors = reactorsOf('order').slice(0, 1)
  const after = (...bodies: readonly (readonly [string, object])[]) => {
    const rows = bodies.map(([type, body], n) =>
      eventRow(n, n, type, { body: JSON.parse(JSON.stringify({ ref: { orderNo: 'A-1' }, ...body })) }),
    )
    return triageSubjectOf(tell(worldOf(reactors), [rows]).memo).amount
  }
  const line = { sku: 'S', qty: 1, price: 900 }
  const order = (lines: readonly object[]) => ['order.placed', { currency: 'CNY', lines }] as const
  const pay = (amount: number) => ['payment.received', { amount, currency: 'CNY', method: 'card' }] as const

  test('is what was ordered, or what was paid when that is more', () => {
    assert.equal(after(order([line])), 900)
    assert.equal(after(order([line]), pay(500)), 900)
    assert.equal(after(order([line]), pay(1200)), 1200)
    // An order without lines whose money is there.
    assert.equal(after(order([]), pay(45_144)), 45_144)
  })
})
