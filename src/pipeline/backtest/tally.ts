import { DAY, type Instant } from '../../kernel/instant.ts'
import type { BaselineBook } from '../../modules/orders/index.ts'
import type { RuleBook } from '../../modules/rules/index.ts'
import { type Bar, histogramOf } from './histogram.ts'
import { type Held, Judge } from './judge.ts'
import { type Ending, harmOf, OUTCOME_FACTS, type Outcome } from './outcome.ts'
import { RECORD, type Story } from './story.ts'

/** What is asked of history. `until` is exclusive; `now` is how far what we know reaches. */
export interface Period {
  readonly from: Instant
  readonly until: Instant
  readonly now: Instant
}

/** One order on which the rule, or the live version of it, would have raised a finding within the period. */
export interface Hit {
  readonly stream: string
  readonly orderNo: string
  /** The first raise within the period: of the draft, else of the live version. */
  readonly at: Instant
  /** When it stopped to hold; null: it still did at the end. */
  readonly clearedAt: Instant | null
  readonly harmAt: Instant | null
  /** Whether a live rule opened a case, or somebody worked on one, before the order's course was over. */
  readonly influenced: boolean
  readonly change: 'both' | 'added' | 'removed'
}

/** How long before the harm, ms: so many of a hundred later than that, and how all are spread. */
export interface Lead {
  readonly p10: number
  readonly p50: number
  readonly p90: number
  readonly points: readonly Bar[]
}

/** Of one version: how often and when it would have raised. */
export interface Side {
  readonly hits: number
  readonly orders: number
  /** Day (UTC, since 1970) and raises on it, in order. */
  readonly days: readonly (readonly [day: number, n: number])[]
  /** Of the orders that were hit, how many had the outcome; and how many before the harm. */
  readonly right: number
  readonly inTime: number
  readonly precision: number | null
  readonly recall: number | null
  /** Of all orders with the outcome, how many were hit before the harm. */
  readonly recallInTime: number | null
  /** Between hit and harm, ms; positive is before. Null without any. */
  readonly lead: Lead | null
  /** Cases a day: the mean over the days of the period, and the worst day. */
  readonly load: { readonly mean: number; readonly worst: number }
  readonly influenced: number
}

export interface Summary {
  readonly orders: number
  /** Orders with the chosen outcome. */
  readonly harmed: number
  readonly draft: Side
  /** Null when no version of the rule is live. */
  readonly live: Side | null
  readonly difference: { readonly both: number; readonly added: number; readonly removed: number } | null
}

class SideTally {
  hits = 0
  orders = 0
  right = 0
  inTime = 0
  influenced = 0
  readonly days = new Map<number, number>()
  readonly leads: number[] = []

  add(raises: readonly Held[], harmAt: Instant | null, influenced: boolean): void {
    if (raises.length === 0) return
    this.orders++
    this.hits += raises.length
    for (const { from } of raises) {
      const day = Math.floor(from / DAY)
      this.days.set(day, (this.days.get(day) ?? 0) + 1)
    }
    if (influenced) this.influenced++
    if (harmAt === null) return
    const lead = harmAt - raises[0]!.from
    this.right++
    if (lead > 0) this.inTime++
    this.leads.push(lead)
  }

  side(harmed: number, days: number): Side {
    const { hits, orders, right, inTime, influenced } = this
    const sorted = Float64Array.from(this.leads).sort()
    const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!
    return {
      ...{ hits, orders, right, inTime, influenced },
      days: [...this.days].sort(([a], [b]) => a - b),
      precision: orders === 0 ? null : right / orders,
      recall: harmed === 0 ? null : right / harmed,
      recallInTime: harmed === 0 ? null : inTime / harmed,
      lead: sorted.length === 0 ? null : { p10: at(0.1), p50: at(0.5), p90: at(0.9), points: histogramOf(sorted) },
      load: { mean: days === 0 ? 0 : hits / days, worst: Math.max(0, ...this.days.values()) },
    }
  }
}

