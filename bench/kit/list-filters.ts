import { DAY, type Instant } from '../../src/kernel/instant.ts'
import { gramsOf } from '../../src/pipeline/search.ts'
import { CHANNELS, OWNERS, orderNoOf, PLACES, placeAfter, TYPES } from './list-rows.ts'

/** Lists as people ask for them: the path of the API, and the same page written in SQL by hand. */
export interface Ask {
  readonly path: string
  readonly sql: string
  readonly values: readonly unknown[]
}

export interface ListFilter {
  readonly name: string
  /** The `n`th way to ask it: another day, channel, number or city each time. */
  ask(n: number): Ask
}

export interface World {
  readonly orders: number
  readonly now: Instant
  /** What a cursor of the API is for a place in the list of orders, and in that of the most urgent cases. */
  readonly cursors: Readonly<Record<'orders' | 'cases', (place: readonly unknown[]) => string | null>>
}

const ROWS = 51
const OPEN_STATUSES = ['placed', 'approved', 'allocated', 'picking', 'packed', 'handed_over', 'in_transit']
const ONE_STATUS = ['approved', 'in_transit', 'delivered', 'returned', 'cancelled', 'packed']
const NEWEST = 'order by o.placed_at desc nulls last, o.stream'

const of = <T>(list: readonly T[], n: number): T => list[n % list.length]!
const iso = (at: Instant): string => new Date(at).toISOString()
const dayBefore = ({ now }: World, n: number): Instant => now - ((n * 29) % 350) * DAY - DAY

const orders = (where: string, rest = ''): string =>
  `select o.* from order_row o ${where && `where ${where}`} ${rest || NEWEST} limit ${ROWS}`
const cases = (where: string, order = 'opened_at desc, case_id'): string =>
  `select * from case_row where ${where} order by ${order} limit ${ROWS}`

const list = (table: string, query: Readonly<Record<string, string>>): string =>
  `/v1/${table}?${new URLSearchParams(query)}`

export const listFilters = (world: World): ListFilter[] => [
  ...orderFilters(world),
  ...troubledOrders(world),
  ...caseFilters(),
  ...inboxFilters(world),
]

function orderFilters(world: World): ListFilter[] {
  return [
    {
      name: 'orders, newest first',
      ask: () => ({ path: list('orders', {}), sql: orders(''), values: [] }),
    },
    {
      name: 'orders of one status',
      ask: n => {
        const status = of(ONE_STATUS, n)
        return { path: list('orders', { status }), sql: orders('o.status = $1'), values: [status] }
      },
    },
    {
      name: 'open orders',
      ask: () => ({
        path: list('orders', { status: OPEN_STATUSES.join(',') }),
        sql: orders('o.open'),
        values: [],
      }),
    },
    {
      name: 'orders of a channel and a day',
      ask: n => {
        const [channel, from] = [of(CHANNELS, n), dayBefore(world, n)]
        return {
          path: list('orders', { channel, placedFrom: iso(from), placedTo: iso(from + DAY) }),
          sql: orders('o.channel = $1 and o.placed_at >= $2 and o.placed_at < $3'),
          values: [channel, from, from + DAY],
        }
      },
    },
    {
      name: 'orders by number',
      ask: n => {
        const q = orderNoOf((n * 7919) % world.orders)
        return { path: list('orders', { q }), sql: orders('o.order_no = $1'), values: [q] }
      },
    },
    byWord('orders by a word of 2 characters', n => of(PLACES, n)[1].slice(0, 2)),
    byWord('orders by a word of 1 character', n => of(PLACES, n)[1].slice(0, 1)),
    {
      name: 'orders of a region',
      ask: n => {
        const region = of(PLACES, n)[0]
        return { path: list('orders', { region }), sql: orders('o.region = $1'), values: [region] }
      },
    },
  ]
}

