import { SECOND } from '../../kernel/instant.ts'
import { systemClock } from '../../platform/clock.ts'

/** What is at hand ends within a second or two; a database that does not answer holds it up for its time-outs. */
const GRACE = 10 * SECOND

/**
 * Waits for work that looks at `stop` now and then. Once that is aborted the work has some seconds to end in good order;
 * then it is given up, and the process may end.
 * @throws GivenUp
 */
export async function inTime<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  const over = new AbortController()
  const late = systemClock
    .sleepUntil(Number.MAX_SAFE_INTEGER, AbortSignal.any([stop, over.signal]))
    .then(() => systemClock.sleepUntil(systemClock.now() + GRACE, over.signal))
    .then((): never => {
      throw new GivenUp()
    })
  late.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
    // Given up: what becomes of it nobody waits for any more.
    work.catch(() => {})
  }
}

export class GivenUp extends Error {
  readonly code = 'gave_up'

  constructor() {
    super('Interrupted while the database did not answer: run it again to go on.')
  }
}
