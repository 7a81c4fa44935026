import { type Duration, type Instant, SECOND } from '../../kernel/instant.ts'

const WINDOW = 3 * SECOND
/** Below this share of the speed that was asked for, the machine is behind. */
const SHARE = 0.8

interface Mark {
  readonly real: Instant
  readonly world: Instant
}

/** Whether the world really runs as fast as it was told to. */
export class Pace {
  private marks: Mark[] = []

  /** Forgets what it saw, after a change of the speed. */
  reset(): void {
    this.marks = []
  }

  mark(real: Instant, world: Instant): void {
    this.marks.push({ real, world })
    while (this.marks.length > 2 && real - this.marks[1]!.real > WINDOW) this.marks.shift()
  }

  behind(speed: number, real: Instant, world: Instant): boolean {
    const first = this.marks[0]
    const elapsed: Duration = first ? real - first.real : 0
    return speed > 0 && elapsed >= SECOND && world - first!.world < elapsed * speed * SHARE
  }
}
