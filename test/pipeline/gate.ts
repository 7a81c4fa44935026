import { MOVE_POSITIONS } from '../../src/pipeline/sql/write.ts'
import { type Clock, systemClock } from '../../src/platform/clock.ts'
import type { Database, Dedicated, Statement } from '../../src/platform/database.ts'
import type { World } from './world.ts'

/** What a test can do to the lanes' connections of one node; everything else of the node goes on as usual. */
export interface Gate {
  /** The database to give to that node. */
  readonly db: Database
  /** From now on what the lanes send stays on its way, as on a machine that was frozen. */
  shut(): void
  open(): void
  /** Open until one transaction was committed, and shut before anybody hears of it. */
  openForOne(): void
  /** What stands before the shut gate: questions, and steps that are written. */
  readonly held: number
  /** The steps among them. */
  readonly writing: number
  /** The next step is committed, or not even that, and its answer is a lost connection. */
  loseNext(what: 'commit' | 'answer'): void
}

/** Puts a gate between the lanes of a node and its database; it is opened when the test is over, however it ends. */
export function gateOf({ db, beforeEnd }: Pick<World, 'db' | 'beforeEnd'>): Gate {
  let gate = Promise.withResolvers<void>()
  gate.resolve()
  beforeEnd(() => {
    one = false
    gate.resolve()
  })
  let held = 0
  let writing = 0
  let lose: 'commit' | 'answer' | null = null
  let one = false
  const shut = (): void => {
    gate = Promise.withResolvers<void>()
  }
  const passed = async (): Promise<void> => {
    held++
    await gate.promise
    held--
  }
  const query = async <R>(real: Dedicated, text: string, values?: readonly unknown[]) => {
    await passed()
    return real.query<R>(text, values)
  }
  const batch = async (real: Dedicated, statements: readonly Statement[]) => {
    // The ingress sends its own the same way.
    if (!statements.some(({ text }) => text === MOVE_POSITIONS)) return real.batch(statements)
    writing++
    await passed()
    writing--
    const losing = lose
    lose = null
    if (losing !== 'commit') {
      const results = await real.batch(statements)
      if (one) shut()
      one = false
      if (!losing) return results
    }
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  }
  const dedicated: Database['dedicated'] = async options => {
    const real = await db.dedicated(options)
    // The listener for hints is no lane's connection.
    if (!options?.pipeline) return real
    return {
      ...real,
      query: (text, values) => query(real, text, values),
      batch: statements => batch(real, statements),
    }
  }
  return {
    db: { ...db, dedicated },
    shut,
    open: () => gate.resolve(),
    openForOne: () => {
      one = true
      gate.resolve()
    },
    get held() {
      return held
    },
    get writing() {
      return writing
    },
    loseNext: what => {
      lose = what
    },
  }
}

/**
 * Real time for a node that does not look around by itself: a lane that is told to look stands before a shut gate with
 * nothing but that question, and whoever waits for its step waits in vain.
 */
export const withoutLooks: Clock = {
  now: () => systemClock.now(),
  sleepUntil: (at, signal) =>
    systemClock.sleepUntil(at - systemClock.now() > LONGEST ? Number.MAX_SAFE_INTEGER : at, signal),
}
/** Leases are renewed every three seconds; a node looks around every ten. */
const LONGEST = 5_000

/** The wall clock of one node: real time, but it can jump ahead or stand still, as a frozen machine's does. */
export interface NodeClock extends Clock {
  jump(ms: number): void
  freeze(): void
  /** Goes on, with all the time that passed meanwhile and `ms` more. */
  thaw(ms: number): void
}

export function nodeClock(): NodeClock {
  let offset = 0
  let frozenAt: number | null = null
  let changed = Promise.withResolvers<void>()
  const change = (): void => {
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  const now = (): number => frozenAt ?? systemClock.now() + offset
  const jump = (ms: number): void => {
    offset += ms
    change()
  }
  return {
    now,
    async sleepUntil(at, signal) {
      while (!signal?.aborted && (frozenAt !== null || now() < at)) {
        const nap = new AbortController()
        const signals = signal ? [signal, nap.signal] : [nap.signal]
        const until = frozenAt === null ? at - offset : Number.MAX_SAFE_INTEGER
        await Promise.race([changed.promise, systemClock.sleepUntil(until, AbortSignal.any(signals))])
        nap.abort()
      }
    },
    jump,
    freeze: () => {
      frozenAt = now()
      change()
    },
    thaw: ms => {
      frozenAt = null
      jump(ms)
    },
  }
}
