import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CaseItem, CaseSummary } from '../../../../../src/contract/api/index.ts'
import { CaseList, type CaseListDeps, WINDOW, type Window } from './case-list.ts'
import { linesOf } from './lines.ts'
import { matches } from './matches.ts'

const item = (n: number, more: Partial<CaseItem> = {}): CaseItem => ({
  ...{ id: `c-${n}`, number: `C-${n}`, stream: `o-${n}`, version: 1, orderNo: `A-${n}`, channel: 'web', region: null },
  ...{
    type: 'late',
    name: { zh: '晚', en: 'Late' },
    scope: '',
    severity: 'P1',
    status: 'open',
    holds: true,
    owner: null,
  },
  ...{ rule: { id: 'late', version: 1 }, cause: null, reopened: 0, amount: { minor: 100, currency: 'CNY' } },
  ...{ openedAt: '2026-11-12T00:00:00.000Z', acknowledgedAt: null, resolvedAt: null, closedAt: null, endedAt: null },
  ...{
    dueAt: '2026-11-12T04:00:00.000Z',
    dueBy: 'budget',
    budgetMs: 1,
    pausedMs: 0,
    promiseEndsAt: null,
    waiting: null,
  },
  ...{ snoozedUntil: null, updatedAt: '2026-11-12T00:00:00.000Z', evidence: [] },
  ...more,
})
const settled = () => new Promise(done => setImmediate(done))

const NOW = '2026-11-12T01:00:00.000Z'
const figures = (count: number): CaseSummary => ({
  ...{ now: NOW, count, exact: true, money: [], due: [], groups: null, facets: null },
})

function listOf(total: number, more: Partial<CaseListDeps> = {}) {
  const asked: (number | string)[] = []
  const due: (() => void)[] = []
  const list = new CaseList({
    summarise: async () => figures(total),
    fetch: async ({ limit, ...where }): Promise<Window> => {
      const offset = 'offset' in where ? where.offset : Number(where.cursor.slice(1))
      asked.push('offset' in where ? offset : where.cursor)
      const count = Math.max(0, Math.min(limit, total - offset))
      const next = offset + count < total ? `>${offset + count}` : null
      return { items: Array.from({ length: count }, (_, i) => item(offset + i)), next }
    },
    belongs: given => given.status === 'open',
    later: (_, work) => {
      due.push(work)
      return () => {}
    },
    ...more,
  })
  return { list, asked, due }
}

