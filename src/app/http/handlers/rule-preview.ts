import type { CalendarDef } from '../../../kernel/business-time.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import { type BaselineBook, orderFactSchema, withBaselines } from '../../../modules/orders/index.ts'
import { calendarsOf, compileBook, conditionRows, type RuleDef } from '../../../modules/rules/index.ts'
import { heldIn } from '../../../pipeline/backtest/judge.ts'
import type { OpenOrder, Sample } from '../../../pipeline/samples.ts'

const SHOWN = 10

interface Asked {
  readonly rule: RuleDef
  readonly sample: Sample
  readonly now: Instant
  readonly calendars: readonly CalendarDef[]
  readonly baselines: BaselineBook
}

interface Flip {
  readonly order: OpenOrder
  readonly at: Instant
}

/** What a condition finds among a sample of open orders now, will find next, and would have found in history. */
export function previewOf({ rule, sample, now, calendars, baselines }: Asked) {
  const book = compileBook([rule], orderFactSchema, { calendars })
  const vocabulary = { constants: rule.constants, calendars: calendarsOf(calendars) }
  const rows = conditionRows(rule.when, orderFactSchema, vocabulary) ?? []
  const counts = rows.map(() => 0)
  const matches: OpenOrder[] = []
  const flips: Flip[] = []
  const out = new Float64Array(1)
  for (const open of sample.open) {
    const order = { ...open, values: withBaselines(open.values, baselines) }
    rows.forEach((row, i) => {
      if (row.holds(order.values, now)) counts[i]!++
    })
    book.evaluate(order.values, now, out)
    if (out[0]! > 0) matches.push(order)
    else {
      const at = book.flipAt(0, order.values, now)
      if (at !== null) flips.push({ order, at: at + (rule.for ?? 0) })
    }
  }
  flips.sort((a, b) => a.at - b.at)
  const hits = sample.stories.filter(story => heldIn(story, book, { end: now, baselines })[0]!.length > 0).length
  return {
    open: { looked: sample.open.length, exact: sample.whole, holds: matches.length },
    rows: rows.map(({ start, end }, i) => ({ start, end, holds: counts[i]! })),
    matches: matches.slice(0, SHOWN).map(itemOf),
    flips: flips.slice(0, SHOWN).map(({ order, at }) => ({ ...itemOf(order), at: isoOf(at) })),
    history: { orders: sample.stories.length, hits },
  }
}

const itemOf = ({ stream, orderNo }: OpenOrder) => ({ order: stream, orderNo })
