import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Door, isOurHost, originOf } from './door.ts'
import { HSTS, SAFE_HEADERS } from './headers.ts'
import { ApiProblem } from './problem.ts'

/** What every request passes before anything looks at it, and what every answer carries. */
export function shield(app: FastifyInstance, door: Door): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS).header('x-request-id', request.id)
    if (request.protocol === 'https') reply.headers(HSTS)
    checkHost(door, request)
    checkEncoding(request)
    checkOrigin(door, request)
  })
}

/** @throws ApiProblem invalid_request, host_refused */
function checkHost(door: Door, request: FastifyRequest): void {
  // The whole address in the first line would count for more than Host; only proxies are asked so, and we are none.
  if (!request.originalUrl.startsWith('/')) throw new ApiProblem('invalid_request', 'Begin the address with a slash.')
  const hosts = timesNamed(request.raw.rawHeaders, 'host')
  if (hosts > 1 || (hosts === 0 && request.raw.httpVersion === '1.1'))
    throw new ApiProblem('invalid_request', 'Name one Host.')
  if (!isOurHost(door, request))
    throw new ApiProblem('host_refused', 'Use the name that this server is set up for (ANDON_URL), or localhost.')
}

/** Node keeps the first of several and says nothing; a proxy before us may have kept the last. */
function timesNamed(rawHeaders: readonly string[], name: string): number {
  let times = 0
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.length === name.length && rawHeaders[i]?.toLowerCase() === name) times++
  return times
}

/** Bodies are never unpacked, so none can unpack to more than was sent. @throws ApiProblem unsupported_media_type */
function checkEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new ApiProblem('unsupported_media_type', 'Send the body as it is, without Content-Encoding.')
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
const OURS = new Set(['same-origin', 'none'])

/**
 * A page of another site can make a browser send requests with our cookies, but not without saying where they come
 * from. A key in `Authorization` is put there by a program that knows it, never by a browser on its own.
 * @throws ApiProblem cross_site
 */
function checkOrigin(door: Door, request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method) || request.headers.authorization !== undefined) return
  const { origin, cookie } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign =
    typeof site === 'string'
      ? !OURS.has(site)
      : origin === undefined
        ? cookie !== undefined
        : origin.toLowerCase() !== originOf(door, request)
  if (foreign)
    throw new ApiProblem('cross_site', 'This request comes from a page of another site, or does not say from where.')
}