function troubledOrders(world: World): ListFilter[] {
  return [
    {
      name: 'orders with open cases',
      ask: () => ({ path: list('orders', { openCases: 'true' }), sql: orders('o.open_cases > 0'), values: [] }),
    },
    {
      name: 'orders by worst severity',
      ask: n => {
        const severity = of(['P0', 'P1', 'P2', 'P3'], n)
        const sql = orders('o.open_cases > 0 and o.worst_severity = $1')
        return { path: list('orders', { severity }), sql, values: [severity] }
      },
    },
    deepPage(world),
    {
      name: 'open orders promised before a day',
      ask: n => {
        const before = world.now + (n % 3) * DAY
        return {
          path: list('orders', { status: OPEN_STATUSES.join(','), promiseBefore: iso(before) }),
          sql: orders('o.open and o.promise_ends_at < $1'),
          values: [before],
        }
      },
    },
  ]
}

const byWord = (name: string, wordOf: (n: number) => string): ListFilter => ({
  name,
  ask: n => {
    const q = wordOf(n)
    const sql = orders(
      'exists (select from search_row s where (s.bucket, s.stream) = (o.bucket, o.stream) and s.grams @> $1::text[])',
    )
    return { path: list('orders', { q }), sql, values: [gramsOf(q)] }
  },
})

const deepPage = (world: World): ListFilter => ({
  name: 'orders, a page deep in the list',
  ask: n => {
    const place = placeAfter(Math.floor(world.orders * (0.1 + (n % 8) / 10)), world.orders, world.now)
    return {
      path: list('orders', { cursor: world.cursors.orders(place) ?? '' }),
      sql: orders('o.placed_at <= $1 and (o.placed_at < $1 or o.stream > $2)'),
      values: place,
    }
  },
})

function caseFilters(): ListFilter[] {
  return [
    {
      name: 'cases by status and severity',
      ask: n => {
        const [status, severity] = [of(['open', 'acknowledged', 'working', 'closed'], n), of(['P1', 'P2'], n)]
        const sql = cases('status = $1 and severity = $2')
        return { path: list('cases', { status, severity }), sql, values: [status, severity] }
      },
    },
    {
      name: 'live cases, the worst first',
      ask: () => {
        const status = 'open,acknowledged,working,resolved'
        const sql = cases('status = any($1)', 'severity, opened_at desc, case_id')
        return { path: list('cases', { status, sort: 'severity' }), sql, values: [status.split(',')] }
      },
    },
    {
      name: 'cases of an owner',
      ask: n => {
        const owner = of(OWNERS, n)
        return { path: list('cases', { owner }), sql: cases('owner = $1'), values: [owner] }
      },
    },
    {
      name: 'cases of a type',
      ask: n => {
        const type = of(TYPES, n)
        return { path: list('cases', { type }), sql: cases('type = $1'), values: [type] }
      },
    },
  ]
}

const INBOX = { state: 'active', snoozed: 'hide' }

/** The inbox, which is cut by these, and the same page deep in it, as somebody who holds a key down comes to see it. */
function inboxFilters(world: World): ListFilter[] {
  const sorts = (['due', 'type', 'owner'] as const).map(sort => ({
    name: `the inbox by ${sort}`,
    ask: () => ({
      path: list('cases', { ...INBOX, sort }),
      sql: cases('not over', `${sort === 'due' ? '' : `${sort}, `}due_at, case_id`),
      values: [],
    }),
  }))
  const deep = {
    name: 'the inbox, the worst first, deep in it',
    ask: (n: number) => {
      const place = [of(['P1', 'P2', 'P3'], n), world.now + ((n * 7) % 20) * DAY, '']
      const path = list('cases', { ...INBOX, sort: 'urgency', cursor: world.cursors.cases(place) ?? '' })
      const after = '(severity, due_at, case_id) > ($1, $2, $3)'
      return { path, sql: cases(`not over and ${after}`, 'severity, due_at, case_id'), values: place }
    },
  }
  const jump = {
    name: 'the inbox, the worst first, jumped into',
    ask: (n: number) => {
      const offset = (n % 3) * 1000
      const path = list('cases', { ...INBOX, sort: 'urgency', offset: String(offset) })
      return { path, sql: `${cases('not over', 'severity, due_at, case_id')} offset $1`, values: [offset] }
    },
  }
  return [...sorts, deep, jump]
}
