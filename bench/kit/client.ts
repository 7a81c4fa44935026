import { Agent, request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly body: string
  /** ms from the first byte sent to the last byte read. */
  readonly ms: number
}

/** An HTTP client that keeps its connections, and costs as little as it can beside what it measures. */
export class Client {
  private readonly agent: Agent
  private readonly base: URL
  private readonly credential: Readonly<Record<string, string>>

  /** @param server where to ask, and the key to ask with, or what else to send in its place */
  constructor(
    server: { readonly url: string } & (
      | { readonly key: string }
      | { readonly headers: Readonly<Record<string, string>> }
    ),
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections })
    this.base = new URL(server.url)
    this.credential = 'key' in server ? { authorization: `Bearer ${server.key}` } : server.headers
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path)
  }

  post(path: string, body: Buffer): Promise<Reply> {
    return this.send('POST', path, body)
  }

  close(): void {
    this.agent.destroy()
  }

  private send(method: string, path: string, body?: Buffer): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const started = performance.now()
    const headers = body
      ? { ...this.credential, 'content-type': 'application/json', 'content-length': body.length }
      : this.credential
    const { hostname, port } = this.base
    const call = request({ agent: this.agent, hostname, port, method, path, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, body: text, ms: performance.now() - started })
      })
    })
    call.once('error', reject)
    call.end(body)
    return promise
  }
}

/**
 * Posts all batches of events, at most `inFlight` at once, each when an earlier one was answered. 429 is waited out.
 * @returns ms of each answered batch
 */
export async function postEvents(client: Client, batches: readonly Buffer[], inFlight: number): Promise<number[]> {
  const times: number[] = []
  let next = 0
  const worker = async () => {
    while (next < batches.length) {
      const batch = batches[next++]!
      for (;;) {
        const { status, body, ms } = await client.post('/v1/events', batch)
        if (status === 202) {
          times.push(ms)
          break
        }
        if (status !== 429) throw new Error(`POST /v1/events answered ${status}: ${body.slice(0, 500)}`)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return times
}
