import { type Duration, type Instant, SECOND } from '../../kernel/instant.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Terminal } from './terminal.ts'

/** In a terminal a line is rewritten in place; elsewhere each is a line of its own, so there are fewer. */
const PAUSE: Duration = process.stderr.isTTY ? 200 : 5 * SECOND

/** Tells progress, but not more often than anybody can read it. */
export function oftenEnough(terminal: Terminal): (text: () => string) => void {
  let told: Instant = 0
  return text => {
    const now = systemClock.now()
    if (now - told < PAUSE) return
    told = now
    terminal.progress(text())
  }
}
