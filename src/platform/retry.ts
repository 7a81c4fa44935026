import type { Clock } from './clock.ts'
import { codeOf, messageOf } from './error.ts'

const CONFLICT = new Set(['40001', '40P01'])
// 57P01-03: shut down, crashed, starting; 25006: the primary became a standby; 53300: too many clients for now;
// 25P03: we were so slow between two statements that the server ended the transaction and the connection.
const SERVER_GONE = new Set(['57P01', '57P02', '57P03', '25006', '53300', '25P03'])
// Of the server and not of the work: out of disk or memory (53), a failing disk (58), a time-out behind a lock.
const SHORTAGE = /^(53|58|57014)/
const SOCKET = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'])
const OURS = new Set(['DATABASE_UNREACHABLE', 'NO_WRITABLE_HOST'])
// pg gives these no code.
const PG_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection|Client was closed|Cannot use a pool after|Query read timeout)/

/** True when the connection or the server is gone or no longer writable, so that a host must be chosen anew. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error)
  if (OURS.has(code) || SERVER_GONE.has(code) || /^08/.test(code)) return true
  return SOCKET.has(code) ? isFromSocket(error) : PG_TEXT.test(messageOf(error))
}

/**
 * True when the same work may succeed if it is tried again: serialisation failure, deadlock, lost connection, failover,
 * a server that is short of something.
 * After a lost connection the commit may have happened, so the work must be idempotent.
 */
export const isRetryable = (error: unknown): boolean =>
  CONFLICT.has(codeOf(error)) || SHORTAGE.test(codeOf(error)) || isConnectionLost(error)

// ENOENT of a file is a bug, ENOENT of connect() is a server that is not up yet.
const isFromSocket = (error: unknown): boolean =>
  codeOf(error) !== 'ENOENT' ||
  (typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'connect')

export interface RetryPolicy {
  readonly clock: Clock
  /** 0..1, injected. */
  readonly random: () => number
  /** Tries in total; default 8, about 10 s altogether. */
  readonly attempts?: number
  readonly signal?: AbortSignal
}

/** Runs `work` until it succeeds, fails for good, or the tries are used up; waits 20 ms to 5 s, with jitter. */
export async function retrying<T>(work: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const attempts = policy.attempts ?? 8
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt >= attempts || policy.signal?.aborted || !isRetryable(error)) throw error
      const wait = Math.min(5000, 20 * 2.5 ** (attempt - 1)) * (0.5 + policy.random() / 2)
      await policy.clock.sleepUntil(policy.clock.now() + Math.ceil(wait), policy.signal)
    }
  }
}
