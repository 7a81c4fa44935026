import type { Client } from './client.ts'

/** Users who write notes on orders through HTTP, each a note every `PAUSE` ms, until they are told to stop. */

const USERS = 2
const PAUSE = 75

export interface Notes {
  /** ms of each note that was sent from `from` (epoch ms) on, and answered. */
  times(from: number): number[]
  /** Answered 202: it took longer than two seconds. */
  late(): number
  stop(): Promise<void>
}

export function writeNotes(client: Client, streams: readonly string[]): Notes {
  const answered: { at: number; ms: number }[] = []
  let late = 0
  let going = true
  const user = async (first: number) => {
    for (let n = first; going; n += USERS) {
      const at = Date.now()
      const path = `/v1/orders/${streams[n % streams.length]}/notes`
      const reply = await client.post(path, Buffer.from(JSON.stringify({ text: `客户来电询问进度，已回复 ${n}` })))
      if (reply.status !== 200 && reply.status !== 202)
        throw new Error(`${path} answered ${reply.status}: ${reply.body.slice(0, 300)}`)
      if (reply.status === 202) late++
      answered.push({ at, ms: reply.ms })
      await new Promise(resolve => setTimeout(resolve, PAUSE))
    }
  }
  const users = Promise.all(Array.from({ length: USERS }, (_, first) => user(first)))
  // Whoever waits for the end sees the error; until then it must not end the process.
  users.catch(() => {})
  return {
    times: from => answered.filter(a => a.at >= from).map(a => a.ms),
    late: () => late,
    stop: async () => {
      going = false
      await users
    },
  }
}