export interface TallyOf {
  readonly period: Period
  readonly outcome: Outcome
  readonly baselines?: BaselineBook
}

/** Adds up what a rule would have done, order by order. The book holds the draft, and after it the live version if any. */
export class Tally {
  /** The facts of a story that are looked at, as `storyIn` takes them. */
  readonly reads: readonly string[]
  private readonly judge: Judge
  private readonly period: Period
  private readonly outcome: Outcome
  private orders = 0
  private harmed = 0
  private readonly sides: readonly SideTally[]
  private readonly difference = { both: 0, added: 0, removed: 0 }
  private first = Number.POSITIVE_INFINITY
  private last = Number.NEGATIVE_INFINITY

  constructor(book: RuleBook, { period, outcome, baselines }: TallyOf) {
    this.judge = new Judge(book, { end: period.until, ...(baselines && { baselines }) })
    const told = ['orderNo', ...OUTCOME_FACTS[outcome]].map(field => `${RECORD}.${field}`)
    this.reads = [...new Set([...this.judge.reads, ...told])]
    this.period = period
    this.outcome = outcome
    this.sides = book.rules.map(() => new SideTally())
  }

  get seen(): number {
    return this.orders
  }

  /** Takes an order in; returns the hit, if there is one. */
  add(stream: string, story: Story): Hit | null {
    const { from, until, now } = this.period
    const { held, values } = this.judge.judge(story)
    const ending = recordIn(values)
    this.orders++
    const born = story.f[0]?.[0] ?? from
    this.first = Math.min(this.first, Math.max(born, from))
    this.last = Math.max(this.last, Math.min(story.f.at(-1)?.[0] ?? from, until))
    const harmAt = harmOf(this.outcome, ending, now)
    if (harmAt !== null) this.harmed++
    const raises = held.map(intervals => intervals.filter(h => h.from >= from))
    if (raises.every(r => r.length === 0)) return null
    const influenced = isInfluenced(story, raises, harmAt)
    for (const [i, side] of this.sides.entries()) side.add(raises[i]!, harmAt, influenced)
    return this.hitOf(stream, { ending, raises, harmAt, influenced })
  }

  private hitOf(
    stream: string,
    of: { ending: Ending; raises: readonly (readonly Held[])[]; harmAt: Instant | null; influenced: boolean },
  ): Hit | null {
    const [draft, live] = of.raises
    const first = draft?.[0] ?? live?.[0]
    if (first === undefined) return null
    const change = !draft?.length ? 'removed' : live === undefined || live.length > 0 ? 'both' : 'added'
    this.difference[change]++
    const { harmAt, influenced, ending } = of
    const orderNo = String(ending.orderNo ?? '')
    return { stream, orderNo, at: first.from, clearedAt: first.to, harmAt, influenced, change }
  }

  summary(): Summary {
    const { orders, harmed, sides } = this
    const days = Math.max(1, Math.ceil((this.last - this.first) / DAY))
    const [draft, live] = sides.map(side => side.side(harmed, days))
    const difference = live === undefined ? null : { ...this.difference }
    return { orders, harmed, draft: draft!, live: live ?? null, difference }
  }
}

/** A case that a live rule opened while the finding held, or before the harm, may have changed what came after. */
function isInfluenced(story: Story, raises: readonly (readonly Held[])[], harmAt: Instant | null): boolean {
  if (story.m === undefined) return false
  const firsts = raises.flatMap(r => (r.length > 0 ? [r[0]!] : []))
  const end = Math.max(...firsts.map(h => h.to ?? Number.POSITIVE_INFINITY), harmAt ?? 0)
  return firsts.length > 0 && story.m.some(([, openedAt]) => openedAt <= end)
}

/** Safe: a projection gives a record of fields under this root. */
const recordIn = (values: { readonly [root: string]: unknown }): Ending => (values[RECORD] ?? {}) as Ending
