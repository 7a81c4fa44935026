import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { UsageError } from './cli/usage-error.ts'
import { type Environment, given, listOf } from './environment.ts'
import type { Door } from './http/door.ts'

/** Where the certificate and its key are. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** @throws UsageError with what to change */
export function tlsFiles(env: Environment): TlsFiles | undefined {
  const cert = given(env.ANDON_TLS_CERT)
  const key = given(env.ANDON_TLS_KEY)
  if (cert === undefined && key === undefined) return undefined
  if (cert !== undefined && key !== undefined) return { cert, key }
  throw new UsageError('ANDON_TLS_CERT and ANDON_TLS_KEY belong together: set both, or neither.')
}

/**
 * How the server is reached. @param beyond it listens to others than this machine: then any name will do unless names
 * are given
 * @throws UsageError with what to change
 */
export function doorOf(env: Environment, beyond: boolean): Door {
  const url = outsideUrl(given(env.ANDON_URL))
  const names = [...(url === undefined ? [] : [url.hostname]), ...listOf(given(env.ANDON_HOSTS))]
  return {
    url: url?.origin,
    hosts: names.length === 0 && beyond ? null : new Set(names.map(hostName)),
    proxies: listOf(given(env.ANDON_TRUSTED_PROXIES)).map(text => (text === 'loopback' ? text : networkOf(text))),
    tls: tlsFiles(env) !== undefined,
  }
}

function outsideUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const plain =
    url && /^https?:$/.test(url.protocol) && url.username === '' && url.pathname === '/' && url.search === ''
  if (url && plain) return url
  throw new UsageError('ANDON_URL must be the address that people use, without a path: https://orders.example.com.')
}

function hostName(text: string): string {
  const name = text.toLowerCase()
  if (isIP(name) === 6) return `[${name}]`
  if (/^(\[[0-9a-f:.]+\]|[a-z0-9.-]{1,253})$/.test(name)) return name
  throw new UsageError('ANDON_HOSTS takes host names with commas between them, without ports.')
}

/** A network as CIDR; a single address is a network of one. @throws UsageError */
export function networkOf(text: string): string {
  // The library also takes short forms such as 10.1, which hardly anybody means.
  if (isIP(text) > 0 || (isIP(text.split('/')[0] ?? '') > 0 && ipaddr.isValidCIDR(text))) return text
  throw new UsageError(`${JSON.stringify(text)} is no network: write addresses as 10.0.0.7 or 10.0.0.0/8.`)
}
