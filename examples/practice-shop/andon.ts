import type { Practice } from '../../src/contract/api/index.ts'
import type { Message } from './story/types.ts'

/** One door: the API of Andon, over HTTP, with a key when one is given. */

export interface Refused {
  readonly status: number
  readonly code: string
  readonly detail: string
}

export class AndonRefused extends Error {
  readonly refused: Refused
  constructor(path: string, refused: Refused) {
    super(`${path}: ${refused.status} ${refused.code}: ${refused.detail}`)
    this.refused = refused
  }
}

export interface CaseRow {
  readonly id: string
  readonly orderNo: string | null
  readonly channel: string | null
  readonly type: string
  readonly severity: string
  readonly status: string
  readonly holds: boolean
  readonly owner: string | null
  readonly openedAt: string
  readonly updatedAt: string
}

/** In whose name the shop lets things go wrong. */
const ITSELF = 'shop:practice'

interface Given {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** Below the 1,000 events that one request may have. */
const BATCH = 500

export class Andon {
  private readonly url: string
  private readonly key: string | undefined
  private readonly signal: AbortSignal

  constructor(given: { url: string; key: string | undefined; signal: AbortSignal }) {
    this.url = given.url
    this.key = given.key
    this.signal = given.signal
  }

  practice(): Promise<Practice> {
    return this.ask('GET', '/v1/practice')
  }

  /** Nothing is said before `until`; the answer comes when it is reached, or when something changed. */
  advance(until: number, more: { revision?: number; settled?: boolean }): Promise<Practice> {
    return this.ask('POST', '/v1/practice/clock', { body: { until: new Date(until).toISOString(), ...more } })
  }

  trigger(incident: { kind: string; target: string; minutes: number }): Promise<Practice> {
    return this.ask('POST', '/v1/practice/incidents', { body: incident, headers: { 'x-andon-actor': ITSELF } })
  }

  /** Sends messages in their order; one that is not well formed is refused by itself. */
  async send(messages: readonly Message[]): Promise<void> {
    for (let i = 0; i < messages.length; ) {
      const whole = messages[i]!.broken ? 0 : lengthOfWhole(messages, i)
      const batch = messages.slice(i, i + Math.max(1, whole))
      await this.sendBatch(batch)
      i += batch.length
    }
  }

  private async sendBatch(batch: readonly Message[]): Promise<void> {
    try {
      const body = batch.length === 1 ? cloudEvent(batch[0]!) : batch.map(cloudEvent)
      await this.ask('POST', '/v1/events', { body })
    } catch (error) {
      // What the shop spoils on purpose is refused on purpose; a conflict is kept by the other side.
      const code = error instanceof AndonRefused ? error.refused.code : ''
      if (!(code === 'invalid_event' && batch[0]?.broken) && code !== 'event_conflict') throw error
    }
  }

  /** The newest cases of these statuses. @param openedFrom epoch ms */
  async cases(status: readonly string[], openedFrom?: number): Promise<readonly CaseRow[]> {
    const rows: CaseRow[] = []
    const since = openedFrom === undefined ? '' : `&openedFrom=${new Date(openedFrom).toISOString()}`
    // So many pages are a day's work; what is beyond is seen when these are done.
    for (let cursor: string | null = null, page = 0; page < 10; page++) {
      const query = `status=${status.join(',')}&limit=200${since}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
      const answer: { items: CaseRow[]; next: string | null } = await this.ask('GET', `/v1/cases?${query}`)
      rows.push(...answer.items)
      cursor = answer.next
      if (cursor === null) break
    }
    return rows
  }

  /** @returns false when it was refused: somebody else was quicker, or it holds again */
  async command(given: { id: string; who: string; verb: string; body: object; key: string }): Promise<boolean> {
    const headers = { 'idempotency-key': given.key, 'x-andon-actor': `user:${given.who}` }
    try {
      await this.ask('POST', `/v1/cases/${given.id}/${given.verb}`, { body: given.body, headers })
      return true
    } catch (error) {
      if (error instanceof AndonRefused && error.refused.status === 409) return false
      throw error
    }
  }

  private async ask<T>(method: string, path: string, given: Given = {}): Promise<T> {
    const { body, headers = {} } = given
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.key !== undefined && { authorization: `Bearer ${this.key}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(60_000)]),
    })
    const text = await response.text()
    if (!response.ok) throw new AndonRefused(`${method} ${path}`, { status: response.status, ...problemIn(text) })
    // The contract says what this route answers with.
    return JSON.parse(text) as T
  }
}

function problemIn(text: string): { code: string; detail: string } {
  try {
    const { code = '', detail = '' } = JSON.parse(text)
    return { code, detail }
  } catch {
    return { code: '', detail: text.slice(0, 200) }
  }
}

/** How many of the next messages may go together. */
function lengthOfWhole(messages: readonly Message[], from: number): number {
  const next = messages.slice(from, from + BATCH).findIndex(m => m.broken)
  return next < 0 ? Math.min(BATCH, messages.length - from) : next
}

const cloudEvent = ({ id, source, type, time, data }: Message): object => ({
  ...{ specversion: '1.0', id, source, type, time: new Date(time).toISOString() },
  ...{ datacontenttype: 'application/json', data },
})
