import type { PracticeShop } from '../../contract/api/index.ts'
import { PRACTICE_INCIDENTS, type PracticeIncident, type PracticePlace } from '../../contract/practice.ts'
import { DAY, type Instant, isoOf, MINUTE } from '../../kernel/instant.ts'

export interface Incident {
  readonly id: string
  readonly kind: PracticeIncident
  readonly target: PracticePlace
  readonly from: Instant
  readonly until: Instant
  readonly by: string
}

interface Change {
  readonly at: Instant
  readonly realAt: Instant
  /** From then on; 0: paused. */
  readonly speed: number
  readonly by: string
}

/** What a practice world remembers of itself besides its clock; stored as JSON under the name `practice`. */
export interface Book {
  readonly seed: number
  readonly startsAt: Instant
  readonly opensAt: Instant
  readonly speed: number
  readonly paused: boolean
  readonly staff: 'team' | 'me'
  /** The newest first. */
  readonly incidents: readonly Incident[]
  readonly changes: readonly Change[]
  readonly revision: number
}

/** Lists keep so many. */
const KEPT = 100
/** More than this at once is no exercise. */
export const MOST_AT_ONCE = 20
/** How much the shop lived through before somebody looks at it. */
const HISTORY = 2 * DAY

export const newBook = (seed: number, opensAt: Instant): Book => ({
  ...{ seed, opensAt, startsAt: opensAt - HISTORY, speed: 1, paused: false, staff: 'team' },
  ...{ incidents: [], changes: [], revision: 1 },
})

export const speedOf = ({ speed, paused }: Book): number => (paused ? 0 : speed)

export interface Settings {
  readonly speed?: number
  readonly paused?: boolean
  readonly staff?: 'team' | 'me'
}

interface Deed {
  readonly at: Instant
  readonly realAt: Instant
  readonly by: string
}

/** The same book when nothing changes. */
export function withSettings(book: Book, wanted: Settings, { at, realAt, by }: Deed): Book {
  const next = {
    ...book,
    speed: wanted.speed ?? book.speed,
    // Whoever chooses a speed wants to see it.
    paused: wanted.paused ?? (wanted.speed === undefined ? book.paused : false),
    staff: wanted.staff ?? book.staff,
  }
  const speed = speedOf(next)
  if (speed === speedOf(book) && next.speed === book.speed && next.staff === book.staff) return book
  const changes = speed === speedOf(book) ? book.changes : [{ at, realAt, speed, by }, ...book.changes].slice(0, KEPT)
  return { ...next, changes, revision: book.revision + 1 }
}

export const runningIncidents = (book: Book, now: Instant): Incident[] =>
  book.incidents.filter(i => i.from <= now && now < i.until)

export function withIncident(
  book: Book,
  asked: { kind: PracticeIncident; target: PracticePlace; minutes?: number },
  { at, by }: Deed,
): Book {
  const minutes = asked.minutes ?? PRACTICE_INCIDENTS[asked.kind].minutes
  const id = `${asked.kind}-${asked.target}-${book.revision}`
  const incident = { id, kind: asked.kind, target: asked.target, from: at, until: at + minutes * MINUTE, by }
  // What still lasts is kept, however old it is.
  const [young, old] = [book.incidents.slice(0, KEPT - 1), book.incidents.slice(KEPT - 1)]
  const incidents = [incident, ...young, ...old.filter(i => i.until > at)]
  return { ...book, incidents, revision: book.revision + 1 }
}

/** Null: there is none of that id. */
export function withIncidentEnded(book: Book, id: string, at: Instant): Book | null {
  const found = book.incidents.find(i => i.id === id)
  if (found === undefined) return null
  if (found.until <= at) return book
  const incidents = book.incidents.map(i => (i === found ? { ...i, until: Math.max(at, i.from) } : i))
  return { ...book, incidents, revision: book.revision + 1 }
}

/** The book as the API shows it. */
export function shopOf(
  book: Book,
  seen: { now: Instant; phase: PracticeShop['phase']; behind: boolean },
): PracticeShop {
  const { seed, speed, paused, staff, revision } = book
  return {
    ...{ seed, speed, paused, staff, revision, phase: seen.phase, behind: seen.behind },
    now: isoOf(seen.now),
    opensAt: isoOf(book.opensAt),
    startsAt: isoOf(book.startsAt),
    incidents: book.incidents.slice(0, KEPT).map(i => ({ ...i, from: isoOf(i.from), until: isoOf(i.until) })),
    changes: book.changes.map(c => ({ ...c, at: isoOf(c.at), realAt: isoOf(c.realAt) })),
  }
}
