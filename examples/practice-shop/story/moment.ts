import type { Conditions } from './conditions.ts'
import type { Dice } from './dice.ts'
import type { Life, Step } from './types.ts'

/** What a step says: `from` is the system that says it. */
export interface Said {
  readonly type: string
  readonly from: string
  readonly data: object
  /** When it happened; default: at the step. */
  readonly time?: number
  /** How long it takes to arrive, ms. */
  readonly lag?: number
  readonly broken?: true
}

export interface Planned {
  readonly step: Step
  readonly at: number
  /** Which of several of its kind. */
  readonly n?: number
}

export interface Outcome {
  readonly says?: readonly Said[]
  readonly next?: readonly Planned[]
  /** What was planned before is void. */
  readonly replaces?: true
}

/** What a step may look at. */
export interface Moment {
  readonly life: Life
  readonly at: number
  readonly n: number
  readonly chance: Dice
  readonly world: Conditions
}

export type Take = (moment: Moment) => Outcome
