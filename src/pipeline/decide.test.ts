import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuse } from '../contract/stream.ts'
import { decideStream, MAX_FACTS_PER_ROW } from './decide.ts'
import { commandRow, eventRow, newMemo, reactor, STREAM, tell, typesOf, wakeRow, worldOf } from './fixtures.ts'

/** Counts its facts; one `go` adds as many facts `more` as its body says. */
const counter = reactor<number>({
  slice: 'n',
  initial: 0,
  on: ['go'],
  evolve: n => n + 1,
  react: (_view, fact) => ({
    facts: Array.from({ length: 'body' in fact ? Number(fact.body.more ?? 0) : 0 }, () => ({ type: 'more', body: {} })),
  }),
})
/** Throws on `bad`, in the fold or in the reaction. */
const fragile = reactor<string[]>({
  slice: 'seen',
  initial: [],
  on: ['bad'],
  evolve: (seen, fact) => {
    if (fact.type === 'worse') throw Object.assign(new Error('cannot fold'), { code: 'no_fold' })
    return [...seen, fact.type]
  },
  react: () => {
    throw new Error('cannot react')
  },
})
/** Adds `rung` every `every` ms from its first fact on, for ever; each time tells a neighbour. */
const bell = (every: number) =>
  reactor<{ next: number | null }>({
    slice: 'bell',
    initial: { next: null },
    on: ['tick'],
    evolve: (state, fact) => {
      if (fact.type === 'start') return { next: fact.recordedAt + every }
      return fact.type === 'rung' ? { next: fact.recordedAt + every } : state
    },
    react: () => ({
      facts: [{ type: 'rung', body: {} }],
      signals: [{ to: 'f-1', kind: 'feed', type: 'heard', body: {} }],
    }),
    wakeAt: view => (view.slices.bell as { next: number | null }).next,
  })

