import { type Instant, SECOND } from '../kernel/instant.ts'

/** For so long after a command another one is likely. */
const LINGERS = 2 * SECOND

/** Whether people are at work just now: their next command should not wait for a long step. */
export class Presence {
  private readonly now: () => Instant
  private seenAt = Number.NEGATIVE_INFINITY

  /** @param now of the machine */
  constructor(now: () => Instant) {
    this.now = now
  }

  /** A command came. */
  seen(): void {
    this.seenAt = this.now()
  }

  get areHere(): boolean {
    return this.now() < this.seenAt + LINGERS
  }
}