describe('a list of any length', () => {
  it('reads what is looked at, once: from a place that is known, else after so many', async () => {
    const { list, asked } = listOf(100_000)
    await settled()
    list.need([5, 30])
    list.need([90, 120])
    list.need([99_950, 99_999])
    await settled()
    assert.deepEqual(asked, [0, '>100', 99_900])
    const { summary, items } = list.snapshot()
    assert.deepEqual([summary?.count, items.size, items.get(99_999)?.id], [100_000, 3 * WINDOW, 'c-99999'])
  })

  it('reads nothing of what is folded away between two rows, also when it is read again', async () => {
    const { list, asked } = listOf(100_000)
    await settled()
    list.need([99, 70_000])
    await settled()
    await list.reload()
    assert.deepEqual(asked, [0, 70_000, 0, 70_000])
  })

  it('still knows what is held when another part is read again, and lets go of what left', async () => {
    const { list } = listOf(1000)
    await settled()
    list.need([500])
    await settled()
    list.hold(new Set(['c-3', 'c-4', 'c-500']))
    list.told([item(4, { version: 2, status: 'closed' })])
    await list.reload()
    const known = ['c-3', 'c-4', 'c-5', 'c-500'].map(id => list.item(id)?.id)
    assert.deepEqual(known, ['c-3', undefined, undefined, 'c-500'])
    list.told([item(3, { version: 2, owner: 'user:anna' })])
    assert.equal(list.item('c-3')?.owner, 'user:anna')
    list.told([item(3, { version: 3, status: 'closed' })])
    assert.equal(list.item('c-3'), null)
    list.hold(new Set())
    assert.equal(list.item('c-500')?.id, 'c-500')
  })

  it('takes a guess back for what was refused, unless it was told otherwise since', async () => {
    const { list } = listOf(50)
    await settled()
    const takeBack = list.patch(['c-1', 'c-2', 'c-3'], c => ({ ...c, status: 'acknowledged' }))
    list.told([item(2, { version: 2, status: 'open', owner: 'user:ben' })])
    takeBack(['c-1', 'c-2'])
    const shown = ['c-1', 'c-2', 'c-3'].map(id => [list.item(id)?.status, list.item(id)?.version])
    assert.deepEqual(shown, [
      ['open', 1],
      ['open', 2],
      ['acknowledged', 1],
    ])
  })

  it('changes a row in its place, and only to something newer', async () => {
    const { list, due } = listOf(50)
    await settled()
    list.told([item(3, { version: 5, owner: 'user:anna' })])
    assert.deepEqual([list.snapshot().items.get(3)?.owner, [...list.snapshot().changed]], ['user:anna', ['c-3']])
    list.told([item(3, { version: 4, owner: 'user:ben' })])
    assert.equal(list.snapshot().items.get(3)?.owner, 'user:anna')
    due[0]!()
    assert.equal(list.snapshot().changed.size, 0)
  })

  it('counts what comes and goes and moves nothing until it is read again', async () => {
    const { list, asked } = listOf(50)
    await settled()
    list.told([item(900), item(901, { status: 'closed' }), item(7, { version: 2, status: 'closed' })])
    const { news, gone, items } = list.snapshot()
    assert.deepEqual([[...news], [...gone], items.get(7)?.status], [['c-900'], ['c-7'], 'closed'])
    list.told([item(900, { version: 2, status: 'closed' }), item(7, { version: 3 })])
    assert.deepEqual([list.snapshot().news.size, list.snapshot().gone.size], [0, 0])
    list.told([item(902)])
    await list.reload()
    assert.deepEqual([list.snapshot().news.size, asked], [0, [0, 0]])
  })

  it('is told while an answer is under way, and the answer is of before', async () => {
    const { list } = listOf(50)
    list.told([item(3, { version: 2, owner: 'user:anna' }), item(900)])
    await settled()
    const { items, news } = list.snapshot()
    assert.deepEqual([items.get(3)?.owner, [...news]], ['user:anna', ['c-900']])
  })

  it('finds out what nobody told, and moves nothing until it is read again', async () => {
    const answers = [
      [item(1), item(2), item(3), item(4)],
      [item(900), item(1), item(3, { version: 2, owner: 'user:anna' }), item(4)],
    ]
    const { list } = listOf(4, { fetch: async () => ({ items: answers.shift() ?? [], next: null }) })
    await settled()
    await list.compare()
    const { items, news, gone } = list.snapshot()
    const shown = [...items.values()].map(({ id, owner }) => [id, owner])
    assert.deepEqual(shown, [
      ['c-1', null],
      ['c-2', null],
      ['c-3', 'user:anna'],
      ['c-4', null],
    ])
    assert.deepEqual([[...news], [...gone]], [['c-900'], ['c-2']])
  })

  it('takes what only moved over the end of what is looked at for neither come nor gone', async () => {
    const pages = [Array.from({ length: WINDOW }, (_, i) => item(i))]
    pages.push([item(2000), ...(pages[0] ?? []).slice(0, -1)])
    pages.push([...(pages[0] ?? []).slice(1), item(100)])
    const { list } = listOf(1000, { fetch: async () => ({ items: pages.shift() ?? [], next: '>' }) })
    await settled()
    await list.compare()
    assert.deepEqual([[...list.snapshot().news], [...list.snapshot().gone]], [['c-2000'], []])
    await list.compare()
    assert.deepEqual([[...list.snapshot().news], [...list.snapshot().gone]], [['c-2000'], ['c-0']])
  })

  it('looks what became of rows that were out of sight when they are looked at again', async () => {
    let owner: string | null = null
    const asked: number[] = []
    const { list } = listOf(1000, {
      fetch: async ({ limit, ...where }) => {
        const offset = 'offset' in where ? where.offset : Number(where.cursor.slice(1))
        asked.push(offset)
        const items = Array.from({ length: limit }, (_, i) => item(offset + i, owner ? { version: 2, owner } : {}))
        return { items, next: `>${offset + limit}` }
      },
    })
    await settled()
    list.need([350])
    await settled()
    list.need([5])
    owner = 'user:ben'
    await list.compare()
    list.need([350])
    await settled()
    list.need([350])
    await settled()
    assert.deepEqual(asked, [0, 300, 0, 300])
    assert.equal(list.item('c-350')?.owner, 'user:ben')
  })

  it('compares a part that was on its way when it is there', async () => {
    const late = Promise.withResolvers<Window>()
    const answers = [[item(0)], late.promise, [item(0)], [item(100, { version: 2, owner: 'user:ben' })]]
    const { list } = listOf(1000, {
      fetch: async () => {
        const answer = await (answers.shift() ?? [])
        return 'items' in answer ? answer : { items: answer, next: '>' }
      },
    })
    await settled()
    list.need([0, 100])
    await list.compare()
    late.resolve({ items: [item(100)], next: '>' })
    await settled()
    assert.equal(list.item('c-100')?.owner, 'user:ben')
  })

  it('awaits the first reading, and then looks what became of it', async () => {
    let readings = 0
    const first = Promise.withResolvers<void>()
    const answers = [item(1), item(1, { version: 2, owner: 'user:ben' })]
    const { list } = listOf(1, {
      summarise: async () => {
        readings++
        await first.promise
        return figures(1)
      },
      fetch: async () => ({ items: answers.splice(0, 1), next: null }),
    })
    void list.compare()
    first.resolve()
    await settled()
    assert.deepEqual([readings, list.item('c-1')?.owner], [1, 'user:ben'])
  })

  it('takes what went from one part to another that is looked at for neither come nor gone', async () => {
    const rows = Array.from({ length: 3 * WINDOW }, (_, i) => item(i))
    const { list } = listOf(3 * WINDOW, {
      fetch: async ({ limit, ...where }) => {
        const offset = 'offset' in where ? where.offset : Number(where.cursor.slice(1))
        return { items: rows.slice(offset, offset + limit), next: `>${offset + limit}` }
      },
    })
    await settled()
    list.need([250, 0])
    await settled()
    const [moved] = rows.splice(5, 1)
    rows.splice(250, 0, { ...moved!, version: 2, owner: 'user:ben' })
    await list.compare()
    const { news, gone, items } = list.snapshot()
    assert.deepEqual([[...news], [...gone], items.get(5)?.owner], [[], [], 'user:ben'])
  })

  it('takes what only moved over the start of a part, of which nobody knows what is before it, for no news', async () => {
    const rows = Array.from({ length: 10 * WINDOW }, (_, i) => item(i))
    const { list } = listOf(rows.length, {
      fetch: async ({ limit, ...where }) => {
        const offset = 'offset' in where ? where.offset : Number(where.cursor.slice(1))
        return { items: rows.slice(offset, offset + limit), next: `>${offset + limit}` }
      },
    })
    await settled()
    list.need([500])
    await settled()
    rows.unshift(item(2000), item(2001))
    await list.compare()
    rows.splice(0, 4)
    await list.compare()
    assert.deepEqual([[...list.snapshot().news], [...list.snapshot().gone]], [[], []])
  })

  it('takes a row that was only not looked at for no news', async () => {
    const { list } = listOf(1000)
    await settled()
    list.told([item(700), item(2000, { openedAt: '2026-11-12T01:00:01.000Z' })])
    assert.deepEqual([...list.snapshot().news], ['c-2000'])
  })

  it('shows rows otherwise at once, and as they are when it is read again', async () => {
    const { list } = listOf(50)
    await settled()
    list.patch(['c-2', 'nowhere'], c => ({ ...c, status: 'acknowledged' }))
    assert.equal(list.item('c-2')?.status, 'acknowledged')
    await list.reload()
    assert.equal(list.item('c-2')?.status, 'open')
  })

  it('keeps what was there when it cannot be read again, and says why', async () => {
    let fails = false
    const { list } = listOf(50, {
      summarise: async () => {
        if (fails) throw new Error('away')
        return figures(50)
      },
    })
    await settled()
    fails = true
    await list.reload()
    assert.deepEqual([list.snapshot().error instanceof Error, list.snapshot().items.size], [true, 50])
    fails = false
    await list.reload()
    assert.equal(list.snapshot().error, null)
  })

  it('reads again what was first looked at while the list was read again', async () => {
    let summary = Promise.resolve(figures(1000))
    const { list } = listOf(1000, { summarise: () => summary })
    await settled()
    const late = Promise.withResolvers<CaseSummary>()
    summary = late.promise
    void list.reload()
    list.need([500])
    await settled()
    late.resolve(figures(1000))
    await settled()
    list.need([500])
    await settled()
    assert.equal(list.item('c-500')?.id, 'c-500')
  })

  it('shows a case once when the list moved between two requests', async () => {
    const { list } = listOf(300, { fetch: async () => ({ items: [item(1), item(2)], next: null }) })
    await settled()
    list.need([100])
    await settled()
    const ids = [...list.snapshot().items.values()].map(c => c.id)
    assert.deepEqual([new Set(ids).size, ids.length], [2, 2])
  })
})

