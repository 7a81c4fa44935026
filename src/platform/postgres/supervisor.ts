import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { messageOf } from '../error.ts'
import type { Server } from './server.ts'

/** Failed or repeated starts within this time add up; after `MOST` of them the server is given up. */
const WINDOW = 60_000
const MOST = 5

export interface Supervised {
  /** Process id of the present postmaster. */
  pid(): number
  /** Stops the server for good; safe to call twice. */
  stop(): Promise<void>
}

/**
 * Keeps one server running: when it dies without being told to (killed, out of memory), it is started again, and
 * clients see connection errors that are retryable. Modes: running -> (died) -> starting -> running; or -> lost when it
 * died too often; any -> stopped.
 */
export function supervise(
  first: Server,
  start: () => Promise<Server>,
  report: { progress: (text: string) => void; lost: (reason: string) => void },
): Supervised {
  const state = { server: first, stopped: false, starts: [] as number[], work: Promise.resolve(), why: '' }

  const revive = async () => {
    while (!state.stopped) {
      const now = systemClock.now()
      state.starts = [...state.starts.filter(at => at > now - WINDOW), now]
      if (state.starts.length > MOST) return report.lost(state.why || 'PostgreSQL keeps dying')
      report.progress('PostgreSQL died; starting it again')
      try {
        state.server = await start()
        watch(state.server)
        return
      } catch (error) {
        state.why = messageOf(error)
        report.progress(state.why)
        await delay(500 * state.starts.length)
      }
    }
  }
  const watch = (server: Server) => {
    void server.exited.then(() => {
      if (!state.stopped) state.work = revive()
    })
  }
  watch(first)
  return {
    pid: () => state.server.pid,
    stop: async () => {
      state.stopped = true
      await state.work
      await state.server.stop()
    },
  }
}
