/** The service-level clock of a case, as its parts show it. Times are epoch ms, spans ms. */

/** Share of the budget from which a case is watched, at risk and critical, unless its type says otherwise. */
export const AT_RISK = 0.6
export const CRITICAL = 0.85

export type ClockLevel = 'calm' | 'risk' | 'over' | 'paused'

export interface ClockFacts {
  readonly openedAt: number
  readonly dueAt: number | null
  /** For whom it waits; the clock then stands. */
  readonly waitingFor?: string | null
  readonly waitingUntil?: number | null
}

export interface ClockReading {
  readonly level: ClockLevel
  /** Share of the budget that is used, 0 to 1. */
  readonly used: number
  /** To the deadline; negative when it is past; null without one. */
  readonly left: number | null
}

/** What the clock shows at an instant. */
export function readClock({ openedAt, dueAt, waitingFor }: ClockFacts, now: number): ClockReading {
  if (dueAt === null) return { level: waitingFor ? 'paused' : 'calm', used: 0, left: null }
  const left = dueAt - now
  const budget = Math.max(1, dueAt - openedAt)
  const used = Math.min(1, Math.max(0, (now - openedAt) / budget))
  if (waitingFor && left > 0) return { level: 'paused', used, left }
  if (left <= 0 || used >= CRITICAL) return { level: 'over', used: left <= 0 ? 1 : used, left }
  return { level: used >= AT_RISK ? 'risk' : 'calm', used, left }
}
