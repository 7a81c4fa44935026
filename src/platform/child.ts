import { fork } from 'node:child_process'
import { setPriority } from 'node:os'
import type { JsonObject } from '../kernel/json.ts'

/** What a child process says: how far it is, and at the end what came of it. */
type Said =
  | { readonly said: 'progress'; readonly value: JsonObject }
  | { readonly said: 'result'; readonly value: JsonObject }
  | { readonly said: 'error'; readonly code: string; readonly message: string }

/** The child failed, or was gone before it had an answer. `code` is stable where the child gave one. */
export class ChildFailed extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface ChildWork {
  /** The module to run; it calls `answerParent`. */
  readonly module: string
  /** Given to it over the channel and nowhere else: what is in it may be secret. */
  readonly input: JsonObject
  readonly signal: AbortSignal
  /** MiB of memory that it may use. */
  readonly memory: number
  progress(value: JsonObject): void
}

/** Below everything that answers somebody: heavy work takes what is left of the machine. */
const NICE = 10

/**
 * Runs heavy work in a process of its own, which ends with ours, however that ends.
 * @throws ChildFailed; what the signal was aborted with
 */
export function runChild({ module, input, signal, memory, progress }: ChildWork): Promise<JsonObject> {
  signal.throwIfAborted()
  const child = fork(module, [], {
    execArgv: [`--max-old-space-size=${memory}`],
    // Nothing of our environment: what it needs it is told.
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<JsonObject>()
  let words = ''
  child.stderr?.on('data', data => {
    words = (words + data).slice(-2000)
  })
  const stop = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  child.on('message', (message: Said) => {
    if (message.said === 'progress') progress(message.value)
    else if (message.said === 'result') resolve(message.value)
    else reject(new ChildFailed(message.code, message.message))
  })
  child.once('error', reject)
  child.once('close', code => {
    signal.removeEventListener('abort', stop)
    if (signal.aborted) reject(signal.reason)
    else reject(new ChildFailed('child_ended', `It ended with ${code ?? 'a signal'} before it had an answer. ${words}`))
  })
  if (child.pid !== undefined) lower(child.pid)
  child.send(input)
  return promise
}

function lower(pid: number): void {
  try {
    setPriority(pid, NICE)
  } catch {
    // Gone already, or a system without it.
  }
}

/** In the child: takes the one message of the parent, works, answers and ends; also when the parent is gone. */
export function answerParent(
  work: (input: JsonObject, progress: (value: JsonObject) => void) => Promise<JsonObject>,
): void {
  const { promise: told, resolve } = Promise.withResolvers<void>()
  const say = (said: Said): boolean => process.send?.(said) ?? false
  const end = (said: Said): void => {
    if (process.connected) process.send?.(said, () => resolve())
    else resolve()
  }
  process.once('disconnect', () => process.exit(0))
  process.once('message', (input: JsonObject) => {
    work(input, value => void say({ said: 'progress', value })).then(
      value => end({ said: 'result', value }),
      (error: unknown) => end({ said: 'error', ...saidOf(error) }),
    )
  })
  void told.then(() => process.exit(0))
}

const saidOf = (error: unknown): { code: string; message: string } => ({
  code: error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed',
  message: error instanceof Error ? error.message : String(error),
})
