import type { PracticeIncident } from '../../../src/contract/practice.ts'
import type { Incident } from './types.ts'

/** What goes wrong in the world, as a question of time. */
export class Conditions {
  private incidents: readonly Incident[] = []

  set(incidents: readonly Incident[]): void {
    this.incidents = incidents
  }

  /** Until when an incident of the kind lasts there, or null when none does at `at`. */
  until(kind: PracticeIncident, target: string, at: number): number | null {
    let end: number | null = null
    for (const i of this.incidents)
      if (i.kind === kind && i.target === target && i.from <= at && at < i.until) end = Math.max(end ?? 0, i.until)
    return end
  }

  is(kind: PracticeIncident, target: string, at: number): boolean {
    return this.until(kind, target, at) !== null
  }

  /** Whether an incident of the kind began there after `from` and up to `to`. */
  began(kind: PracticeIncident, target: string, { from, to }: { from: number; to: number }): boolean {
    return this.incidents.some(i => i.kind === kind && i.target === target && from < i.until && i.from <= to)
  }
}
