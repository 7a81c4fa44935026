import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** How the server is reached from outside: by which names, over what, and whose word about that counts. */
export interface Door {
  /** The address that people use, such as `https://orders.example.com`; undefined: the one that a request came by. */
  readonly url: string | undefined
  /** Names that may stand in `Host`, in lower case and without port; null: any. Loopback names always may. */
  readonly hosts: ReadonlySet<string> | null
  /** Networks (CIDR) of the proxies whose `X-Forwarded-*` headers count. */
  readonly proxies: readonly string[]
  /** This process speaks TLS itself. */
  readonly tls: boolean
}

/** A door to this machine only: loopback names, nobody forwards. */
export const LOCAL_DOOR: Door = { url: undefined, hosts: new Set(), proxies: [], tls: false }

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Whether browsers reach us over TLS, as far as the configuration tells: cookies are then marked `Secure`. Behind a
 * proxy that ends TLS this needs ANDON_URL.
 */
export const outsideIsTls = (door: Door): boolean => door.tls || door.url?.startsWith('https:') === true

/** The origin that a browser shows for this request: what `Origin` must say. */
export const originOf = (door: Door, request: FastifyRequest): string =>
  door.url ?? `${request.protocol}://${request.host.toLowerCase()}`

/** Whether the request names a host that is ours: a page of another name must not reach us through its own DNS entry. */
export function isOurHost(door: Door, request: FastifyRequest): boolean {
  const name = request.host.replace(/:\d{1,5}$/, '').toLowerCase()
  return LOOPBACK.test(name) || door.hosts === null || door.hosts.has(name)
}

/** The address of the client. A proxy that we trust may have passed on something that is none: then it is the proxy's. */
export function addressOf(request: FastifyRequest): string {
  const { ip } = request
  return isIP(ip) > 0 ? ip : (request.socket.remoteAddress ?? '')
}
