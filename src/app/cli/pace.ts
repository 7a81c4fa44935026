import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../../kernel/instant.ts'
import { systemClock } from '../../platform/clock.ts'
import { oftenEnough } from './often.ts'
import type { Terminal } from './terminal.ts'

/** How far something long has come, told now and then with its rate and what is left. */
export class Pace {
  private readonly say: ReturnType<typeof oftenEnough>
  private readonly what: { readonly doing: string; readonly unit: string; readonly all: number }
  private readonly started: { readonly at: Instant; readonly done: number }

  /** @param what.doing such as `Importing`; `unit` such as `orders`; `all` and `done` in that unit */
  constructor(terminal: Terminal, what: { doing: string; unit: string; all: number; done: number }) {
    this.say = oftenEnough(terminal)
    this.what = what
    this.started = { at: systemClock.now(), done: what.done }
  }

  /** ms since the start. */
  get elapsed(): Duration {
    return systemClock.now() - this.started.at
  }

  tell(done: number, more = ''): void {
    this.say(() => `${this.line(done)}${more}`)
  }

  private line(done: number): string {
    const { doing, unit, all } = this.what
    const rate = ((done - this.started.done) * SECOND) / Math.max(1, this.elapsed)
    const left = rate > 0 ? `, ${durationText(((all - done) / rate) * SECOND)} left` : ''
    const share = all > 0 ? Math.floor((100 * done) / all) : 100
    return `${doing}: ${countText(done)} of ${countText(all)} ${unit} (${share} %), ${countText(Math.round(rate))}/s${left}`
  }
}

export const countText = (n: number): string => n.toLocaleString('en-US')

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes as people read them: `3.4 MiB`. */
export function sizeText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${SIZES[step]}`
}

export function durationText(ms: Duration): string {
  const parts: string[] = []
  let rest = Math.max(0, ms)
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['min', MINUTE],
  ] as const) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`)
    rest %= size
  }
  if (parts.length === 0 || rest >= SECOND) parts.push(`${Math.floor(rest / SECOND)} s`)
  return parts.slice(0, 2).join(' ')
}