describe('the loop of one stream', () => {
  test('a fact is folded into all slices before anybody reacts, and what is added joins the queue', () => {
    const first = reactor<string>({
      slice: 'a',
      initial: '',
      on: ['go', 'echo'],
      evolve: (s, fact) => `${s}${fact.type} `,
      react: (view, fact) =>
        fact.type === 'go' ? { facts: [{ type: 'echo', body: { b: String(view.slices.b) } }] } : {},
    })
    const second = reactor<string>({
      slice: 'b',
      initial: '',
      on: ['go'],
      evolve: (s, fact) => `${s}${fact.type} `,
      react: view => ({
        facts: [{ type: 'last', body: { a: String(view.slices.a) }, actor: 'rule:x@1', occurredAt: 3 }],
      }),
    })
    const { facts, memo } = tell(worldOf([first, second]), [[eventRow(1, 10, 'go', { occurredAt: 5 })]])
    assert.deepEqual(
      facts.map(f => [f.seq, f.type, f.body, f.actor, f.occurredAt, f.recordedAt, f.cause]),
      [
        [1, 'go', {}, 'feed:shop', 5, 10, 'row-000001'],
        [2, 'echo', { b: 'go ' }, 'system', 10, 10, 'row-000001'],
        [3, 'last', { a: 'go ' }, 'rule:x@1', 3, 10, 'row-000001'],
      ],
    )
    assert.deepEqual(memo.slices, { a: 'go echo last ', b: 'go echo last ' })
    assert.deepEqual([memo.version, memo.clock], [3, 10])
  })

  test('only the fact of the row itself keeps its stored text; what follows is serialised anew', () => {
    const { facts } = tell(worldOf([counter]), [[eventRow(1, 1, 'go', { body: { more: 1 }, stored: '{"more": 1}' })]])
    assert.deepEqual(
      facts.map(f => f.stored),
      ['{"more": 1}', undefined],
    )
  })

  test('a message is kept in the version it came in, what we add is in the newest', () => {
    const { facts } = tell(worldOf([counter], { versionOf: type => (type === 'more' ? 7 : 2) }), [
      [eventRow(1, 1, 'go', { body: { more: 1 } })],
    ])
    assert.deepEqual(
      facts.map(f => f.v),
      [1, 7],
    )
  })

  test('now never runs backwards, whatever the rows say', () => {
    const { facts, memo } = tell(worldOf([counter]), [[eventRow(1, 50, 'go'), eventRow(2, 20, 'go')]])
    assert.equal(memo.clock, 50)
    assert.deepEqual(typesOf(facts), ['go', 'go'])
  })

  test('what is written down later is recorded later: no fact stands in an earlier month than the one before it', () => {
    const { facts } = tell(worldOf([counter]), [[eventRow(1, 50, 'go'), eventRow(2, 20, 'go')]])
    const recorded = facts.map(f => f.recordedAt)
    assert.deepEqual(
      recorded,
      recorded.toSorted((a, b) => a - b),
    )
  })

  test('imported history is handled in the past and recorded now', () => {
    const row = eventRow(1, 900, 'start', { historical: true, knownAt: 100, occurredAt: 90 })
    const { facts, memo } = tell(worldOf([bell(50)], { wakeRecordedAt: () => 900 }), [
      [row, eventRow(2, 900, 'go', { historical: true, knownAt: 200 })],
    ])
    assert.equal(memo.historical, true)
    assert.deepEqual(
      facts.map(f => [f.type, f.occurredAt, f.recordedAt, f.knownAt]),
      [
        ['start', 90, 900, 100],
        ['go', 900, 900, 200],
      ],
    )
  })

  test('a stream stops being historical when something happens to it live', () => {
    const history = eventRow(1, 5, 'go', { historical: true })
    assert.equal(tell(worldOf([counter]), [[history]]).memo.historical, true)
    assert.equal(tell(worldOf([counter]), [[history, commandRow(2, 6, 'x')]]).memo.historical, true)
    assert.equal(tell(worldOf([counter]), [[history, eventRow(2, 6, 'go')]]).memo.historical, false)
    assert.equal(tell(worldOf([counter]), [[eventRow(2, 6, 'go'), history]]).memo.historical, false)
  })
})

describe('wakes', () => {
  const world = worldOf([bell(10), counter])

  test('a row finds every wake before it done, each at its own instant', () => {
    const { facts } = tell(world, [[eventRow(1, 5, 'start'), eventRow(2, 37, 'go')]])
    assert.deepEqual(
      facts.map(f => `${f.type} ${f.recordedAt} ${f.cause}`),
      ['start 5 row-000001', 'rung 15 null', 'rung 25 null', 'rung 35 null', 'go 37 row-000002'],
    )
  })

  test('the wake at the very instant of a row comes before it', () => {
    const { facts } = tell(world, [[eventRow(1, 5, 'start'), eventRow(2, 15, 'go')]])
    assert.deepEqual(typesOf(facts), ['start', 'rung', 'go'])
  })

  test('late is as punctual: one wake for long, or each in its time', () => {
    const late = tell(world, [[eventRow(1, 5, 'start')], [wakeRow(58)]])
    const punctual = tell(world, [[eventRow(1, 5, 'start')], ...[15, 25, 26, 35, 45, 55, 58].map(at => [wakeRow(at)])])
    assert.deepEqual(late.facts, punctual.facts)
    assert.deepEqual(late.memo, punctual.memo)
    assert.deepEqual(late.rest.signals, punctual.rest.signals)
  })

  test('signals have an id of their own, the same however the rows are cut into steps', () => {
    const rows = [eventRow(1, 5, 'start'), wakeRow(20), eventRow(2, 31, 'go'), wakeRow(40)]
    const together = tell(world, [rows]).rest.signals
    assert.equal(new Set(together.map(s => s.id)).size, 3)
    assert.deepEqual(
      tell(
        world,
        rows.map(row => [row]),
      ).rest.signals,
      together,
    )
  })

  test('a wake that is not after now is a mistake of a reactor, and costs it its row', () => {
    const stuck = reactor({ slice: 's', initial: 0, wakeAt: (_view, now) => now })
    const { memo, rest } = tell(worldOf([stuck]), [[eventRow(1, 5, 'go')]])
    assert.equal(memo.version, 0)
    assert.match(rest.failed[0]!.message, /is not after 5/)
  })

  test('a stream that wakes without end before a row is stopped', () => {
    const { rest } = tell(worldOf([bell(1)]), [[eventRow(1, 1, 'start'), eventRow(2, 1_000_000, 'go')]])
    assert.deepEqual(
      rest.failed.map(f => [f.work.id, f.code]),
      [['row-000002', 'fact_storm']],
    )
  })

  test('a wake that throws is not tried again at once; the next row arms the stream anew', () => {
    const bomb = reactor<number>({
      slice: 'b',
      initial: 0,
      on: ['tick'],
      evolve: (_n, fact) => fact.recordedAt + 10,
      react: () => {
        throw new Error('boom')
      },
      wakeAt: view => view.slices.b as number,
    })
    const { memo, rest } = tell(worldOf([bomb]), [[eventRow(1, 5, 'go')], [wakeRow(20)]])
    assert.deepEqual(
      rest.failed.map(f => [f.work.what, f.message]),
      [['wake', 'boom']],
    )
    assert.deepEqual([memo.wakeAt, memo.version], [null, 1])
  })
})

