/** A span of time laid out from 0 to 100 per cent. Epoch ms. */
export interface TimeAxis {
  readonly from: number
  readonly to: number
  /** Per cent from the left; what lies outside stands at the edge. */
  place(at: number): number
  span(from: number, to: number): { readonly left: string; readonly width: string }
  /** The starts of the days inside, in the reader's zone: every so many days that at most `most` are shown. */
  days(most: number): readonly number[]
}

export function timeAxis(from: number, to: number): TimeAxis {
  const length = Math.max(1, to - from)
  const place = (at: number): number => Math.max(0, Math.min(100, ((at - from) / length) * 100))
  return {
    from,
    to,
    place,
    span: (a, b) => ({ left: `${place(a)}%`, width: `${Math.max(0, place(b) - place(a))}%` }),
    days: most => {
      const all = daysBetween(from, to)
      const every = Math.max(1, Math.ceil(all.length / most))
      return all.filter((_, i) => i % every === 0)
    },
  }
}

const MOST_DAYS = 4000

function daysBetween(from: number, to: number): number[] {
  const day = new Date(from)
  day.setHours(0, 0, 0, 0)
  const found: number[] = []
  // By the calendar and not by 24 hours: days of a clock change are longer or shorter.
  for (let i = 0; i < MOST_DAYS && day.getTime() <= to; i += 1) {
    if (day.getTime() >= from) found.push(day.getTime())
    day.setDate(day.getDate() + 1)
  }
  return found
}
