import { systemClock } from '../../platform/clock.ts'
import type { Level } from '../../platform/log.ts'
import { createLog, type Log } from '../../platform/log.ts'

/** Where a verb prints: results on the output, progress and warnings on the error stream. */
export interface Terminal {
  line(text: string): void
  /** What goes on right now: rewritten in place in a terminal, else a plain line (at most one a second). */
  progress(text: string): void
  warn(text: string): void
  /** Ends a rewritten line. */
  settle(): void
  readonly log: Log
}

// Data of others may stand in a line, and must not speak to the terminal: only line ends and tabs are let through.
const shown = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, ' ')

export function openTerminal(level: Level): Terminal {
  const { stdout, stderr } = process
  let open = false
  let last = ''
  const settle = (): void => {
    if (open) stderr.write('\r\u001b[2K')
    open = false
  }
  const write = (line: string): void => {
    settle()
    stderr.write(line)
  }
  return {
    settle,
    line: text => {
      settle()
      stdout.write(`${shown(text)}\n`)
    },
    warn: text => write(`${shown(text)}\n`),
    progress: text => {
      if (text === last) return
      last = text
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stderr.columns ?? 100) - 1))}`)
        open = true
      } else stderr.write(`${shown(text)}\n`)
    },
    log: createLog({ clock: systemClock, level, format: stderr.isTTY ? 'text' : 'json', write }),
  }
}
