import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'

const DAY = 86_400_000
/** More bars than that are a carpet: weeks are drawn instead, then months. */
const MOST_BARS = 120

export interface Step {
  /** Its first day, `2026-11-11`. */
  readonly name: string
  readonly draft: number
  /** Null without a live version. */
  readonly live: number | null
}

const dayName = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)
const dayOf = (text: string): number => Math.floor(Date.parse(text) / DAY)

/** Hits by day (UTC) over the whole period, days without any included; by week or month when there are too many. */
export function stepsOf(
  { from, until }: Pick<BacktestItem, 'from' | 'until'>,
  { draft, live }: NonNullable<BacktestItem['result']>,
): Step[] {
  const asked = { first: dayOf(from), last: Math.floor((Date.parse(until) - 1) / DAY) }
  const hit = [...draft.days, ...(live?.days ?? [])].map(({ day }) => dayOf(`${day}T00:00:00Z`))
  // A period may be far wider than what was recorded: what is drawn begins and ends with a hit, and at most a week more.
  const first = Math.max(asked.first, hit.length === 0 ? asked.first : Math.min(...hit) - 7)
  const last = Math.min(asked.last, hit.length === 0 ? asked.last : Math.max(...hit) + 7)
  const days = last - first + 1
  const width = days <= MOST_BARS ? 1 : days <= MOST_BARS * 7 ? 7 : 30
  const sums = (side: { readonly days: typeof draft.days }): number[] => {
    const out = Array.from({ length: Math.max(1, Math.ceil(days / width)) }, () => 0)
    for (const { day, hits } of side.days) {
      const at = Math.floor((dayOf(`${day}T00:00:00Z`) - first) / width)
      out[at] = (out[at] ?? 0) + hits
    }
    return out
  }
  const lives = live && sums(live)
  return sums(draft).map((hits, i) => ({
    name: dayName(first + i * width),
    draft: hits,
    live: lives ? (lives[i] ?? 0) : null,
  }))
}
