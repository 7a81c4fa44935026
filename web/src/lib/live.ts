import type { LiveEvent } from '../../../src/contract/api/live.ts'
import { ApiError, signedOut } from './api.ts'
import { heard, lost } from './link.ts'
import { readAgain } from './query.ts'
import { sseParser } from './sse.ts'

/**
 * What changes, as it changes. One tab of a browser (the leader) holds the stream and tells the others; when it is
 * closed, another one goes on from where it was.
 */

/** Told in batches: at fifty changes a second, a page is drawn four times a second and not fifty. */
const BATCH = 250
/** The server says something at least every 15 seconds. */
const SILENT = 35_000
const RETRY = { first: 500, most: 15_000 }

type Listener = (events: readonly LiveEvent[]) => void
const listeners = new Set<Listener>()

/** Hears of every batch of changes until the function that it returns is called. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What tabs tell each other. */
interface Told {
  readonly events: readonly LiveEvent[]
  readonly mark: string | null
  readonly lost: boolean
  /** When it came, epoch ms. */
  readonly at: number
}

let channel: BroadcastChannel | null = null
let mark: string | null = null

/** Begins; once for each page. */
export function startLive(): void {
  channel = new BroadcastChannel('andon.live')
  channel.onmessage = (message: MessageEvent<Told>) => receive(message.data)
  // Only where the browser lets tabs agree on one; else each has a stream of its own.
  const { locks } = navigator
  if (locks === undefined) void lead()
  else void locks.request('andon.live', lead)
}

function receive(told: Told): void {
  if (told.lost) {
    lost()
    return
  }
  heard(told.at)
  mark = told.mark
  if (told.events.length > 0) deliver(told.events)
}

function tell(told: Told): void {
  receive(told)
  channel?.postMessage(told)
}

function deliver(events: readonly LiveEvent[]): void {
  // What was missed cannot be told: everything that is shown is read again.
  if (events.some(e => e.name === 'reset')) readAgain()
  for (const listener of listeners) listener(events)
}

/** Holds the stream for as long as the page lives. */
async function lead(): Promise<never> {
  let wait = RETRY.first
  let watch = new AbortController()
  // What was open before the network went may be dead without knowing it.
  window.addEventListener('online', () => {
    wait = RETRY.first
    watch.abort()
  })
  for (;;) {
    const began = Date.now()
    watch = new AbortController()
    const ended = await follow(watch).catch((error: unknown) => error)
    if (ended instanceof ApiError && ended.status === 401) {
      signedOut()
      await tabIsBack()
    }
    if (Date.now() - began > RETRY.most) wait = RETRY.first
    if (ended !== 'bye') {
      tell({ events: [], mark, lost: true, at: Date.now() })
      await pause(wait * (0.75 + Math.random() / 2))
      wait = Math.min(RETRY.most, wait * 2)
    }
  }
}

const tabIsBack = (): Promise<void> =>
  new Promise(done => window.addEventListener('focus', () => done(), { once: true }))

/** For so long, or until the network is back. */
function pause(ms: number): Promise<void> {
  return new Promise(done => {
    const timer = window.setTimeout(end, ms)
    window.addEventListener('online', end)
    function end(): void {
      window.clearTimeout(timer)
      window.removeEventListener('online', end)
      done()
    }
  })
}

/** One connection, to its end. @returns `bye` when the server asked to come back */
async function follow(watch: AbortController): Promise<'bye' | 'cut'> {
  const slow = window.setTimeout(() => watch.abort(), SILENT)
  const isBlind = mark === null
  const response = await fetch('/v1/live', {
    headers: { accept: 'text/event-stream', ...(mark !== null && { 'last-event-id': mark }) },
    signal: watch.signal,
  }).finally(() => window.clearTimeout(slow))
  if (!response.ok || response.body === null)
    throw new ApiError({ status: response.status, problem: null, requestId: null })
  return read(response.body, watch, isBlind)
}

/** @param isBlind nobody knew where to go on from: what changed between the answers that are shown and now is not told */
async function read(
  body: ReadableStream<Uint8Array>,
  watch: AbortController,
  isBlind: boolean,
): Promise<'bye' | 'cut'> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const parse = sseParser()
  let batch: LiveEvent[] = []
  let seen = mark
  let timer = 0
  let silence = 0
  let came = 0
  const flush = (): void => {
    timer = 0
    const events = batch
    batch = []
    tell({ events, mark: seen, lost: false, at: came })
  }
  try {
    for (;;) {
      window.clearTimeout(silence)
      silence = window.setTimeout(() => watch.abort(), SILENT)
      const { done, value } = await reader.read()
      if (done) return 'cut'
      came = Date.now()
      for (const { id, name, data } of parse(decoder.decode(value, { stream: true }))) {
        seen = id ?? seen
        // The server writes what the contract says; names that this console does not know yet go past every listener.
        batch.push({ name, data: JSON.parse(data) } as LiveEvent)
        if (name === 'bye') return 'bye'
        if (name !== 'hello') continue
        if (isBlind) batch.push({ name: 'reset', data: { reason: 'gap' } })
        // At once: what is asked for from here on is of now, and need not be asked for again.
        flush()
      }
      if (timer === 0) timer = window.setTimeout(flush, BATCH)
    }
  } finally {
    window.clearTimeout(silence)
    window.clearTimeout(timer)
    if (batch.length > 0) flush()
    void reader.cancel().catch(() => {})
  }
}
