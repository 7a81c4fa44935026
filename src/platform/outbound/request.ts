import { type LookupAddress, lookup as resolveName } from 'node:dns'
import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { mayReach, type Reach } from './addresses.ts'

/** What the answer to an outgoing request may tell: its status. Its body is for nobody. */
export interface Outcome {
  readonly status: number
}

export interface Outgoing {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

/** An address that may not be reached. The message names the host and not what it resolved to: that is not for the asker. */
export class Unreachable extends Error {
  readonly code = 'OUTBOUND_REFUSED'
}

/** How names become addresses; as `dns.lookup` does it with `all`. */
export type Resolve = (
  name: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void

const system: Resolve = (name, done) => resolveName(name, { all: true, verbatim: true }, done)

/** Answers longer than this are cut off: the connection is then not used again. */
const MOST_OF_AN_ANSWER = 64 * 1024

/**
 * Posts to addresses that somebody configured, without being led to others: the name is resolved once, each of its
 * addresses is checked, and the connection is made to one of those very addresses, so that a name which resolves
 * differently a moment later gains nothing. Redirects are not followed.
 */
export function outbound(reach: Reach, resolve: Resolve = system): (outgoing: Outgoing) => Promise<Outcome> {
  const lookup = checkedLookup(reach, resolve)
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 16, timeout: 60_000 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 16, timeout: 60_000 }),
  }
  return async ({ url, headers, body, signal }) => {
    const target = new URL(url)
    const host = target.hostname.replace(/^\[|\]$/g, '')
    if (target.protocol !== 'http:' && target.protocol !== 'https:') throw refused(target.protocol)
    // An address needs no lookup, so it would not be checked there.
    if (isIP(host) > 0 && !mayReach(host, reach)) throw refused(host)
    const secure = target.protocol === 'https:'
    const length = String(Buffer.byteLength(body))
    return send(secure ? https.request : http.request, target, {
      body,
      options: {
        method: 'POST',
        headers: { ...headers, 'content-length': length },
        agent: secure ? agents.https : agents.http,
        lookup,
        signal,
        maxHeaderSize: 16 * 1024,
      },
    })
  }
}

function checkedLookup(reach: Reach, resolve: Resolve): LookupFunction {
  return (name, options, done) =>
    resolve(name, (error, addresses) => {
      if (error) return done(error, '')
      const wanted = addresses.filter(a => !options.family || a.family === options.family)
      // All of them have to be allowed: a name that also stands for a private address is not one to trust by halves.
      if (wanted.length === 0 || wanted.some(a => !mayReach(a.address, reach))) return done(refused(name), '')
      if (options.all) return done(null, [...wanted])
      return done(null, wanted[0]?.address ?? '', wanted[0]?.family)
    })
}

const refused = (host: string): Unreachable =>
  new Unreachable(`${host} is not a public address: list its network in ANDON_WEBHOOK_ALLOW if you mean it`)

type Request = (url: URL, options: RequestOptions) => http.ClientRequest

function send(request: Request, url: URL, given: { options: RequestOptions; body: string }): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const asked = request(url, given.options)
    asked.once('error', reject)
    asked.once('response', response => {
      swallow(response)
      response.once('error', reject)
      response.once('close', () => resolve({ status: response.statusCode ?? 0 }))
    })
    asked.end(given.body)
  })
}

/** Reads the answer to its end so that the connection can be used again, unless it has no end worth waiting for. */
function swallow(response: IncomingMessage): void {
  let seen = 0
  response.on('data', (data: Buffer) => {
    seen += data.length
    if (seen > MOST_OF_AN_ANSWER) response.destroy()
  })
}
