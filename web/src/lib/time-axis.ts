/** A span of time laid out from 0 to 100 per cent. Epoch ms. */
export interface TimeAxis {
  readonly from: number
  readonly to: number
  /** Per cent from the left; what lies outside stands at the edge. */
  place(at: number): number
  span(from: number, to: number): { readonly left: string; readonly width: string }
  /** Whole hours, days or weeks inside, in the reader's zone: at most nine. */
  marks(): readonly Mark[]
}

export interface Mark {
  readonly at: number
  /** It begins a day and is named by it; else by its hour. */
  readonly day: boolean
}

export function timeAxis(from: number, to: number): TimeAxis {
  const length = Math.max(1, to - from)
  const place = (at: number): number => Math.max(0, Math.min(100, ((at - from) / length) * 100))
  return {
    from,
    to,
    place,
    span: (a, b) => ({ left: `${place(a)}%`, width: `${Math.max(0, place(b) - place(a))}%` }),
    marks: () => marksOf(from, to),
  }
}

const HOUR = 3_600_000
const STEPS = [1, 2, 4, 6, 12, 24, 48, 96, 168, 336, 744, 2208, 4416, 8784]
const MOST = 8

function marksOf(from: number, to: number): Mark[] {
  const hours = STEPS.find(step => (to - from) / (step * HOUR) <= MOST) ?? 17_568
  if (hours >= 24) return daysOf(from, to, hours / 24)
  const size = hours * HOUR
  // Whole hours of the reader, whose zone may be off by a half.
  const shift = new Date(from).getTimezoneOffset() * 60_000
  const marks: Mark[] = []
  for (let at = Math.ceil((from - shift) / size) * size + shift; at < to; at += size) {
    const date = new Date(at)
    marks.push({ at, day: date.getHours() === 0 && date.getMinutes() === 0 })
  }
  return marks
}

/** By the calendar and not by 24 hours: days of a clock change are longer or shorter. */
function daysOf(from: number, to: number, every: number): Mark[] {
  const day = new Date(from)
  day.setHours(0, 0, 0, 0)
  const marks: Mark[] = []
  while (day.getTime() < to) {
    if (day.getTime() >= from) marks.push({ at: day.getTime(), day: true })
    day.setDate(day.getDate() + Math.round(every))
  }
  return marks
}
