import { create } from 'zustand'

/** The steps of the tour, in their order: from the numbers to a case, and back to the numbers. */
export const STEPS = ['cockpit', 'case', 'evidence', 'act', 'effect', 'close', 'done'] as const
export type Step = (typeof STEPS)[number]

export interface Tour {
  /** Null: it was never begun, or it was finished. */
  readonly step: Step | null
  /** Left for now; it goes on where it was. */
  readonly away: boolean
  /** The case that is worked on. */
  readonly caseId: string | null
}

const KEY = 'andon.tour'
const NONE: Tour = { step: null, away: false, caseId: null }

const isStep = (x: unknown): x is Step => STEPS.some(step => step === x)

/** What was kept in this browser; anything that is not as it should be counts as not begun. */
export function readTour(text: string | null): Tour {
  try {
    const { step, away, caseId } = JSON.parse(text ?? '{}')
    if (!isStep(step)) return NONE
    return { step, away: away === true, caseId: typeof caseId === 'string' ? caseId : null }
  } catch {
    return NONE
  }
}

function keptTour(): Tour {
  try {
    return readTour(localStorage.getItem(KEY))
  } catch {
    // Storage may be forbidden; the tour then begins anew with each page.
    return NONE
  }
}

export const useTour = create<Tour>(keptTour)

export function setTour(change: Partial<Tour>): void {
  useTour.setState(change)
  try {
    localStorage.setItem(KEY, JSON.stringify(useTour.getState()))
  } catch {
    // Storage may be full or forbidden: it holds until the page is left.
  }
}

export const beginTour = (): void => setTour({ step: useTour.getState().step ?? 'cockpit', away: false })
export const leaveTour = (): void => setTour({ away: true })
export const endTour = (): void => setTour(NONE)

/** The step after, or before, another one; null behind the last. */
export function stepFrom(step: Step, by: 1 | -1): Step | null {
  return STEPS[STEPS.indexOf(step) + by] ?? (by < 0 ? step : null)
}

/** What the tour looks at in a case. */
export interface Seen {
  readonly status: string
  readonly holds: boolean
}

const STARTED = ['working', 'waiting', 'resolved', 'cleared', 'closed']
const OVER = ['closed', 'cleared']

/** Whether what a step asks for was done; null: it asks for nothing but to be read. */
export function isDone(step: Step, seen: Seen | null): boolean | null {
  if (step === 'act') return seen !== null && STARTED.includes(seen.status)
  if (step === 'effect') return seen !== null && !seen.holds
  if (step === 'close') return seen !== null && OVER.includes(seen.status)
  return null
}
