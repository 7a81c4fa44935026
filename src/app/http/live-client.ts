import { Readable } from 'node:stream'
import type { LiveEventData, LiveEventName, LiveTopic } from '../../contract/api/index.ts'
import type { Principal } from '../../contract/principal.ts'
import type { Instant } from '../../kernel/instant.ts'

/** An event as it goes over the wire (WHATWG HTML, 9.2 server-sent events); made once for all who hear it. */
export const eventText = <N extends LiveEventName>(name: N, data: LiveEventData<N>): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

export interface LiveAsked {
  readonly principal: Principal
  /** As the ledger names them: whose cases are `mine`. */
  readonly actor: string
  readonly topics: ReadonlySet<LiveTopic>
  /** Who it is now; null when they may not go on. */
  still(): Promise<Principal | null>
}

/** One browser that listens. What it does not read is kept up to a limit; then it is sent away. */
export class LiveClient {
  readonly asked: LiveAsked
  readonly since: Instant
  readonly stream: Readable
  /** What was told last of the topics that repeat themselves, so that only changes are told. */
  readonly told = new Map<string, string>()
  private readonly most: number
  private over = false

  /** @param most bytes that may wait to be read */
  constructor(asked: LiveAsked, given: { readonly since: Instant; readonly most: number; left(): void }) {
    this.asked = asked
    this.since = given.since
    this.most = given.most
    this.stream = new Readable({ read: () => {} })
    this.stream.once('close', () => {
      this.over = true
      given.left()
    })
    // The other side may go at any time: that is an end, not an error.
    this.stream.on('error', () => {})
  }

  hears(topic: LiveTopic): boolean {
    return this.asked.topics.has(topic)
  }

  /** False when it had to be sent away. */
  send(text: string): boolean {
    if (this.over || text === '') return !this.over
    if (this.stream.readableLength + text.length > this.most) return !this.leave('slow')
    this.stream.push(text)
    return true
  }

  /** Tells a repeating topic when it differs from what was told last. */
  sendChanged(key: string, text: string): boolean {
    if (this.told.get(key) === text) return true
    this.told.set(key, text)
    return this.send(text)
  }

  /** Says why and ends; what waits is still delivered. */
  leave(reason: LiveEventData<'bye'>['reason']): boolean {
    if (this.over) return false
    this.over = true
    this.stream.push(eventText('bye', { reason }))
    this.stream.push(null)
    return true
  }

  /** Ends at once, whatever waits. */
  cut(): void {
    this.over = true
    this.stream.destroy()
  }
}