describe('rows that cannot take effect', () => {
  test('a throwing reactor costs its row only; what was folded of it is undone', () => {
    const rows = ['ok', 'bad', 'ok', 'worse', 'ok'].map((type, i) => eventRow(i, i, type))
    const { memo, facts, rest } = tell(worldOf([counter, fragile]), [rows])
    assert.deepEqual(typesOf(facts), ['ok', 'ok', 'ok'])
    assert.deepEqual(memo.slices, { n: 3, seen: ['ok', 'ok', 'ok'] })
    assert.deepEqual(
      facts.map(f => f.seq),
      [1, 2, 3],
    )
    assert.deepEqual(
      rest.failed.map(f => [f.work.id, f.code, f.message]),
      [
        ['row-000001', 'threw', 'cannot react'],
        ['row-000003', 'no_fold', 'cannot fold'],
      ],
    )
    assert.equal(rest.consumed.length, 5)
  })

  test('a storm of facts costs its row only, and tells the chain', () => {
    const rows = [1, MAX_FACTS_PER_ROW, MAX_FACTS_PER_ROW - 1].map((more, i) =>
      eventRow(i, i, 'go', { body: { more } }),
    )
    const { facts, rest } = tell(worldOf([counter]), [rows])
    assert.equal(facts.length, 2 + MAX_FACTS_PER_ROW)
    assert.deepEqual(
      rest.failed.map(f => [f.work.id, f.code]),
      [['row-000001', 'fact_storm']],
    )
    assert.match(rest.failed[0]!.message, /more > more > more/)
  })

  test('a loop of reactors is a storm too', () => {
    const loop = reactor({
      slice: 'l',
      initial: 0,
      on: ['ping'],
      react: () => ({ facts: [{ type: 'ping', body: {} }] }),
    })
    const { facts, rest } = tell(worldOf([loop]), [[eventRow(1, 1, 'ping'), eventRow(2, 2, 'go')]])
    assert.deepEqual(typesOf(facts), ['go'])
    assert.equal(rest.failed[0]!.code, 'fact_storm')
  })

  test('signals, sends, parts and outcomes of a row that failed are undone with it', () => {
    const eager = reactor({
      slice: 'e',
      initial: 0,
      on: ['go', 'boom'],
      commands: ['try'],
      react: (_view, fact) => {
        if (fact.type === 'boom') throw new Error('late')
        return {
          facts: [{ type: 'boom', body: {} }],
          signals: [{ to: 'f-1', kind: 'feed', type: 'x', body: {} }],
          sends: [{ channel: 'webhook', key: 'k', type: 'x', body: {} }],
          parts: [{ kind: 'k', part: 'p', body: {} }],
        }
      },
      handle: () => ({ facts: [{ type: 'go', body: {} }] }),
    })
    const { rest, facts } = tell(worldOf([eager]), [
      [eventRow(0, 0, 'open'), eventRow(1, 1, 'go'), commandRow(2, 2, 'try')],
    ])
    assert.deepEqual(typesOf(facts), ['open'])
    const { failed, consumed, ...effects } = rest
    assert.deepEqual(effects, { signals: [], sends: [], parts: [], outcomes: [] })
    assert.deepEqual([failed.length, consumed.length], [2, 3])
  })
})

