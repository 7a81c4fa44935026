import type { CpuProfile } from './profile.ts'

/** The CPU profiler of another Node process, through the debugging port that it opened. */
export interface Profiler {
  start(): Promise<void>
  stop(): Promise<CpuProfile>
  close(): void
}

interface Answer {
  readonly id?: number
  readonly result?: { readonly profile?: CpuProfile }
  readonly error?: { readonly message: string }
}

/** @param address `ws://...`, as a process started with `--inspect` prints it */
export async function attachProfiler(address: string): Promise<Profiler> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.resolve(answer)
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error(`no debugger at ${address}`)), { once: true })
  })
  const call = async (method: string, params: object = {}): Promise<Answer> => {
    const id = ++last
    const answered = Promise.withResolvers<Answer>()
    waiting.set(id, answered)
    socket.send(JSON.stringify({ id, method, params }))
    const answer = await answered.promise
    waiting.delete(id)
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
    return answer
  }
  return {
    start: async () => {
      await call('Profiler.enable')
      await call('Profiler.setSamplingInterval', { interval: 500 })
      await call('Profiler.start')
    },
    stop: async () => (await call('Profiler.stop')).result!.profile!,
    close: () => socket.close(),
  }
}
