import type { EventBody, EventType } from '../../../contract/events/index.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { OrderState } from '../types.ts'

/** A state in the making: a shallow copy that one fold may change; what hangs below it is never changed in place. */
export type Draft = { -readonly [K in keyof OrderState]: OrderState[K] }

export type Fold = (draft: Draft, fact: Fact) => void

/** The body of a fact whose type was just looked up. The ledger holds only bodies that passed the schema of their type. */
export const bodyAs = <T extends EventType>(fact: Fact, _type: T): EventBody<T> => fact.body as EventBody<T>

/** The state that was given when nothing in the draft differs from it: a repeated fact leaves the very same object. */
export function unlessSame(state: OrderState, draft: Draft): OrderState {
  for (const key in draft) if (draft[fieldOf(key)] !== state[fieldOf(key)]) return draft
  return state
}

// A draft has the fields of the state and no others.
const fieldOf = (key: string): keyof OrderState => key as keyof OrderState
