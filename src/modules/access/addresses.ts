import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether it is written as an address or a network: 10.0.0.7, 10.0.0.0/8, 2001:db8::/32. */
export const isNetwork = (text: string): boolean =>
  isIP(text) > 0 || (isIP(text.split('/')[0] ?? '') > 0 && ipaddr.isValidCIDR(text))

/** Whether an address lies in one of the networks; none at all lets everybody in. */
export function isFrom(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true
  if (isIP(address) === 0) return false
  const from = ipaddr.process(address)
  return networks.some(network => {
    const [base, bits] = network.includes('/') ? ipaddr.parseCIDR(network) : [ipaddr.process(network), null]
    return from.kind() === base.kind() && from.match(base, bits ?? (from.kind() === 'ipv4' ? 32 : 128))
  })
}
