import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Which addresses outgoing requests may go to. */
export interface Reach {
  /** Networks (CIDR) or single addresses that may be reached although they are not public. */
  readonly allowed: readonly string[]
}

export const PUBLIC_ONLY: Reach = { allowed: [] }

/** Public by number, and yet a service of the machine's own cloud that answers with its credentials. */
const METADATA = new Set(['168.63.129.16'])

/**
 * Whether an outgoing request may connect to `text`. Anything that is not an ordinary public address is refused unless it
 * is listed: this machine, private networks, link-local (where clouds keep credentials), shared, reserved, multicast,
 * and addresses that are translated to another one on the way.
 */
export function mayReach(text: string, reach: Reach): boolean {
  if (!ipaddr.isValid(text)) return false
  // An IPv4 address written as IPv6 (::ffff:127.0.0.1) is judged as what it is.
  const address = ipaddr.process(text)
  if (reach.allowed.some(network => contains(network, address))) return true
  return address.range() === 'unicast' && !METADATA.has(address.toString())
}

function contains(network: string, address: Address): boolean {
  const [base, bits] = ipaddr.isValidCIDR(network) ? ipaddr.parseCIDR(network) : single(network)
  return base.kind() === address.kind() && address.match(base, bits)
}

function single(text: string): [Address, number] {
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