describe('the lines of the grid', () => {
  const due = [
    { id: 'overdue', count: 2 },
    { id: 'soon', count: 0 },
    { id: 'later', count: 1 },
  ]
  const of = (closed: string[] = [], total = 4) =>
    linesOf({
      ...{ total, items: new Map([[0, item(0)]]), groups: due },
      ...{ closed: new Set(closed), title: group => group, onToggle: () => {} },
    }).map(line => line.key)

  it('are cut by due time, leave out empty groups, and keep a place for rows that were not read', () => {
    assert.deepEqual(of(), ['group overdue', 'c-0', 'at 1', 'group later', 'at 2', 'at 3'])
    assert.deepEqual(of(['overdue']), ['group overdue', 'group later', 'at 2', 'at 3'])
    assert.deepEqual(of([], 1), ['group overdue', 'c-0'])
  })

  it('give the same row for the same case', () => {
    const items = new Map([[0, item(0)]])
    const lines = () => linesOf({ total: 2, items, groups: null, closed: new Set(), title: g => g, onToggle: () => {} })
    const [first, second] = [lines(), lines()]
    assert.ok(first.every((line, i) => line === second[i]))
  })
})

describe('whether a case belongs into a list', () => {
  const at = { now: Date.parse('2026-11-12T01:00:00Z'), me: 'user:anna' }
  const cases: [
    name: string,
    filters: Parameters<typeof matches>[1],
    more: Partial<CaseItem>,
    expected: boolean | null,
  ][] = [
    ['open work', { state: 'active' }, {}, true],
    ['what is over', { state: 'active' }, { status: 'closed' }, false],
    ['mine', { owner: ['me'] }, { owner: 'user:anna' }, true],
    ['nobody’s', { owner: ['none'] }, {}, true],
    ['somebody else’s', { owner: ['me', 'none'] }, { owner: 'user:ben' }, false],
    ['put aside', { snoozed: 'hide' }, { snoozedUntil: '2026-11-12T02:00:00Z' }, false],
    ['put aside until before', { snoozed: 'hide' }, { snoozedUntil: '2026-11-12T00:30:00Z' }, true],
    ['due before', { dueTo: '2026-11-12T04:00:00Z' }, {}, false],
    ['due after', { dueFrom: '2026-11-12T04:00:00Z' }, {}, true],
    ['without a deadline', { due: 'today' }, { dueAt: null }, false],
    ['overdue', { due: 'overdue' }, { dueAt: '2026-11-12T00:59:00Z' }, true],
    ['little money', { amountFrom: 101 }, {}, false],
    ['of this order', { order: 'A-1' }, {}, true],
    ['of an order that only the server can name', { order: 'x' }, {}, null],
    ['searched for', { q: 'x', state: 'active' }, {}, null],
    ['searched for among others', { q: 'x', state: 'over' }, {}, false],
  ]
  for (const [name, filters, more, expected] of cases)
    it(name, () => assert.equal(matches(item(1, more), filters, at), expected))
})
