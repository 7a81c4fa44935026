import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import fastify, { type FastifyHttpsOptions, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { PROBLEM_MEDIA_TYPE, type ProblemName, problemKind } from '../../contract/api/index.ts'
import type { Door } from './door.ts'
import { SAFE_HEADERS } from './headers.ts'
import { ApiProblem, textOfProblem } from './problem.ts'

/** Certificate (with its chain) and private key, both PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** How long and how much a connection may take before it is closed. Times in milliseconds. */
export interface Limits {
  /** From the first byte of a request until its headers are complete. */
  readonly headers: number
  /** Until its body is complete. */
  readonly request: number
  /** Between requests. */
  readonly idle: number
  /** How often the times are looked at. */
  readonly look: number
  readonly connections: number
}

export const LIMITS: Limits = { headers: 15_000, request: 60_000, idle: 72_000, look: 5_000, connections: 5_000 }
/** Bytes of all header lines together. */
const HEADER_BYTES = 16 * 1024

export interface ListenerOptions extends FastifyServerOptions {
  readonly door: Door
  readonly certificate?: Certificate
  readonly limits?: Limits
  readonly newId: () => string
}

/** A server with limits on what a connection may take, over TLS when there is a certificate. */
export function newListener({ door, certificate, limits = LIMITS, newId, ...rest }: ListenerOptions): FastifyInstance {
  const last = new WeakMap<Socket, Exchange>()
  const http = {
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.idle,
    connectionsCheckingInterval: limits.look,
    maxHeaderSize: HEADER_BYTES,
    insecureHTTPParser: false,
    // The shield says it, as a problem.
    requireHostHeader: false,
  }
  const options: FastifyServerOptions = {
    ...rest,
    trustProxy: door.proxies.length > 0 ? [...door.proxies] : false,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.idle,
    clientErrorHandler: (error, socket) => answerBroken(error, { socket, last: last.get(socket), id: newId() }),
  }
  const app = certificate ? overTls({ ...options, https: { ...http, ...certificate } }) : fastify({ ...options, http })
  app.server.maxConnections = limits.connections
  // Who expects more than to be told to go on is answered as if they did not: RFC 9110 leaves it to us.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.addHook('onRequest', async ({ raw: request }, { raw: response }) => {
    last.set(request.socket, { request, response })
  })
  return app
}

// Fastify's types tell an instance by its server's class; an https.Server does all that is asked of an http.Server here.
const overTls = (options: object): FastifyInstance =>
  fastify(options as FastifyHttpsOptions<never>) as unknown as FastifyInstance

/** Gives connections to come another certificate; those that are open keep theirs. Only of a server over TLS. */
export function renewCertificate(app: FastifyInstance, certificate: Certificate): void {
  if (app.server instanceof TlsServer) app.server.setSecureContext(certificate)
}

const BROKEN: Readonly<Record<string, readonly [number, ProblemName, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', `All headers together may have ${HEADER_BYTES} bytes.`],
}

/** A request and the answer to it. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface Broken {
  readonly socket: Socket
  /** The latest request of the connection. */
  readonly last: Exchange | undefined
  readonly id: string
}

/** What never became a request: answered as a problem, and the connection is closed, since nobody knows where the next begins. */
function answerBroken(error: Error & { readonly code?: string }, { socket, last, id }: Broken): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // A request that was answered before its body came: a second answer would be taken for that to the next request.
  const answered = last !== undefined && !last.request.complete && last.response.headersSent
  if (!answered && socket.writable) socket.end(brokenAnswer(error.code ?? '', id))
  socket.destroySoon()
}

function brokenAnswer(cause: string, id: string): string {
  const [status, code, detail] = BROKEN[cause] ?? [400, 'invalid_request', 'This is not a valid HTTP request.']
  const body = textOfProblem(new ApiProblem(code, detail), id)
  const headers = {
    ...SAFE_HEADERS,
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': id,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${problemKind(code).en}\r\n${lines.join('')}\r\n${body}`
}