describe('commands', () => {
  const till = reactor<number>({
    slice: 'till',
    initial: 0,
    commands: ['pay'],
    evolve: (sum, fact) => (fact.type === 'paid' ? sum + Number(fact.body.amount) : sum),
    handle: (view, { body, actor }) =>
      body.amount === 0
        ? refuse('nothing_to_pay', { least: 1 })
        : { facts: [{ type: 'paid', body, actor }], answer: { before: view.slices.till as number } },
  })
  const world = worldOf([till])
  const opened = tell(world, [[eventRow(1, 1, 'open')]]).memo

  test('an accepted one gives facts by its actor and an answer with the version', () => {
    const { facts, rest } = tell(world, [[commandRow(2, 7, 'pay', { amount: 5 })]], opened)
    assert.deepEqual(
      facts.map(f => [f.seq, f.type, f.actor, f.occurredAt, f.cause]),
      [[2, 'paid', 'user:anna', 7, 'row-000002']],
    )
    assert.deepEqual(rest.outcomes, [
      {
        bucket: opened.bucket,
        commandId: 'row-000002',
        status: 200,
        stream: STREAM,
        version: 2,
        at: 7,
        body: { before: 0 },
        request: '',
      },
    ])
  })

  test('a refused one is recorded in the ledger, by whom it came from, and answered with its code', () => {
    const { facts, rest } = tell(world, [[commandRow(2, 7, 'pay', { amount: 0 })]], opened)
    assert.deepEqual(
      facts.map(f => [f.type, f.actor, f.body]),
      [['command.refused', 'user:anna', { command: 'pay', code: 'nothing_to_pay', detail: { least: 1 } }]],
    )
    assert.deepEqual([rest.outcomes[0]!.status, rest.outcomes[0]!.version], [409, 2])
    assert.deepEqual(rest.outcomes[0]!.body, { code: 'nothing_to_pay', detail: { least: 1 } })
  })

  test('a command that nobody takes is refused', () => {
    const { rest } = tell(world, [[commandRow(2, 7, 'dance')]], opened)
    assert.deepEqual(rest.outcomes[0]!.body, { code: 'command_unknown' })
  })

  test('a command to a stream that does not exist is refused and does not make one', () => {
    for (const type of ['pay', 'dance']) {
      const { rest, facts, memo } = tell(world, [[commandRow(2, 7, type, { amount: 5 })]])
      assert.deepEqual(rest.outcomes[0]!.body, { code: 'stream_not_found' })
      assert.deepEqual([facts, memo.version], [[], 0])
    }
  })

  test('a handler that throws gives no outcome: its row is quarantined', () => {
    const broken = reactor({
      slice: 'x',
      initial: 0,
      commands: ['pay'],
      handle: () => {
        throw new Error('till is jammed')
      },
    })
    const { after, outcomes, failed } = decideStream(
      { ...newMemo([broken]), version: 3 },
      [commandRow(1, 1, 'pay')],
      worldOf([broken]),
    )
    assert.deepEqual([after.version, outcomes.length, failed[0]!.message], [3, 0, 'till is jammed'])
  })
})
